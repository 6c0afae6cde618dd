// How a visit looks in the notebook: where, when, and what became of its report on this device.
import { today } from "./editor.js";

const STATES = {
  todo: ["info", "todo"],
  done: ["positive", "done"],
  writing: ["neutral", "writing"],
  ready: ["warning", "ready"],
  sending: ["info", "sending"],
  refused: ["danger", "refusedShort"],
  conflict: ["danger", "conflictShort"],
};

export class Cards {
  constructor(list, template, words) {
    Object.assign(this, { list, template, words });
  }

  // A draft whose visit is no longer in the list (given to somebody else, gone) is shown all the same.
  show(visits, drafts, photos, onTheWay) {
    const byVisit = new Map(drafts.map((draft) => [draft.visit, draft]));
    const known = new Set(visits.map((visit) => visit.id));
    const orphans = drafts.filter((draft) => !known.has(draft.visit)).map((draft) => draft.info);
    const rank = (visit) => (byVisit.has(visit.id) ? 0 : visit.state === "planned" ? 1 : 2);
    const shown = [...orphans, ...visits].sort((a, b) => rank(a) - rank(b) || a.plannedOn.localeCompare(b.plannedOn));
    this.list.replaceChildren(
      ...shown.map((visit) => {
        const draft = byVisit.get(visit.id);
        return this.card(visit, draft, draft ? photos.get(draft.id) : [], draft ? onTheWay.get(draft.id) : undefined);
      }),
    );
  }

  card(visit, draft, photos, progress) {
    const card = this.template.content.firstElementChild.cloneNode(true);
    card.querySelector("[data-kind]").textContent = visit.kind;
    card.querySelector("[data-kind]").href = `#visite-${visit.id}`;
    card.querySelector("[data-place]").textContent = [visit.project.place, visit.project.reference].filter(Boolean).join(" · ");
    card.querySelector("[data-project]").textContent = visit.project.title;
    card.querySelector("[data-when]").textContent = this.when(visit);
    const [tone, word] = STATES[this.state(visit, draft, progress)];
    const badge = card.querySelector("[data-state]");
    badge.className = `status status-${tone}`;
    badge.textContent = this.words[word];
    const note = card.querySelector("[data-note]");
    if (progress?.photos) {
      note.textContent = ` · ${this.words.photoOf}`.replace("{n}", progress.photo).replace("{all}", progress.photos);
    } else if (photos.length) {
      const text = photos.length === 1 ? this.words.photoOne : this.words.photoMany;
      note.textContent = ` · ${text.replace("{n}", photos.length)}`;
    }
    const open = card.querySelector("[data-open]");
    open.href = `#visite-${visit.id}`;
    open.textContent = draft ? this.words.resume : visit.state === "done" ? this.words.mend : this.words.write;
    return card;
  }

  state(visit, draft, progress) {
    if (!draft) return visit.state === "done" ? "done" : "todo";
    return progress === undefined ? draft.state : "sending";
  }

  when(visit) {
    if (visit.state === "done") return this.words.doneOn.replace("{day}", visit.doneText);
    const late = visit.plannedOn < today();
    return (late ? this.words.late : this.words.plannedOn).replace("{day}", visit.plannedText);
  }

  // The head of the form: the project, how to get there, what is to be checked on site.
  describe(view, visit) {
    const { project } = visit;
    view.querySelector("[data-title]").textContent = visit.kind;
    view.querySelector("[data-project-line]").textContent = [project.reference, project.title].filter(Boolean).join(" – ");
    view.querySelector("[data-facts]").textContent = [project.place, project.partner, this.when(visit)].filter(Boolean).join(" · ");
    const way = view.querySelector("[data-way]");
    way.hidden = project.latitude === null;
    if (!way.hidden) way.href = `geo:${project.latitude},${project.longitude}?q=${project.latitude},${project.longitude}`;
    const box = view.querySelector("[data-open-findings]");
    box.hidden = visit.findings.length === 0;
    const lines = visit.findings.map((finding) => {
      const line = document.createElement("li");
      line.className = `finding finding-${finding.severity}`;
      const [text, note] = [document.createElement("p"), document.createElement("p")];
      text.className = "finding-text";
      text.textContent = finding.text;
      note.className = "finding-note";
      note.textContent = `${finding.label} · ${finding.due}`;
      line.append(text, note);
      return line;
    });
    box.querySelector("summary").textContent = this.words.toCheck.replace("{n}", lines.length);
    box.querySelector("ul").replaceChildren(...lines);
  }
}
