// The running total of lines and instalments against the approved amount. The server judges it again when it saves.
import { count, parse, usd } from "./proposal-numbers.js";

const cents = (amount) => Math.round((amount + Number.EPSILON) * 100);

for (const frame of document.querySelectorAll("[data-running]")) {
  const form = frame.closest("form");
  const fields = [...form.querySelectorAll(`[data-amount="${frame.dataset.running}"]`)];
  const total = frame.querySelector("[data-sum]");
  const gap = frame.querySelector("[data-gap]");
  const limit = frame.querySelector("[data-approved-shown]");
  const approvedField = frame.dataset.approvedField ? form.elements[frame.dataset.approvedField] : null;
  const base = cents(Number(frame.dataset.base ?? 0));

  const refresh = () => {
    const approved = approvedField ? cents(parse(approvedField.value) ?? 0) : cents(Number(frame.dataset.approved));
    const sum = fields.reduce((running, field) => running + cents(parse(field.value) ?? 0), base);
    const left = approved - sum;
    total.textContent = usd(sum / 100);
    limit.textContent = usd(approved / 100);
    const words = left === 0 ? frame.dataset.exact : `${left > 0 ? frame.dataset.missing : frame.dataset.over} ${usd(Math.abs(left) / 100)}`;
    if (gap.textContent !== words) gap.textContent = words;
    frame.classList.toggle("is-wrong", left !== 0);
    for (const share of form.querySelectorAll("[data-share-of]")) {
      const amount = parse(document.getElementById(share.dataset.shareOf)?.value ?? "");
      share.textContent = amount && approved ? `${count(Math.round((amount * 100000) / approved) / 10)}\u00a0%` : "";
    }
  };
  form.addEventListener("input", refresh);
  refresh();
}
