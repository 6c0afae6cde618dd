// Sending a draft: the report first, then each photo, every one under a key of its own, so that it arrives once.
import { change, discard, isAhead, load, newKey, photosOf, textOf } from "./draft.js";
import * as store from "./store.js";

const PATIENCE = 30000; // for an answer on a bad line, milliseconds
const PHOTO_PATIENCE = 120000;
const SESSION = "/carnet/session.json";
const LOCK = "portail-visites-envoi";

export const SENT = "sent"; // everything arrived, the draft is gone from the device
export const CUT = "cut"; // no line, or no answer: to be tried again
export const SIGNED_OUT = "signed-out";
export const SOMEBODY_ELSE = "somebody-else"; // another person is signed in: this draft is not theirs
export const REFUSED = "refused"; // the draft says why
export const CONFLICT = "conflict";
export const BUSY = "busy"; // another tab is at it

class Stop extends Error {
  constructor(outcome) {
    super(outcome);
    this.outcome = outcome;
  }
}

export async function ask(address, options = {}, patience = PATIENCE) {
  let answer;
  try {
    answer = await fetch(address, {
      ...options,
      headers: { Accept: "application/json", ...options.headers },
      redirect: "manual", // towards the sign-in page
      cache: "no-store",
      signal: AbortSignal.timeout?.(patience), // older telephones wait for as long as their line does
    });
  } catch {
    throw new Stop(CUT);
  }
  if (answer.type === "opaqueredirect") throw new Stop(SIGNED_OUT);
  if (answer.status >= 500 || answer.status === 429) throw new Stop(CUT);
  let told = null;
  try {
    told = await answer.json();
  } catch {
    if (answer.ok) throw new Stop(CUT); // cut in the middle: what was sent may have arrived
  }
  return { status: answer.status, told };
}

// Who is signed in, with a fresh token: { user: { id, name }, csrf }.
export async function session() {
  const { status, told } = await ask(SESSION);
  if (status !== 200 || !told) throw new Stop(SIGNED_OUT);
  return told;
}

function post(address, body, open, patience) {
  const headers = { "X-CSRFToken": open.csrf, "X-Draft-User": open.user.id };
  return ask(address, { method: "POST", body, headers }, patience);
}

async function sendReport(draft, open) {
  const { key, entries, base } = draft.attempt;
  const body = new FormData();
  for (const [name, value] of entries) body.append(name, value);
  body.set("version", base);
  body.set("one_time_key", key);
  const { status, told } = await post(draft.info.report, body, open);
  if (status === 200 && told.saved) {
    const arrived = { base: told.version, sent: textOf(entries), url: told.url };
    return change(draft.id, { ...arrived, attempt: null, errors: null, conflict: null });
  }
  const conflict = (status === 409 && told?.conflict) || null;
  const errors = conflict ? null : (told?.errors ?? { "": [] });
  await change(draft.id, { attempt: null, conflict, errors, state: conflict ? CONFLICT : REFUSED });
  throw new Stop(conflict ? CONFLICT : REFUSED);
}

async function sendPhotos(draft, open, progress) {
  const photos = await photosOf(draft.id);
  let refused = false;
  for (const [rank, photo] of photos.entries()) {
    progress?.({ photo: rank + 1, photos: photos.length });
    if (photo.sent) continue;
    const body = new FormData();
    body.set("key", photo.key);
    body.set("stage", photo.stage);
    body.set("caption", photo.caption);
    body.set("photos", photo.blob, photo.name);
    const { status, told } = await post(draft.info.photos, body, open, PHOTO_PATIENCE);
    if (status === 200 && told.saved) {
      await store.change("photos", photo.key, { sent: true, error: "" });
    } else {
      refused = true;
      const error = Object.values(told?.errors ?? {}).flat().join(" ") || String(status);
      await store.change("photos", photo.key, { error });
    }
  }
  if (!refused) return;
  await change(draft.id, { state: REFUSED, errors: null });
  throw new Stop(REFUSED);
}

async function sendAll(id, progress) {
  const open = await session();
  let draft = await load(id);
  if (!draft) return SENT;
  if (open.user.id !== draft.user) return SOMEBODY_ELSE;
  if (draft.attempt) draft = await sendReport(draft, open);
  if (isAhead(draft)) {
    // Written down before it leaves: should the answer be lost, this is what is asked again.
    draft = await change(id, { attempt: { key: newKey(), entries: draft.entries, base: draft.base } });
    draft = await sendReport(draft, open);
  }
  await sendPhotos(draft, open, progress);
  draft = await load(id);
  if (draft && isAhead(draft)) return CUT; // written on meanwhile
  await discard(id);
  return SENT;
}

// The outcome, one of the constants above; `progress` is told of each photo. One sender at a time on this device.
export async function send(id, progress) {
  const work = async (lock) => {
    if (lock === null) return BUSY;
    try {
      return await sendAll(id, progress);
    } catch (stop) {
      if (stop instanceof Stop) return stop.outcome;
      throw stop;
    }
  };
  return navigator.locks ? navigator.locks.request(LOCK, { ifAvailable: true }, work) : work();
}
