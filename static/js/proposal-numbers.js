// Numbers as people write them, and as the portal writes them.
const english = document.documentElement.lang.startsWith("en");
const locale = english ? "en-GB" : "fr-FR";
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
const cents = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

// « 1 500,50 » is 1500.5; null when it is no number. The server reads it in the same way (plain_number).
export function parse(text) {
  let plain = text.replace(/[\s\u00a0\u202f\u2009']/g, "");
  if (english && /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain)) plain = plain.replaceAll(",", "");
  else if (plain.includes(",") && plain.includes(".")) {
    plain = plain.replaceAll(plain.lastIndexOf(",") < plain.lastIndexOf(".") ? "," : ".", "");
  }
  plain = plain.replace(",", ".");
  return /^-?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : null;
}

export const count = (number) => whole.format(number);

export function usd(number) {
  return `${Number.isInteger(number) ? whole.format(number) : cents.format(number)}\u00a0USD`;
}
