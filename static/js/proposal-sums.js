// Sums, gauges and the calendar while typing. The server computes them all again when it saves.
import { count, parse, usd } from "./proposal-numbers.js";

const cents = (amount) => Math.round((amount + Number.EPSILON) * 100);

export function watchSums(form) {
  const refresh = () => {
    people(form);
    budget(form);
    calendar(form);
  };
  form.addEventListener("input", refresh);
  form.addEventListener("change", refresh);
  refresh();
  return refresh;
}

function people(form) {
  for (const kind of ["direct", "indirect"]) {
    const output = form.querySelector(`[data-total=${kind}]`);
    if (!output) continue;
    const numbers = ["women", "men", "girls", "boys"].map((who) => parse(form.elements[`${kind}_${who}`].value) ?? 0);
    output.textContent = count(numbers.reduce((sum, number) => sum + number, 0));
  }
}

const kept = (card) => !card.querySelector("[name$='-DELETE']").checked;

function budget(form) {
  const frame = form.querySelector("[data-budget]");
  if (!frame) return;
  let total = 0;
  let community = 0;
  for (const card of form.querySelectorAll(".row-list > .row-line")) {
    const control = (name) => card.querySelector(`[name$='-${name}']`).value;
    const amount = amountOf(control, card.dataset, frame.dataset.rate);
    card.querySelector("output").textContent = amount === null ? "—" : usd(amount / 100);
    if (!kept(card)) continue;
    total += amount ?? 0;
    community += cents(parse(control("community_usd")) ?? 0);
  }
  const output = frame.querySelector("[data-total=budget]");
  output.textContent = usd(total / 100);
  frame.querySelector("[data-total=community]").textContent = usd(community / 100);
  output.classList.toggle("is-over", gauge("budget", total / 100, usd(total / 100)));
}

// In cents of a USD; a line keeps the rate of the day on which its price was written.
function amountOf(control, stored, monthRate) {
  const quantity = parse(control("quantity"));
  const cost = parse(control("unit_cost"));
  if (quantity === null || cost === null) return null;
  if (control("currency") === "USD") return cents(quantity * cost);
  const rate = Number(stored.rate && parse(stored.cost) === cost ? stored.rate : monthRate);
  return rate ? cents((quantity * cost) / rate) : null;
}

// True when the limit is passed.
function gauge(name, value, text) {
  const frame = document.querySelector(`[data-gauge=${name}]`);
  const limit = Number(frame?.dataset.limit);
  if (!frame) return false;
  frame.querySelector("strong").textContent = text;
  if (!limit) return false;
  const drawing = frame.querySelector(".gauge");
  const over = value > limit;
  drawing.classList.toggle("gauge-over", over);
  drawing.classList.toggle("gauge-near", !over && value >= limit * 0.9);
  drawing.classList.toggle("gauge-fine", value < limit * 0.9);
  const bar = drawing.querySelector("progress");
  bar.value = Math.min(value, limit);
  bar.setAttribute("aria-valuetext", `${text} / ${frame.dataset.limitText}`);
  let alert = drawing.querySelector(".gauge-alert");
  if (over && !alert) {
    alert = document.createElement("p");
    alert.className = "gauge-alert";
    alert.textContent = frame.parentElement.dataset.over;
    drawing.append(alert);
  } else if (!over) alert?.remove();
  return over;
}

function calendar(form) {
  const months = form.elements.duration_months;
  const drawing = form.querySelector("[data-plan-weeks]");
  if (!months || !drawing) return;
  const length = parse(months.value) ?? 0;
  const frame = document.querySelector("[data-gauge=months]");
  gauge("months", length, `${count(length)} ${frame.dataset.unit}`);
  const bars = [...form.querySelectorAll(".row-list > .row-activity")].filter(kept).map((card) => ({
    title: card.querySelector("[name$='-title']").value,
    first: parse(card.querySelector("[name$='-first_week']").value),
    weeks: parse(card.querySelector("[name$='-weeks']").value),
  }));
  draw(drawing, bars.filter((bar) => bar.title && bar.first >= 1 && bar.weeks >= 1 && bar.first + bar.weeks <= 521), length);
}

const SVG = "http://www.w3.org/2000/svg";

function draw(drawing, bars, months) {
  const inProject = Math.ceil((months * 52) / 12);
  const span = Math.max(4, inProject, ...bars.map((bar) => bar.first + bar.weeks - 1));
  drawing.hidden = bars.length === 0;
  drawing.querySelector("[data-last]").textContent = span;
  for (const row of drawing.querySelectorAll("[data-bar]")) row.remove();
  for (const bar of bars) {
    const row = document.createElement("div");
    row.className = "plan-weeks-row";
    row.dataset.bar = "";
    row.classList.toggle("is-late", months > 0 && bar.first + bar.weeks - 1 > inProject);
    const title = document.createElement("span");
    title.textContent = bar.title;
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${span} 1`);
    svg.setAttribute("preserveAspectRatio", "none");
    const rect = document.createElementNS(SVG, "rect");
    for (const [name, value] of Object.entries({ x: bar.first - 1, y: 0, width: bar.weeks, height: 1 })) rect.setAttribute(name, value);
    svg.append(rect);
    row.append(title, svg);
    drawing.append(row);
  }
}
