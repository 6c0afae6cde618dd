// What every page does better with script: confirm what cannot be undone, send a form once, say when the line is cut.
import "./confirm.js";

const notices = document.getElementById("notices");

function notice(text) {
  if (!notices || !text) return;
  const line = document.createElement("p");
  line.className = "notice";
  line.textContent = text;
  notices.replaceChildren(line);
  window.setTimeout(() => line.remove(), 12000);
}

document.addEventListener("htmx:sendError", () => notice(notices?.dataset.cut));
document.addEventListener("htmx:timeout", () => notice(notices?.dataset.cut));
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  notice(status === 401 || status === 403 ? notices?.dataset.expired : notices?.dataset.failed);
});

// A device used in the field forgets what it read there, once its user has been told of what is not sent yet.
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (!form.matches("[data-sign-out]") || form.dataset.forgotten || !localStorage.getItem("portail-carnet")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { leave } = await import("./visit/leave.js");
    if (!(await leave(form.dataset))) return;
    form.dataset.forgotten = "yes";
    form.requestSubmit();
  },
  true,
);

// A second click on a form already on its way does nothing; the one-time key guards the server all the same.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  window.setTimeout(() => delete form.dataset.sent, 8000);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// The first thing to read after a refused form is what is wrong with it.
document.getElementById("form-errors")?.focus();

// On a narrow screen the tab of this page is brought into sight.
const tab = document.querySelector(".project-tabs [aria-current]");
const tabs = tab?.closest(".project-tabs");
if (tabs) tabs.scrollLeft += tab.getBoundingClientRect().left - tabs.getBoundingClientRect().left - 48;

// Filters send themselves when a choice is made: <form data-auto-submit>.
document.addEventListener("change", (event) => {
  if (event.target.matches("select, [type=checkbox], [type=radio]")) event.target.closest("form[data-auto-submit]")?.requestSubmit();
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
