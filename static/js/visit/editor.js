// The form of a report, kept on the device as it is written: fields, findings, photos; what stands in its way.
import * as drafts from "./draft.js";
import { offerPosition } from "./position.js";
import { Gallery } from "./gallery.js";

const CALM = 500; // milliseconds without typing before the device keeps it

// The calendar day where the device is, as a date field writes it.
export function today() {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
}

export class Editor {
  // visit: as the portal describes it; person: { id, name }; changed(draft): told when something is kept
  constructor(form, visit, person, words, changed = () => {}) {
    Object.assign(this, { form, visit, person, words, changed, draft: null, timer: 0, saving: null });
    this.id = drafts.draftId(person.id, visit.id);
    this.rows = form.querySelector("[data-rows]");
    this.rowTemplate = form.querySelector("[data-row-template]");
    this.gallery = new Gallery(form, this.id, words, {
      wanted: () => this.keep(true),
      failed: (text) => this.say(text, "refused"),
    });
    form.querySelector("[data-add]").hidden = false;
    form.querySelector("[data-add]").addEventListener("click", () => this.addRow().querySelector("textarea").focus());
    form.addEventListener("input", (event) => event.target.closest("[data-photos]") || this.later());
    form.addEventListener("change", (event) => event.target.closest("[data-photos]") || this.keep());
    offerPosition(form, visit.project, words);
    this.leaving = () => document.visibilityState === "hidden" && this.keep();
    document.addEventListener("visibilitychange", this.leaving);
  }

  close() {
    document.removeEventListener("visibilitychange", this.leaving);
    return this.keep();
  }

  // What is on the device, or else the report as the portal has it; `sent` is what the portal has.
  async open() {
    this.draft = await drafts.load(this.id);
    for (const number of [...this.rows.children].keys()) this.giveKey(number);
    // What the portal sent back to be corrected is not what it has on file.
    const onFile = this.visit.state === "done" && !("bound" in this.form.dataset);
    if (onFile) this.fill(Object.entries(this.visit.values));
    this.stored = onFile ? drafts.textOf(drafts.entriesOf(this.form)) : "";
    if (!this.form.elements.done_on.value) this.form.elements.done_on.value = today();
    this.untouched = drafts.textOf(drafts.entriesOf(this.form));
    if (this.draft) this.fill(this.draft.entries);
    await this.gallery.show();
    this.showState();
    return this.draft;
  }

  // --- Fields ---------------------------------------------------------------------------------------------------
  fill(entries) {
    const count = new Map(entries).get("findings-TOTAL_FORMS") ?? 0;
    while (this.rows.children.length < Number(count)) this.addRow();
    for (const [name, value] of entries) {
      const control = this.form.elements[name];
      if (!control || name.endsWith("_FORMS")) continue;
      if (control instanceof RadioNodeList) control.value = value;
      else if (control.type !== "file") control.value = value;
    }
  }

  addRow() {
    const total = this.form.elements["findings-TOTAL_FORMS"];
    const number = this.rows.children.length;
    const holder = document.createElement("template");
    holder.innerHTML = this.rowTemplate.innerHTML.replaceAll("__prefix__", number);
    const row = holder.content.firstElementChild;
    this.rows.append(row);
    total.value = number + 1;
    this.giveKey(number);
    return this.rows.lastElementChild;
  }

  // Each finding has a key of its own, made here: a page kept for later would give the same one to every draft.
  giveKey(number) {
    const key = this.form.elements[`findings-${number}-key`];
    if (key) key.value = drafts.newKey();
  }

  // --- Keeping ----------------------------------------------------------------------------------------------------
  later() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.keep(), CALM);
  }

  // One write after another; nothing is kept of a form that nobody touched, unless `always`.
  async keep(always = false) {
    window.clearTimeout(this.timer);
    while (this.saving) await this.saving;
    this.saving = this.write(always);
    try {
      return await this.saving;
    } finally {
      this.saving = null;
    }
  }

  async write(always) {
    const entries = drafts.entriesOf(this.form);
    const text = drafts.textOf(entries);
    if (this.draft && drafts.textOf(this.draft.entries) === text) return this.draft;
    if (!this.draft && !always && text === this.untouched) return null;
    if (this.draft) {
      const state = this.draft.state === "conflict" ? "conflict" : "writing";
      this.draft = await drafts.change(this.id, { entries, state, savedAt: Date.now() });
    }
    this.draft ??= await drafts.begin(this.person.id, this.visit, entries, this.stored);
    this.say(this.words.kept);
    this.changed(this.draft);
    return this.draft;
  }

  // --- Finishing --------------------------------------------------------------------------------------------------
  // Whether the device itself finds nothing missing; the browser says what, beside the field.
  isComplete() {
    for (const row of this.rows.children) {
      const needs = Boolean(row.querySelector("textarea").value.trim());
      row.querySelector("[type=date]").required = needs;
    }
    return this.form.reportValidity();
  }

  async finish() {
    await this.keep(true);
    this.draft = await drafts.change(this.id, { state: "ready", errors: null });
    return this.draft;
  }

  // --- Saying -----------------------------------------------------------------------------------------------------
  say(text, tone = "") {
    const status = this.form.querySelector("[data-status]");
    status.className = tone ? `saved is-${tone}` : "saved";
    status.textContent = text;
  }

  async refresh() {
    this.draft = await drafts.load(this.id);
    await this.gallery.show();
    this.showState();
  }

  showState() {
    for (const told of this.form.querySelectorAll("[data-told]")) told.remove();
    const { errors, conflict } = this.draft ?? {};
    this.form.querySelector("[data-conflict]").hidden = !conflict;
    this.form.querySelector("[data-finish]").disabled = Boolean(conflict);
    if (conflict) this.showConflict(conflict);
    if (errors) this.showErrors(errors);
  }

  showErrors(errors) {
    const general = [];
    for (const [name, texts] of Object.entries(errors)) {
      const control = name && this.form.elements[name];
      const place = control && (control instanceof RadioNodeList ? control[0] : control).closest(".field");
      if (!place) {
        general.push(...texts);
        continue;
      }
      const line = document.createElement("div");
      line.className = "field-errors";
      line.dataset.told = "";
      line.textContent = texts.join(" ");
      place.append(line);
    }
    const note = document.createElement("div");
    note.className = "note note-danger";
    note.dataset.told = "";
    note.tabIndex = -1;
    note.setAttribute("role", "alert");
    note.textContent = general.join(" ") || this.words.refused;
    this.form.prepend(note);
    note.focus();
  }

  showConflict(conflict) {
    const panel = this.form.querySelector("[data-conflict]");
    const by = conflict.by === this.person.name ? this.words.conflictSelf : this.words.conflictBy.replace("{who}", conflict.by);
    panel.querySelector("[data-by]").textContent = by;
    const lines = conflict.differences.map((one) => {
      const row = document.createElement("tr");
      const [name, mine, stored] = ["th", "td", "td"].map((tag) => document.createElement(tag));
      name.scope = "row";
      name.textContent = one.label;
      for (const [cell, text, label] of [[mine, one.mine, this.words.mine], [stored, one.stored, this.words.stored]]) {
        const inner = document.createElement("div");
        inner.className = "prewrap";
        inner.textContent = text;
        cell.dataset.label = label;
        cell.append(inner);
      }
      row.append(name, mine, stored);
      return row;
    });
    panel.querySelector("tbody").replaceChildren(...lines);
    panel.focus();
  }

  // The reader has seen both: theirs goes on from the version that it was compared with.
  async keepMine() {
    await this.keep();
    const { version } = this.draft.conflict;
    this.draft = await drafts.change(this.id, { base: version, conflict: null, state: "writing" });
    this.showState();
  }

  // The stored report stays; the findings and photos that are on the device still go with it.
  async keepStored() {
    const { version, values } = this.draft.conflict;
    this.fill(Object.entries(values));
    const entries = drafts.entriesOf(this.form);
    const fields = entries.filter(([name]) => !name.startsWith("findings-"));
    const sent = drafts.textOf(fields);
    this.draft = await drafts.change(this.id, { base: version, conflict: null, entries, sent, state: "writing" });
    const leftOver = drafts.isAhead(this.draft) || (await drafts.photosOf(this.id)).some((photo) => !photo.sent);
    if (!leftOver) await drafts.discard(this.id);
    this.showState();
    return leftOver;
  }
}
