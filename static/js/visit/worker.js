// The service worker of the visit notebook. The portal writes VERSION, FILES and PAGE above these lines; VERSION changes
// with any of the files. Only the notebook's page and the files that it is made of are kept, nothing of the projects.
const CACHE = `visites-${VERSION}`;
const LINE_PATIENCE = 4000; // for a page, before the kept one is shown, milliseconds

// All or nothing: a notebook with half of its files would open to an empty page. What is there is not fetched again.
async function keep() {
  const cache = await caches.open(CACHE);
  const page = (await cache.match(PAGE)) ? null : await fetch(PAGE, { redirect: "manual", cache: "no-store" });
  if (page && !page.ok) throw new Error("signed out");
  const there = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  const missing = FILES.filter((address) => !there.has(address));
  await cache.addAll(missing.map((address) => new Request(address, { cache: "reload" })));
  if (page) await cache.put(PAGE, page);
}

// A new version takes over once it is whole; until then, the one before goes on.
self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("visites-") && name !== CACHE) await caches.delete(name);
      }
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("message", (event) => {
  if (event.data !== "keep") return;
  event.waitUntil(
    keep().then(
      () => event.source.postMessage({ kept: true }),
      async () => event.source.postMessage({ kept: Boolean(await caches.match(PAGE)) }),
    ),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (address.pathname === PAGE) event.respondWith(page(event));
  } else if (FILES.includes(address.pathname)) {
    event.respondWith(caches.match(address.pathname).then((kept) => kept ?? fetch(request)));
  }
});

// The page of the network, kept anew each time; the kept one when there is no line, or one too slow to wait for, and
// while a newer portal's files are still on their way: its page would not fit the files that are kept.
async function page(event) {
  const kept = await caches.match(PAGE);
  const fresh = fetch(event.request).then(async (answer) => {
    if (answer.ok && answer.type === "basic" && !answer.redirected) {
      if (kept && answer.headers.get("X-Notebook-Version") !== VERSION) return kept;
      const copy = answer.clone();
      event.waitUntil(caches.open(CACHE).then((cache) => cache.put(PAGE, copy)));
    }
    return answer;
  });
  if (!kept) return fresh;
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), LINE_PATIENCE));
  return Promise.race([fresh, late]).catch(() => kept);
}
