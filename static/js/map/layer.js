// One kind of thing on the map. What lies close together is gathered: by us while all of it is here (supercluster),
// by the server when there is too much of it to be sent; then the map asks again for what it shows.
import { asked } from "./board.js";

const L = window.L;
const RADIUS = 46; // pixels within which points are gathered
const WAIT = 250; // milliseconds for the map to come to rest

export function layer(map, source, config, popups, said) {
  const group = L.layerGroup();
  const index = new window.Supercluster({ radius: RADIUS, extent: 256, maxZoom: map.getMaxZoom(), minPoints: 2 });
  let data = null;
  let timer = 0;
  let turn = 0;

  async function ask() {
    const mine = ++turn;
    const query = new URLSearchParams(source.query);
    query.set("zoom", Math.round(map.getZoom()));
    if (data && !data.whole) query.set("cadre", frame(map).map((edge) => edge.toFixed(3)).join(","));
    const heard = await asked(`${source.points}?${query}`);
    if (mine !== turn) return; // the map has moved on
    data = heard;
    index.load(data.points.map((row) => ({ type: "Feature", geometry: { type: "Point", coordinates: [row[2], row[1]] }, properties: named(row) })));
    source.heard(data);
    draw();
  }

  function named(row) {
    const [id, , , approximate, ...rest] = row;
    return { id, approximate, ...Object.fromEntries(data.columns.map((name, at) => [name, rest[at]])) };
  }

  function draw() {
    const focused = document.activeElement?.closest(".map-spot")?.dataset.key;
    group.clearLayers();
    for (const cell of data.cells) group.addLayer(cellMarker(cell));
    if (data.points.length) {
      for (const found of index.getClusters(frame(map), Math.round(map.getZoom()))) group.addLayer(found.properties.cluster ? clusterMarker(found) : pointMarker(found));
    }
    if (focused) group.eachLayer((marker) => marker.getElement()?.dataset.key === focused && marker.getElement().focus());
  }

  function spot(lat, lon, title, key, drawn, size, open) {
    const icon = L.divIcon({ className: "map-spot", html: drawn, iconSize: [size, size] });
    const marker = L.marker([lat, lon], { icon, title, riseOnHover: true });
    marker.on("add", () => (marker.getElement().dataset.key = key));
    const go = () => open(marker);
    marker.on("click", go);
    marker.on("keydown", ({ originalEvent }) => {
      if (originalEvent.key !== "Enter" && originalEvent.key !== " ") return;
      originalEvent.preventDefault();
      go();
    });
    return marker;
  }

  function pin(properties) {
    const drawn = document.createElement("span");
    const tone = source.kind === "activity" ? "activity" : `tone-${source.states[properties.state]?.[1] ?? "neutral"}`;
    drawn.className = `map-pin map-${tone}${properties.approximate ? " map-approximate" : ""}`;
    return drawn;
  }

  function pointMarker({ geometry, properties }) {
    const [lon, lat] = geometry.coordinates;
    const state = source.states[properties.state]?.[0] ?? "";
    const title = [properties.title, state, properties.approximate ? config.words.approximate : ""].filter(Boolean).join(", ");
    return spot(lat, lon, title, `${source.kind}-${properties.id}`, pin(properties), 28, (marker) => popups.one(marker, properties, source));
  }

  function bubble(count) {
    const drawn = document.createElement("span");
    drawn.className = `map-cluster${source.kind === "activity" ? " map-cluster-activity" : ""}`;
    drawn.textContent = count < 10_000 ? new Intl.NumberFormat(config.language).format(count) : new Intl.NumberFormat(config.language, { notation: "compact" }).format(count);
    return drawn;
  }

  const size = (count) => 30 + Math.min(26, Math.round(5 * Math.log2(count)));

  function clusterMarker({ id, geometry, properties }) {
    const [lon, lat] = geometry.coordinates;
    const count = properties.point_count;
    const title = said(config.words.here, { count });
    return spot(lat, lon, title, `${source.kind}-group-${lat.toFixed(4)}-${lon.toFixed(4)}`, bubble(count), size(count), (marker) => {
      const closer = index.getClusterExpansionZoom(id);
      if (closer <= map.getMaxZoom()) return map.setView([lat, lon], closer);
      const all = index.getLeaves(id, 50).map((leaf) => leaf.properties);
      return popups.several(marker, all, count, source, pin);
    });
  }

  function cellMarker([lat, lon, count, west, south, east, north]) {
    const title = said(config.words.here, { count });
    return spot(lat, lon, title, `${source.kind}-cell-${lat}-${lon}`, bubble(count), size(count), () => {
      map.fitBounds([[south, west], [north, east]], { padding: [40, 40], maxZoom: Math.min(map.getZoom() + 3, map.getMaxZoom()) });
    });
  }

  function moved() {
    if (!data) return;
    if (data.whole) return draw();
    clearTimeout(timer);
    timer = setTimeout(() => ask().catch(() => undefined), WAIT);
  }

  return {
    async show() {
      group.addTo(map);
      map.on("moveend", moved);
      await ask();
    },
    hide() {
      turn += 1;
      map.off("moveend", moved);
      group.remove();
      data = null;
    },
  };
}

// A little more than what is seen, so that a short move shows no edge.
function frame(map) {
  const seen = map.getBounds().pad(0.15);
  return [Math.max(seen.getWest(), -180), Math.max(seen.getSouth(), -85), Math.min(seen.getEast(), 180), Math.min(seen.getNorth(), 85)];
}
