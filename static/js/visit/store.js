// What the device keeps: who it is for, the visits as last read, the drafts and their photos.
const NAME = "portail-visites";
const VERSION = 1;
const STORES = { meta: "name", visits: "id", drafts: "id", photos: "key" };
let opened = null;

export const isPossible = () => "indexedDB" in window;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) request.result.createObjectStore(name, { keyPath });
      request.transaction.objectStore("photos").createIndex("draft", "draft");
      request.transaction.objectStore("drafts").createIndex("user", "user");
    };
    request.onsuccess = () => {
      // Another tab with a newer portal must not wait for this one.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opened;
}

// `act` is given the store and returns the request whose result is wanted. What was written is said to be written
// once the transaction is complete, not when it is asked.
async function run(store, mode, act) {
  const base = await database();
  return new Promise((resolve, reject) => {
    const transaction = base.transaction(store, mode);
    let request = null;
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    request = act(transaction.objectStore(store));
  });
}

export const get = (store, key) => run(store, "readonly", (rows) => rows.get(key));
export const all = (store) => run(store, "readonly", (rows) => rows.getAll());
export const by = (store, index, value) => run(store, "readonly", (rows) => rows.index(index).getAll(value));
export const put = (store, row) => run(store, "readwrite", (rows) => rows.put(row));
export const remove = (store, key) => run(store, "readwrite", (rows) => rows.delete(key));

// Changes to one row, on what it is now, whoever wrote it meanwhile; nothing when it is gone. Resolves to the row.
export async function change(store, key, changes) {
  let row = null;
  await run(store, "readwrite", (rows) => {
    const request = rows.get(key);
    request.onsuccess = () => {
      if (!request.result) return;
      row = { ...request.result, ...changes };
      rows.put(row);
    };
    return request;
  });
  return row;
}

export function replaceAll(store, rows) {
  return run(store, "readwrite", (kept) => {
    kept.clear();
    for (const row of rows) kept.put(row);
  });
}

export async function user() {
  return (await get("meta", "user"))?.value ?? null;
}

// The device is in somebody else's hands: the visits of the one before are forgotten, their drafts stay out of sight.
export async function handTo(person) {
  const before = await user();
  if (before && before.id !== person.id) await forgetReading();
  await put("meta", { name: "user", value: person });
}

export async function forgetReading() {
  await replaceAll("visits", []);
  await replaceAll("meta", []);
}
