// An amount in dollars or in francs: proposes the whole in the currency chosen, and says what francs are worth.
const sum = document.querySelector(".money-sum");

if (sum) {
  const amount = sum.querySelector("[name=amount]");
  const rate = sum.querySelector("[name=rate]");
  const worth = sum.querySelector(".money-worth");
  const french = document.documentElement.lang !== "en";

  // As the server reads numbers: spaces go, the last separator is the decimal one.
  const read = (text) => {
    let plain = text.replace(/[\s\u00a0\u202f\u2009']/g, "");
    if (!french && /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain)) plain = plain.replaceAll(",", "");
    else if (plain.includes(",") && plain.includes(".")) plain = plain.replaceAll(plain.lastIndexOf(",") < plain.lastIndexOf(".") ? "," : ".", "");
    return Number(plain.replace(",", "."));
  };
  const chosen = () => sum.querySelector("[name=currency]:checked")?.value;

  const say = () => {
    const dollars = read(amount.value) / read(rate.value);
    const shown = chosen() === "XOF" && Number.isFinite(dollars) && dollars > 0;
    const text = dollars.toLocaleString(french ? "fr-FR" : "en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    worth.textContent = shown ? worth.dataset.worth.replace("{amount}", text) : "";
  };

  sum.addEventListener("change", (event) => {
    if (event.target.name === "currency") {
      const { usd, xof } = amount.dataset;
      const [from, to] = chosen() === "XOF" ? [usd, xof] : [xof, usd];
      if (to && amount.value === from) amount.value = to;
    }
    say();
  });
  sum.addEventListener("input", say);
  say();
}
