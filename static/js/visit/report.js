// The page of a report, where there is a network: the same form as in the notebook, kept on the device meanwhile.
import { Courier } from "./courier.js";
import * as drafts from "./draft.js";
import { Editor } from "./editor.js";
import { CONFLICT, CUT, REFUSED, SENT, SIGNED_OUT } from "./send.js";
import * as store from "./store.js";

const form = document.getElementById("report-form");
const data = document.getElementById("visit-data");

async function start() {
  const words = JSON.parse(document.getElementById("visit-words").textContent);
  const { visit, person } = JSON.parse(data.textContent);
  await store.handTo(person);
  localStorage.setItem("portail-carnet", "1"); // signing out has something to clear
  const editor = new Editor(form, visit, person, words);
  const found = await editor.open();
  if (found) editor.say(words.restored);
  form.querySelector("[data-discard]").hidden = false;

  const courier = new Courier(person, async (id, outcome, progress) => {
    if (id !== editor.id) return;
    if (outcome === null) {
      editor.say(progress?.photos ? words.photoOf.replace("{n}", progress.photo).replace("{all}", progress.photos) : words.sending);
    } else if (outcome === SENT) {
      document.removeEventListener("visibilitychange", editor.leaving);
      window.location.assign(visit.address);
    } else {
      await editor.refresh();
      const text = { [CUT]: words.waiting, [SIGNED_OUT]: words.signIn, [REFUSED]: words.refused, [CONFLICT]: words.conflict };
      editor.say(text[outcome] ?? words.waiting, outcome === CUT ? "cut" : "refused");
      if (outcome === SIGNED_OUT) addSignIn(words);
    }
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!editor.isComplete()) return;
    await editor.finish();
    editor.say(navigator.onLine ? words.sending : words.waiting, navigator.onLine ? "" : "cut");
    await courier.kick();
  });
  form.querySelector("[data-keep-mine]").addEventListener("click", () => editor.keepMine());
  form.querySelector("[data-keep-stored]").addEventListener("click", async () => {
    if (!(await editor.keepStored())) window.location.assign(visit.address);
  });
  form.querySelector("[data-discard]").addEventListener("click", async () => {
    if (editor.draft && !window.confirm(words.discard)) return;
    document.removeEventListener("visibilitychange", editor.leaving);
    await drafts.discard(editor.id);
    window.location.assign(visit.address);
  });
}

function addSignIn(words) {
  const link = document.createElement("a");
  link.href = `${words.signInUrl.split("?")[0]}?next=${encodeURIComponent(window.location.pathname)}`;
  link.textContent = words.signInAction;
  form.querySelector("[data-status]").append(" ", link);
}

if (form && data && store.isPossible()) start();
