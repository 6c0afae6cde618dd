// The proposal form with script: saves itself, adds rows on the spot, sums while typing. It works without, too.
import { Autosave } from "./proposal-autosave.js";
import { watchRows } from "./proposal-rows.js";
import { watchSums } from "./proposal-sums.js";

const form = document.getElementById("step-form");
const wait = (milliseconds) => new Promise((done) => window.setTimeout(done, milliseconds));

// What the server drew again beside the fields: steps, gauges, what lacks, warnings.
function swap(fragments) {
  for (const [id, html] of Object.entries(fragments)) {
    const place = document.getElementById(id);
    if (!place || place.contains(document.activeElement)) continue;
    const across = place.querySelector(".steps ol")?.scrollLeft ?? 0;
    place.innerHTML = html;
    const list = place.querySelector(".steps ol");
    if (list) list.scrollLeft = across;
  }
}

// On a phone the steps lie side by side: the current one comes into view.
function showCurrentStep() {
  const list = document.querySelector(".steps ol");
  const current = list?.querySelector("[aria-current]");
  if (current) list.scrollLeft += current.getBoundingClientRect().left - list.getBoundingClientRect().left - 48;
}
showCurrentStep();

if (form) {
  const sum = watchSums(form);
  const autosave = new Autosave(form, {
    afterSave(told) {
      swap(told.fragments);
      sum();
    },
  });

  watchRows(form, () => {
    sum();
    autosave.changed();
  });
  form.addEventListener("input", () => autosave.changed());
  form.addEventListener("change", () => autosave.changed(800));
  window.addEventListener("online", () => autosave.save());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") autosave.save({ leaving: true });
  });
  window.addEventListener("pagehide", () => autosave.save({ leaving: true }));

  // A button saves in the same way; when something stands in the way, the page that says so is asked for.
  let released = false;
  form.addEventListener("submit", async (event) => {
    const action = event.submitter?.value ?? "save";
    if (released || !["save", "next"].includes(action) || autosave.blocked) return;
    event.preventDefault();
    if (await autosave.flush()) {
      if (action === "next") window.location.assign(form.dataset.nextUrl);
      else autosave.status.textContent ||= form.dataset.nothing;
    } else if (!autosave.failures) {
      released = true;
      form.requestSubmit(event.submitter);
    }
  });

  // A link waits a moment for the save, so that the next page shows it.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!link || !plain || link.origin !== window.location.origin || link.target || !autosave.isDirty) return;
    if (link.pathname === window.location.pathname && link.hash) return;
    event.preventDefault();
    await Promise.race([autosave.flush(), wait(4000)]);
    window.location.assign(link.href);
  });

  watchRegion();
  offerPosition();
}

// The cercles offered are those of the region chosen.
function watchRegion() {
  const button = form.querySelector("[data-refresh-cercles]");
  if (!button) return;
  button.hidden = true;
  form.elements.region.addEventListener("change", async () => {
    const body = new URLSearchParams(new FormData(form));
    body.set("action", "refresh");
    const answer = await fetch(window.location.pathname, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (!answer?.ok) return void (button.hidden = false);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("id_cercle");
    if (!fresh) return undefined;
    form.elements.cercle.innerHTML = fresh.innerHTML;
    return form.elements.cercle.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function offerPosition() {
  const button = form.querySelector("[data-locate]");
  if (!button || !navigator.geolocation) return;
  const place = button.parentElement;
  place.hidden = false;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const comma = (number) => number.toFixed(5).replace(".", document.documentElement.lang.startsWith("en") ? "." : ",");
        form.elements.latitude.value = comma(coords.latitude);
        form.elements.longitude.value = comma(coords.longitude);
        form.elements.latitude.dispatchEvent(new Event("change", { bubbles: true }));
      },
      () => place.append(` ${button.dataset.denied}`),
      { timeout: 20000 },
    );
  });
}
