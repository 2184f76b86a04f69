// The figures of the guest, each with its last minute.

import { element, say } from "./text.js";

const minute = 60000;
const kinds = [
  ["tasks", "Tasks", "have begun and not ended"],
  ["sleeping", "Sleeping", "wait for a time"],
  ["background", "Background", "functions off the UI thread that tasks wait for"],
  ["queued", "Queued", "posts, starts and wake-ups that wait for their turn"],
  ["failed", "Failed", "futures whose error has not been looked at yet"],
  ["unobserved", "Unobserved", "errors so far that went to OnError or the log"],
];
const tiles = new Map();
const samples = [];

export function build(strip) {
  for (const [key, name, meaning] of kinds) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 60 20");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    const area = document.createElementNS(svg.namespaceURI, "polygon");
    const line = document.createElementNS(svg.namespaceURI, "polyline");
    svg.append(area, line);
    const value = element("dd", "", "–");
    const tile = element("div", "tile", element("dt", "", name), value, svg);
    tile.title = meaning;
    strip.append(tile);
    tiles.set(key, { tile, value, line, area });
  }
}

export function show(stats) {
  const now = performance.now();
  samples.push([now, stats]);
  while (samples.length > 2 && samples[1][0] < now - minute) samples.shift();
  for (const [key, { tile, value, line, area }] of tiles) {
    say(value, stats[key].toLocaleString("en"));
    tile.classList.toggle("bad", stats[key] > 0 && (key === "failed" || key === "unobserved"));
    let top = 1;
    for (const [, s] of samples) top = Math.max(top, s[key]);
    const points = samples.map(([at, s]) => `${(60 - Math.min(60, (now - at) / 1000)).toFixed(2)},${(19 - 17 * s[key] / top).toFixed(2)}`);
    line.setAttribute("points", points.join(" "));
    area.setAttribute("points", `${points[0].split(",")[0]},20 ${points.join(" ")} 60,20`);
  }
}
