// A draft: what somebody wrote of one visit on this device, and how far it got on its way to the portal.
//   id user:visit · info the visit as it was read · base the version that it was written on
//   entries the fields as [name, value] · sent their text as the portal last acknowledged it
//   state writing | ready | conflict | refused · errors by field · conflict both versions
//   attempt what was sent and is not answered yet: sent again word for word, under the same key
import * as store from "./store.js";

const NOT_WRITTEN = new Set(["csrfmiddlewaretoken", "one_time_key", "version"]);
const ROW = /^findings-(\d+)-/;

export const draftId = (user, visit) => `${user}:${visit}`;

export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [20, 16, 12, 8].reduce((text, at) => `${text.slice(0, at)}-${text.slice(at)}`, hex);
}

export function entriesOf(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_WRITTEN.has(name));
}

// The same text for the same report: a finding without words is none, and how many rows are shown says nothing.
export function textOf(entries) {
  const written = new Set();
  for (const [name, value] of entries) {
    const row = name.match(ROW);
    if (row && name.endsWith("-text") && value.trim()) written.add(row[1]);
  }
  const kept = entries.filter(([name]) => {
    const row = name.match(ROW);
    return row ? written.has(row[1]) : !name.startsWith("findings-");
  });
  return JSON.stringify(kept);
}

export const isAhead = (draft) => Boolean(draft.attempt) || textOf(draft.entries) !== draft.sent;

export const load = (id) => store.get("drafts", id);

export const ofUser = (user) => store.by("drafts", "user", user);

export const photosOf = (id) => store.by("photos", "draft", id);

export const change = (id, changes) => store.change("drafts", id, changes);

export async function begin(user, visit, entries, sent) {
  const draft = {
    id: draftId(user, visit.id), user, visit: visit.id, info: visit, base: visit.version, entries, sent,
    state: "writing", errors: null, conflict: null, attempt: null, savedAt: Date.now(),
  };
  await store.put("drafts", draft);
  return draft;
}

export async function discard(id) {
  for (const photo of await photosOf(id)) await store.remove("photos", photo.key);
  await store.remove("drafts", id);
}

// The visit was given up for another of the same project: what was written is kept for that one.
export async function moveTo(draft, visit) {
  const moved = await begin(draft.user, visit, draft.entries, "");
  for (const photo of await photosOf(draft.id)) await store.put("photos", { ...photo, draft: moved.id });
  await store.remove("drafts", draft.id);
  return moved;
}

export async function unsentCount() {
  const person = await store.user();
  return person ? (await ofUser(person.id)).length : 0;
}
