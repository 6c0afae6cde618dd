// Put the text of a field on the clipboard: <button data-copy="id of the field" data-copied="what to say then" hidden>
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  if (!field) continue;
  field.addEventListener("focus", () => field.select());
  if (!navigator.clipboard) continue; // not over plain HTTP: the field is there to be copied by hand
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    const said = document.createElement("p");
    said.className = "notice";
    said.textContent = button.dataset.copied;
    document.getElementById("notices")?.replaceChildren(said);
    window.setTimeout(() => said.remove(), 6000);
  });
}
