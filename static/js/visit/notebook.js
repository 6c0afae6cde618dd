// The visit notebook: the visits of whoever is signed in, read with the network, written without.
import { Cards } from "./cards.js";
import { Courier } from "./courier.js";
import * as drafts from "./draft.js";
import { Editor } from "./editor.js";
import { ask, CONFLICT, CUT, REFUSED, SENT, session, SIGNED_OUT, SOMEBODY_ELSE } from "./send.js";
import * as store from "./store.js";

const VISITS = "/carnet/visites.json";
const root = document.getElementById("notebook");
const words = JSON.parse(document.getElementById("visit-words").textContent);
const view = (name) => root.querySelector(`[data-view=${name}]`);
const part = (name) => root.querySelector(`[data-${name}]`);

let person = null;
let courier = null;
let editor = null;
let signInAsked = false;
const onTheWay = new Map(); // draft id → progress
const cards = new Cards(part("visits"), document.getElementById("visit-card"), words);

// --- Saying -------------------------------------------------------------------------------------------------------
function notice(text, { link = "", action = "", tone = "info" } = {}) {
  const line = document.createElement("p");
  line.textContent = text;
  if (link) {
    const target = document.createElement("a");
    target.href = link;
    target.textContent = action;
    line.append(" ", target);
  }
  const box = document.createElement("div");
  box.className = `note note-${tone}`;
  box.append(line);
  part("notices").replaceChildren(box);
}

function showLine(reached = navigator.onLine) {
  part("line").classList.toggle("is-cut", !reached);
  part("line").querySelector("span").textContent = reached ? words.online : words.offline;
}

function signIn() {
  signInAsked = true;
  notice(words.signIn, { link: words.signInUrl, action: words.signInAction, tone: "warning" });
}

// --- The list -------------------------------------------------------------------------------------------------------
async function showList() {
  const visits = person ? await store.all("visits") : [];
  const written = person ? await drafts.ofUser(person.id) : [];
  const photos = new Map();
  for (const draft of written) photos.set(draft.id, await drafts.photosOf(draft.id));
  cards.show(visits, written, photos, onTheWay);
  part("who").textContent = person ? person.name : words.nobody;
  part("empty").hidden = visits.length + written.length > 0 || !person;
  part("unsent").hidden = written.length === 0;
  part("unsent-text").textContent = (written.length === 1 ? words.unsentOne : words.unsentMany).replace("{n}", written.length);
  part("send-all").hidden = !written.some((draft) => draft.state === "ready");
  const read = (await store.get("meta", "read"))?.value;
  part("read").textContent = read ? words.readAt.replace("{at}", moment(read)) : "";
}

// « 1er décembre 2026 à 18 h 43 », as the portal writes it everywhere; "1 December 2026 at 18:43".
function moment(instant) {
  const french = document.documentElement.lang.startsWith("fr");
  const at = new Intl.DateTimeFormat(french ? "fr" : "en-GB", { dateStyle: "long", timeStyle: "short" }).format(instant);
  return french ? at.replace(/^1 /, "1er ").replace(/0?(\d+):(\d+)$/, "$1\u00a0h\u00a0$2") : at;
}

async function refresh() {
  try {
    const open = await session();
    if (!person || person.id !== open.user.id) await become(open.user);
    else await store.handTo(open.user);
    const { status, told } = await ask(VISITS);
    if (status === 200) {
      await store.replaceAll("visits", told.visits);
      await store.put("meta", { name: "read", value: Date.now() });
    }
    showLine(true);
    if (signInAsked) part("notices").replaceChildren();
    signInAsked = false;
  } catch (stop) {
    if (!stop.outcome) throw stop;
    showLine(stop.outcome !== CUT);
    if (stop.outcome === SIGNED_OUT) signIn();
  }
  await showList();
}

async function become(user) {
  await store.handTo(user);
  person = user;
  if (editor) window.location.hash = "";
  localStorage.setItem("portail-carnet", "1"); // signing out has something to clear
  courier ??= new Courier(person, told);
  courier.person = person;
}

async function told(id, outcome, progress) {
  if (outcome === null) {
    onTheWay.set(id, progress ?? {});
    return showList();
  }
  onTheWay.delete(id);
  showLine(outcome !== CUT);
  if (outcome === SENT) notice(words.sent, { tone: "positive" });
  else if (outcome === SIGNED_OUT) signIn();
  else if (outcome === SOMEBODY_ELSE) await refresh();
  else if (outcome === CUT) notice(words.waiting);
  else if (outcome === REFUSED || outcome === CONFLICT) notice(words[outcome], { tone: "warning" });
  if (editor?.id === id) {
    if (outcome === SENT) window.location.hash = "";
    else await editor.refresh();
  }
  return outcome === SENT ? refresh() : showList();
}

// --- One visit ------------------------------------------------------------------------------------------------------
async function route() {
  const number = Number(window.location.hash.match(/^#visite-(\d+)$/)?.[1] ?? 0);
  if (editor) {
    await editor.close();
    editor = null;
  }
  const draft = number && person ? await drafts.load(drafts.draftId(person.id, number)) : null;
  const visit = number && person ? ((await store.get("visits", number)) ?? draft?.info) : null;
  view("list").hidden = Boolean(visit);
  view("form").hidden = !visit;
  if (visit) await showVisit(visit);
  else await showList();
  window.scrollTo(0, 0);
  (visit ? view("form") : view("list")).querySelector("h1").focus();
}

async function showVisit(visit) {
  cards.describe(view("form"), visit);
  const holder = part("form-holder");
  holder.replaceChildren(document.getElementById("visit-report").content.cloneNode(true));
  const form = holder.querySelector("form");
  for (const select of form.querySelectorAll("select[name$=-owner]")) offer(select, visit.people);
  offer(form.querySelector("[data-row-template]").content.querySelector("select[name$=-owner]"), visit.people);
  // What the device keeps comes a moment after the form itself: a tap in between would send an empty report.
  holder.inert = true;
  editor = new Editor(form, visit, person, words, () => showUnsent());
  await editor.open();
  form.addEventListener("submit", finish);
  form.querySelector("[data-discard]").addEventListener("click", discard);
  form.querySelector("[data-keep-mine]").addEventListener("click", () => editor.keepMine());
  form.querySelector("[data-keep-stored]").addEventListener("click", keepStored);
  await offerMove(form);
  holder.inert = false;
}

function offer(select, people) {
  for (const [key, name] of people) select.append(new Option(name, key));
}

async function finish(event) {
  event.preventDefault();
  if (!editor.isComplete()) return;
  await editor.finish();
  notice(navigator.onLine ? words.sending : words.waiting);
  window.location.hash = "";
  courier.kick();
}

async function discard() {
  if (editor.draft && !window.confirm(words.discard)) return;
  const { id } = editor;
  document.removeEventListener("visibilitychange", editor.leaving);
  editor = null;
  await drafts.discard(id);
  window.location.hash = "";
}

async function keepStored() {
  const leftOver = await editor.keepStored();
  if (leftOver) return;
  document.removeEventListener("visibilitychange", editor.leaving);
  editor = null;
  notice(words.keptStored);
  window.location.hash = "";
}

// A visit given up meanwhile refuses its report: what was written may go to another visit of the same project.
async function offerMove(form) {
  const holder = form.querySelector("[data-move]");
  const { draft, visit } = editor;
  const others = (await store.all("visits")).filter(
    (one) => one.id !== visit.id && one.project.id === visit.project.id && one.state === "planned",
  );
  // First the one that took its place: of the same kind, the next day first.
  others.sort((a, b) => (b.kind === visit.kind) - (a.kind === visit.kind) || a.plannedOn.localeCompare(b.plannedOn));
  holder.hidden = draft?.state !== "refused" || others.length === 0;
  if (holder.hidden) return;
  const select = holder.querySelector("select");
  select.replaceChildren(...others.map((one) => new Option(`${one.kind}, ${one.plannedText}`, one.id)));
  holder.querySelector("button").addEventListener("click", async () => {
    part("form-holder").inert = true; // until the form of the other visit is there
    const target = others.find((one) => String(one.id) === select.value);
    const present = await editor.keep(true);
    await drafts.moveTo(present, target);
    document.removeEventListener("visibilitychange", editor.leaving);
    editor = null;
    window.location.hash = `#visite-${target.id}`;
  });
}

async function showUnsent() {
  const written = await drafts.ofUser(person.id);
  document.title = written.length ? `(${written.length}) ${words.title}` : words.title;
}

// --- On the device ------------------------------------------------------------------------------------------------------
window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  part("install").hidden = false;
  part("install").addEventListener("click", async () => {
    part("install").hidden = true;
    await event.prompt();
  }, { once: true });
});

// --- Without a network ------------------------------------------------------------------------------------------------
async function keepForLater() {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("message", (event) => {
    if (event.data?.kept !== undefined) part("kept").textContent = event.data.kept ? words.keptPage : "";
  });
  await navigator.serviceWorker.register("/service-worker.js", { scope: "/", updateViaCache: "none" });
  const ready = await navigator.serviceWorker.ready;
  ready.active.postMessage("keep");
  await navigator.storage?.persist?.();
}

async function start() {
  if (!store.isPossible()) return notice(words.impossible, { tone: "warning" });
  person = await store.user();
  if (person) courier = new Courier(person, told);
  showLine();
  window.addEventListener("online", () => refresh());
  window.addEventListener("offline", () => showLine(false));
  window.addEventListener("hashchange", route);
  part("refresh").addEventListener("click", refresh);
  part("send-all").addEventListener("click", () => courier?.kick());
  await route();
  await refresh();
  if (!editor) await route();
  await courier?.kick();
  return keepForLater();
}

start();
