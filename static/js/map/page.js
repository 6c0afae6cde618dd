// The map of the projects: the drawing of those who run no script gives way to one that can be moved.
import { board } from "./board.js";
import { layer } from "./layer.js";
import { popups } from "./popups.js";

const config = JSON.parse(document.getElementById("map-config").textContent);
const place = document.getElementById("map");
const status = document.getElementById("map-status");
const words = config.words;
const number = new Intl.NumberFormat(config.language);

export function said(text, values) {
  return text.replace(/\{(\w+)\}/g, (_all, name) => (typeof values[name] === "number" ? number.format(values[name]) : values[name]));
}

// The same criteria as the page, less what only its table needs.
function criteria(names) {
  const query = new URLSearchParams(location.search);
  for (const name of [...query.keys()]) {
    if (name === "suite" || name === "tri" || name === "activites" || (names && !names.includes(name))) query.delete(name);
  }
  return query;
}

function tell(projects, activities) {
  const lines = [];
  if (projects?.cells.length) lines.push(said(words.gathered, { count: projects.total }));
  else if (projects) lines.push(projects.total === 1 ? words.shownOne : said(projects.total ? words.shown : words.shownNone, { count: projects.total }));
  if (activities?.nowhere) lines.push(said(words.nowhere, { count: activities.nowhere }));
  status.textContent = lines.join(" – ");
}

async function start() {
  place.hidden = false;
  document.getElementById("map-drawing").hidden = true;
  const map = await board(place, config);
  const shown = popups(map, config, said);
  const heard = {};
  const hear = (name) => (data) => {
    heard[name] = data;
    tell(heard.projects, heard.activities);
  };
  const projects = layer(map, { ...config.projects, kind: "project", query: criteria(), heard: hear("projects") }, config, shown, said);
  document.getElementById("map-legend").hidden = false;
  await projects.show();

  const box = document.getElementById("show-activities");
  if (!box || !config.activities) return;
  const activities = layer(
    map,
    { ...config.activities, kind: "activity", query: criteria(["region", "secteur"]), heard: hear("activities") },
    config,
    shown,
    said,
  );
  const follow = () => (box.checked ? activities.show() : (activities.hide(), hear("activities")(null)));
  box.addEventListener("change", () => {
    const address = new URL(location.href);
    box.checked ? address.searchParams.set("activites", "1") : address.searchParams.delete("activites");
    history.replaceState(history.state, "", address);
    follow().catch?.(failed);
  });
  if (box.checked) await follow();
}

function failed() {
  status.textContent = words.failed;
  status.classList.add("is-failed");
  place.hidden = true;
  document.getElementById("map-drawing").hidden = false;
}

start().catch(failed);
