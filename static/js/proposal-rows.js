// The tables of the form: rows are added and removed on the spot. Without script the same buttons ask the server.
export function watchRows(form, changed) {
  for (const set of form.querySelectorAll("[data-rows]")) {
    const list = set.querySelector(".row-list");
    const blank = set.querySelector("template");

    set.querySelector("[data-add]").addEventListener("click", (event) => {
      event.preventDefault();
      const row = document.createElement("template");
      row.innerHTML = blank.innerHTML.replaceAll("__n__", set.dataset.next);
      set.dataset.next = Number(set.dataset.next) + 1;
      const card = row.content.firstElementChild;
      list.append(card);
      dress(set, card, changed);
      card.querySelector("input:not([type=hidden]), select, textarea").focus();
    });
    for (const card of list.children) dress(set, card, changed);
  }
}

// A button instead of the box « Retirer »; a removed row can be put back until the page is left.
function dress(set, card, changed) {
  const check = card.querySelector(".row-remove .form-check");
  const box = check.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-link btn-sm";
  button.append(...[...check.querySelector("label").childNodes].map((node) => node.cloneNode(true)));
  check.hidden = true;
  check.after(button);

  button.addEventListener("click", () => {
    if (isUntouched(set, card)) {
      (card.previousElementSibling?.querySelector(".row-remove button") ?? set.querySelector("[data-add]")).focus();
      card.remove();
    } else {
      box.checked = true;
      showRemoved(set, card, box, changed).focus();
    }
    changed();
  });
  if (box.checked) showRemoved(set, card, box, changed);
}

function showRemoved(set, card, box, changed) {
  const line = document.createElement("p");
  line.className = "row-removed";
  line.textContent = set.dataset.removed;
  const back = document.createElement("button");
  back.type = "button";
  back.className = "btn btn-outline-secondary btn-sm";
  back.textContent = set.dataset.restore;
  line.append(back);
  card.append(line);
  card.classList.add("is-removed");
  back.addEventListener("click", () => {
    box.checked = false;
    line.remove();
    card.classList.remove("is-removed");
    card.querySelector("input:not([type=hidden]), select").focus();
    changed();
  });
  return back;
}

const controls = (root) => [...root.querySelectorAll("input:not([type=hidden]):not([type=checkbox]), select, textarea")];

function isUntouched(set, card) {
  const empty = controls(set.querySelector("template").content);
  return !card.querySelector("[name$='-id']").value && controls(card).every((control, at) => control.value === empty[at].value);
}

// What a row is made of before anybody types, by column: « currency » is XOF.
export function blanks(form) {
  const found = {};
  for (const set of form.querySelectorAll("[data-rows]")) {
    found[set.dataset.rows] = {};
    for (const control of controls(set.querySelector("template").content)) {
      found[set.dataset.rows][control.name.split("-")[2]] = control.value;
    }
  }
  return found;
}

// The keys that the server gave to new rows; those that it deleted are new again should they be put back.
export function takeKeys(form, keys) {
  for (const [prefix, key] of Object.entries(keys)) {
    const field = form.elements[`${prefix}-id`];
    if (field) field.value = key ?? "";
  }
}
