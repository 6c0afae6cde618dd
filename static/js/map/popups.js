// What a pin says: everything but the photos is here already; these are asked for when the popup opens.
import { asked } from "./board.js";

const L = window.L;

function made(tag, css, text) {
  const element = document.createElement(tag);
  if (css) element.className = css;
  if (text) element.textContent = text;
  return element;
}

export function popups(map, config, said) {
  const { words } = config;
  const money = new Intl.NumberFormat(config.language, { maximumFractionDigits: 2 });
  const usd = (value) => `${money.format(value)}\u00a0USD`;
  const page = (source, id) => source.page.replace("/0/", `/${id}/`);

  function open(marker, content, focus) {
    const { key } = marker.getElement().dataset; // the pins are drawn anew when the map moves to show the popup whole
    const popup = L.popup({ offset: [0, -8], maxWidth: 300, minWidth: 220, autoPanPadding: [16, 16] }).setLatLng(marker.getLatLng()).setContent(content);
    popup.on("remove", () => {
      const element = document.querySelector(`.map-spot[data-key="${CSS.escape(key)}"]`);
      // Back to the pin, unless the reader has gone elsewhere by themselves.
      if (element && (document.activeElement === document.body || popup.getElement()?.contains(document.activeElement))) element.focus();
    });
    popup.openOn(map);
    const close = popup.getElement().querySelector(".leaflet-popup-close-button");
    close.setAttribute("aria-label", words.close);
    focus.focus({ preventScroll: true });
    popup.getElement().addEventListener("keydown", (event) => event.key === "Escape" && map.closePopup(popup));
  }

  function state(properties, source) {
    const [label, tone, icon] = source.states[properties.state] ?? [properties.state, "neutral", "circle"];
    const badge = made("span", `status status-${tone}`);
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    drawing.setAttribute("class", "icon");
    drawing.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${config.sprite}#${icon}`);
    drawing.append(use);
    badge.append(drawing, made("span", "", label));
    return badge;
  }

  function facts(properties) {
    const place = properties.place + (properties.approximate ? ` (${words.approximate})` : "");
    const granted = properties.approved === undefined ? "" : ` (${properties.approved ? words.approved : words.asked})`;
    const list = made("p", "");
    const lines = [place, properties.partner, properties.usd === null ? "" : usd(properties.usd) + granted].filter(Boolean);
    lines.forEach((line, at) => list.append(...(at ? [document.createElement("br")] : []), line));
    return list;
  }

  function one(marker, properties, source) {
    const content = made("div", "map-popup");
    if (source.kind === "activity") content.append(made("span", "map-popup-kind", words.activity));
    const link = made("a", "map-popup-title", properties.title);
    link.href = page(source, properties.id);
    content.append(link, state(properties, source), facts(properties));
    if (!source.photos) return open(marker, content, link);
    const photos = made("div", "map-photos");
    photos.append(made("p", "", words.loadingPhotos));
    content.append(photos);
    open(marker, content, link);
    return fill(photos, source.photos.replace("/0/", `/${properties.id}/`));
  }

  async function fill(photos, url) {
    let found = null;
    try {
      found = await asked(url);
    } catch {
      found = null;
    }
    const drawn = (found ?? []).map(({ stage, url: address, caption }) => {
      const figure = made("figure", "");
      const image = made("img", "");
      image.loading = "lazy";
      image.alt = caption || said(words.photo, { stage });
      image.src = address;
      figure.append(image, made("figcaption", "", stage));
      return figure;
    });
    photos.classList.toggle("map-photos-none", !drawn.length);
    photos.replaceChildren(...(drawn.length ? drawn : [made("p", "", found ? words.noPhoto : words.failedPhotos)]));
  }

  function several(marker, all, count, source, pin) {
    const content = made("div", "map-popup");
    content.append(made("strong", "", said(words.same, { count })));
    const list = made("ul", "map-same");
    for (const properties of all) {
      const item = made("li", "");
      const link = made("a", "", properties.title);
      link.href = page(source, properties.id);
      item.append(pin(properties), link);
      list.append(item);
    }
    content.append(list);
    if (count > all.length) content.append(made("p", "", said(words.others, { count: count - all.length })));
    return open(marker, content, list.querySelector("a"));
  }

  return { one, several };
}
