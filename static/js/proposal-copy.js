// What is typed stays on this device until the server has it, and is offered back.
import { parse } from "./proposal-numbers.js";

const SKIPPED = new Set(["csrfmiddlewaretoken", "fingerprint", "action"]);

export const entriesOf = (form) => [...new FormData(form)].filter(([name]) => !SKIPPED.has(name));

// Two forms that say the same have the same text, whatever their rows' numbers and order.
function meaning(entries, blanks) {
  const fields = [];
  const rows = {};
  for (const [name, raw] of entries) {
    const text = raw.replaceAll("\r\n", "\n").trim();
    const value = String(parse(text) ?? text);
    const part = /^([a-z]+)-(\d+)-(\w+)$/.exec(name);
    if (!part) {
      if (value) fields.push(`${name}=${value}`);
    } else if (part[3] !== "id") {
      (rows[`${part[1]}-${part[2]}`] ??= { table: part[1] })[part[3]] = value;
    }
  }
  const kept = Object.values(rows)
    .filter((row) => !row.DELETE && Object.entries(blanks[row.table] ?? {}).some(([name, value]) => (row[name] ?? "") !== String(parse(value) ?? value)))
    .map((row) => JSON.stringify(Object.entries(row).sort()));
  return JSON.stringify([fields.sort(), kept.sort()]);
}

export class DeviceCopy {
  constructor(form, blanks) {
    this.form = form;
    this.blanks = blanks;
    this.key = `proposal:${form.dataset.draft}`;
    this.foundKey = `${this.key}:found`;
  }

  write() {
    const copy = { entries: entriesOf(this.form), fingerprint: this.form.elements.fingerprint.value };
    try {
      localStorage.setItem(this.key, JSON.stringify(copy));
    } catch {
      // A full or closed storage: the server's copy is then the only one.
    }
  }

  forget() {
    localStorage.removeItem(this.key);
  }

  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  // What an earlier visit left that this page does not show; kept apart, so that new typing does not replace it.
  found() {
    const shown = meaning(entriesOf(this.form), this.blanks);
    for (const key of [this.key, this.foundKey]) {
      const copy = this.read(key);
      if (!copy) continue;
      if (meaning(copy.entries, this.blanks) === shown) localStorage.removeItem(key);
      else if (key === this.key) {
        localStorage.setItem(this.foundKey, JSON.stringify(copy));
        localStorage.removeItem(key);
      }
    }
    return this.read(this.foundKey);
  }

  offer(copy) {
    const note = document.createElement("div");
    note.className = "note note-info found-text";
    note.setAttribute("role", "status");
    const inside = document.createElement("div");
    const text = document.createElement("p");
    text.textContent = this.form.dataset.found;
    inside.append(text, this.button(this.form.dataset.restore, () => this.restore(copy)));
    inside.append(this.button(this.form.dataset.forget, () => {
      localStorage.removeItem(this.foundKey);
      note.remove();
    }));
    note.append(inside);
    this.form.before(note);
  }

  button(label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-outline-secondary btn-sm";
    button.textContent = label;
    button.addEventListener("click", act);
    return button;
  }

  // The server draws the form again with that text and that fingerprint: it refuses to overwrite what came since.
  restore(copy) {
    const form = document.createElement("form");
    form.method = "post";
    form.hidden = true;
    const token = this.form.elements.csrfmiddlewaretoken.value;
    const all = [...copy.entries, ["fingerprint", copy.fingerprint], ["csrfmiddlewaretoken", token], ["action", "refresh"]];
    for (const [name, value] of all) {
      const field = document.createElement("textarea");
      field.name = name;
      field.value = value;
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  }
}
