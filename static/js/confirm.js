// Ask before what cannot be undone. On a form or on its button:
//   data-confirm="Retirer la proposition ?" data-confirm-detail="…" data-confirm-action="Retirer" data-confirm-danger
const dialog = document.getElementById("confirm-dialog");

if (dialog?.showModal) {
  const title = dialog.querySelector("#confirm-title");
  const detail = dialog.querySelector("#confirm-detail");
  const yes = dialog.querySelector("[value=yes]");
  let waiting = null;

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const asker = event.submitter?.hasAttribute("data-confirm") ? event.submitter : form;
      if (!asker.hasAttribute("data-confirm") || form.dataset.confirmed) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      title.textContent = asker.dataset.confirm || title.dataset.default;
      detail.textContent = asker.dataset.confirmDetail || "";
      yes.textContent = asker.dataset.confirmAction || yes.dataset.default;
      yes.classList.toggle("btn-danger", "confirmDanger" in asker.dataset);
      yes.classList.toggle("btn-primary", !("confirmDanger" in asker.dataset));
      waiting = { form, submitter: event.submitter };
      dialog.returnValue = "no";
      dialog.showModal();
    },
    true,
  );

  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes" || !waiting) return;
    const { form, submitter } = waiting;
    waiting = null;
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter ?? undefined);
    delete form.dataset.confirmed;
  });
}
