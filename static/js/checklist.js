// The checklist saves itself. A save whose answer has not come may have been kept all the same: the page tells the
// server of it with the next one, so that a cut line or a quick hand is not taken for another tab.
const MOST = 3;
const form = document.getElementById("checklist");
const NOT_TOLD = ["csrfmiddlewaretoken", "fingerprint", "unheard"];
let latest = null;

const unheard = () => [...form.querySelectorAll("[name=unheard]")];

form?.addEventListener("htmx:configRequest", (event) => {
  const sent = new URLSearchParams(event.detail.formData);
  for (const name of NOT_TOLD) sent.delete(name);
  latest = document.createElement("input");
  latest.type = "hidden";
  latest.name = "unheard";
  latest.value = sent.toString();
  for (const old of unheard().slice(0, 1 - MOST)) old.remove();
  form.append(latest);
});

form?.addEventListener("htmx:beforeSwap", (event) => {
  const { status } = event.detail.xhr;
  if (status >= 200 && status < 300) for (const old of unheard()) old.remove();
  else if (status >= 400 && status < 500) latest?.remove();
});
