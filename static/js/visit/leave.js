// Signing out of a device that was used in the field: what was read there is forgotten; what was written stays, under
// the name of its author, who is told first.
import { unsentCount } from "./draft.js";
import * as store from "./store.js";

function agreed({ unsent, unsentDetail, unsentAction }) {
  const dialog = document.getElementById("confirm-dialog");
  if (!dialog?.showModal) return window.confirm(`${unsent}. ${unsentDetail}`);
  dialog.querySelector("#confirm-title").textContent = unsent;
  dialog.querySelector("#confirm-detail").textContent = unsentDetail;
  dialog.querySelector("[value=yes]").textContent = unsentAction;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

// Whether the person goes on; `words` are the texts of the form.
export async function leave(words) {
  try {
    if ((await unsentCount()) && !(await agreed(words))) return false;
    await store.forgetReading();
    for (const name of await caches.keys()) if (name.startsWith("visites-")) await caches.delete(name);
    localStorage.removeItem("portail-carnet");
  } catch (error) {
    console.warn(error); // a device that cannot forget must still let its user go
  }
  return true;
}
