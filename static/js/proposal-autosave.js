// A step saves itself: soon after a change, when the page is left, and again when a cut line is back.
import { DeviceCopy, entriesOf } from "./proposal-copy.js";
import { blanks, takeKeys } from "./proposal-rows.js";

const CALM = 2500; // milliseconds without typing
const LONGEST = 10000; // and no later than this after the first change
const PATIENCE = 30000; // for an answer on a bad line
const KEEPALIVE_BYTES = 60000; // what browsers send for a page that closes

export class Autosave {
  constructor(form, { afterSave }) {
    this.form = form;
    this.afterSave = afterSave;
    this.status = form.querySelector("[data-status]");
    this.compare = form.querySelector("[data-compare]");
    this.copy = new DeviceCopy(form, blanks(form));
    this.stored = form.dataset.dirty ? "" : this.text();
    this.failures = 0;
    this.blocked = false; // by a conflict or the end of the session: only a button of the form goes on
    this.sending = null;
    this.timer = 0;
    this.since = 0;
    const found = this.copy.found();
    if (found) this.copy.offer(found);
    // What was typed and shown again, without an error, is saved at once.
    if (form.dataset.dirty === "typed") this.changed();
  }

  text() {
    return JSON.stringify(entriesOf(this.form));
  }

  get isDirty() {
    return this.text() !== this.stored;
  }

  changed(calm = CALM) {
    if (!this.isDirty) {
      if (!this.blocked) this.settle(this.form.dataset.nothing);
      return;
    }
    this.copy.write();
    this.since ||= Date.now();
    if (!this.blocked && !this.failures) {
      this.say("unsaved");
      this.later(Math.max(0, Math.min(calm, this.since + LONGEST - Date.now())));
    }
  }

  later(wait) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), wait);
  }

  // One save at a time; resolves to true when all that is typed is stored.
  async save({ leaving = false } = {}) {
    window.clearTimeout(this.timer);
    while (this.sending) await this.sending;
    if (!this.isDirty) return true;
    if (this.blocked) return false;
    this.sending = this.send(leaving);
    try {
      return await this.sending;
    } finally {
      this.sending = null;
    }
  }

  async send(leaving) {
    const sent = this.text();
    const body = new URLSearchParams(new FormData(this.form));
    body.set("action", "save");
    this.since = 0;
    this.say("saving");
    let answer;
    try {
      answer = await fetch(window.location.pathname, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        redirect: "manual", // towards the sign-in page
        keepalive: leaving && body.toString().length < KEEPALIVE_BYTES,
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.status >= 500) throw new Error("server");
    } catch {
      this.failures += 1;
      this.say("cut", "cut");
      this.later(Math.min(60000, 2500 * 2 ** this.failures));
      return false;
    }
    this.failures = 0;
    return this.heard(answer, sent);
  }

  async heard(answer, sent) {
    if (answer.status === 409) {
      this.blocked = true;
      this.say("conflict", "refused");
      this.compare.hidden = false;
      return false;
    }
    const told = answer.ok || answer.status === 422 ? await answer.json().catch(() => null) : null;
    if (!told) {
      this.blocked = true;
      this.say("expired", "refused");
      return false;
    }
    if (!told.saved) {
      this.sayErrors(told.errors);
      return false;
    }
    const meanwhile = this.text() !== sent;
    takeKeys(this.form, told.keys);
    this.form.elements.fingerprint.value = told.fingerprint;
    this.afterSave(told, meanwhile);
    if (meanwhile) {
      this.stored = "";
      this.changed();
      return false;
    }
    this.stored = this.text();
    this.settle(told.at);
    return true;
  }

  // What is shown is what the server has: nothing waits any more.
  settle(text) {
    window.clearTimeout(this.timer);
    this.since = this.failures = 0;
    this.refused = false;
    this.copy.forget();
    this.status.className = "saved";
    this.status.textContent = text;
  }

  // Until all is stored or something stands in the way.
  async flush() {
    while (this.isDirty) {
      if (!(await this.save()) && (this.blocked || this.failures || this.refused)) return false;
    }
    return true;
  }

  say(what, tone = "") {
    this.refused = false;
    this.status.className = tone ? `saved is-${tone}` : "saved";
    this.status.textContent = this.form.dataset[what];
  }

  sayErrors(errors) {
    this.say("refused", "refused");
    this.refused = true;
    const [id, texts] = Object.entries(errors)[0];
    const target = id ? document.createElement("a") : document.createElement("span");
    if (id) target.href = `#${id}`;
    target.textContent = texts[0];
    this.status.append(" ", target);
  }
}
