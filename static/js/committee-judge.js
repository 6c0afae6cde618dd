// A member's sheet: digits score, the mean follows, and what is typed stays on the device until the server has it.
const form = document.querySelector("form[data-judge]");
const LONGEST = 12 * 3600 * 1000; // milliseconds that a copy is kept

if (form) {
  const key = `judge:${form.dataset.judge}`;
  const line = form.querySelector("[data-score-mean]");
  const sheets = [...form.querySelectorAll("[data-weight]")];
  const entries = () => [...new FormData(form)].filter(([name]) => /^(score_\d+|vote|comment)$/.test(name));

  const first = JSON.stringify(entries());

  const show = () => {
    let sum = 0;
    let weight = 0;
    let given = 0;
    for (const sheet of sheets) {
      const chosen = sheet.querySelector("input:checked");
      if (!chosen) continue;
      given += 1;
      sum += Number(chosen.value) * Number(sheet.dataset.weight);
      weight += Number(sheet.dataset.weight);
    }
    const numbers = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    const whole = given === sheets.length && weight ? `${form.dataset.mean} ${numbers.format(sum / weight)} / 5` : "";
    line.textContent = whole || `${given} / ${sheets.length} ${form.dataset.left}`;
  };

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const write = () => {
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), base: first, entries: entries() }));
    } catch {
      // A full or closed storage: the form alone holds what was typed.
    }
  };

  // A refused form already shows what was typed. A copy made on other scores than those shown is out of date.
  const copy = read();
  if (copy && Date.now() - copy.at < LONGEST && copy.base === first && JSON.stringify(copy.entries) !== first && !document.getElementById("form-errors")) {
    for (const [name, value] of copy.entries) {
      if (name === "comment") form.elements.comment.value = value;
      else form.querySelector(`input[name="${name}"][value="${CSS.escape(value)}"]`)?.click();
    }
    const note = document.createElement("p");
    note.className = "note note-info";
    note.setAttribute("role", "status");
    note.textContent = form.dataset.restored;
    form.prepend(note);
  } else if (copy) {
    localStorage.removeItem(key);
  }

  form.addEventListener("input", () => {
    write();
    show();
  });
  form.addEventListener("keydown", (event) => {
    if (!/^[0-5]$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
    const sheet = event.target.closest("[data-weight]");
    const choice = sheet?.querySelector(`input[value="${event.key}"]`);
    if (!choice) return;
    event.preventDefault();
    choice.focus();
    choice.click();
  });
  show();
}
