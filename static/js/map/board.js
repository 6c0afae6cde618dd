// The board that everything lies on: the country's regions, tiles where the installation has some, and the view.
const L = window.L;
const MALI = L.latLngBounds([10.1, -12.3], [25.1, 4.3]);
const CLOSEST = 13; // without tiles nothing is drawn that would need more
const CLOSEST_WITH_TILES = 17;

export async function asked(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

export async function board(place, config) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(place, {
    minZoom: 4,
    maxZoom: config.tiles.url ? CLOSEST_WITH_TILES : CLOSEST,
    zoomSnap: 0.5,
    zoomControl: false,
    scrollWheelZoom: false, // the wheel scrolls the page until the map is used
    maxBounds: MALI.pad(0.6),
    zoomAnimation: !still,
    fadeAnimation: !still,
    inertia: !still,
  });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ position: "topright", zoomInTitle: config.words.zoomIn, zoomOutTitle: config.words.zoomOut }).addTo(map);
  map.on("focus click", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  if (config.tiles.url) {
    place.classList.add("has-tiles");
    L.tileLayer(config.tiles.url, { maxZoom: CLOSEST_WITH_TILES, attribution: escaped(config.tiles.credit) }).addTo(map);
  }
  look(map);
  await land(map, config);
  return map;
}

async function land(map, config) {
  const regions = await asked(config.outlines);
  L.geoJSON(regions, { interactive: false, style: () => ({ className: "map-land" }) }).addTo(map);
  map.createPane("names").style.zIndex = 450;
  for (const { properties } of regions.features) {
    const name = document.createElement("span");
    name.className = "map-name";
    name.textContent = properties.name;
    const icon = L.divIcon({ className: "", html: name, iconSize: [0, 0] });
    L.marker(properties.label, { icon, interactive: false, keyboard: false, pane: "names" }).addTo(map);
  }
}

// The view is kept in the address, so that coming back from a project finds the map as it was left.
function look(map) {
  const [zoom, lat, lon] = location.hash.slice(1).split("/").map(Number);
  if (Number.isFinite(zoom) && Number.isFinite(lat) && Number.isFinite(lon)) map.setView([lat, lon], zoom);
  else map.fitBounds(MALI);
  map.on("moveend", () => {
    const { lat, lng } = map.getCenter();
    history.replaceState(history.state, "", `#${map.getZoom()}/${lat.toFixed(4)}/${lng.toFixed(4)}`);
  });
}

function escaped(text) {
  const holder = document.createElement("span");
  holder.textContent = text;
  return holder.innerHTML;
}
