// The timeline of turns: a column for each 50 ms, as high as the longest turn in it, and as the
// longest time in something else.

import { element, lasting, many, micros, say } from "./text.js";

const svgns = "http://www.w3.org/2000/svg";
const floor = 46, low = 60; // the ground of the columns, and of the band below them, in a drawing 60 high
const kinds = ["blind", "owed", "turn", "over", "slow"];
const parts = {};
let box = null, readout = null, summary = null, onStep = null;
let state = null; // of the last frame
let cursor = -1, pointed = -1; // cells, by number

export function build(at, { says, cell, choose }) {
  [box, summary, readout, onStep] = [at, says, cell, choose];
  const svg = document.createElementNS(svgns, "svg");
  svg.setAttribute("viewBox", `0 0 600 ${low}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  for (const kind of [...kinds, "budget", "limit", "cursor"]) {
    parts[kind] = document.createElementNS(svgns, "path");
    parts[kind].setAttribute("class", kind);
    svg.append(parts[kind]);
  }
  parts.budgetLabel = element("span", "mark");
  parts.limitLabel = element("span", "mark");
  box.append(svg, parts.budgetLabel, parts.limitLabel);
  box.addEventListener("keydown", key);
  box.addEventListener("pointermove", (e) => point(cellAt(e)));
  box.addEventListener("pointerleave", () => point(-1));
  box.addEventListener("click", (e) => { move(cellAt(e)); open(); });
}

// show takes what a frame says. A frame without a timeline leaves the last one.
export function show(frame) {
  if (!frame.turns) return;
  const cells = new Map(frame.cells.map(([n, begun, slow, busy, owed, longest, blind, held]) => [n, { n, begun, slow, busy, owed, longest, blind, held }]));
  state = { ...frame.turns, all: frame.turns.cells, cells, steps: frame.steps || [] };
  if (cursor >= 0 && cursor <= state.newest - state.all) cursor = -1;
  paint();
  say(summary, sums());
}

// height is logarithmic: 0.1 ms is the ground, a second the top.
function height(us) { return Math.max(0, Math.min(1, Math.log10(us / 100) / 4)) * (floor - 2); }

const column = (x, from, h) => `M${x} ${from}v${-h.toFixed(1)}h1v${h.toFixed(1)}z`;

function kindOf(c) {
  if (state.slow && c.longest >= state.slow) return "slow";
  return c.longest > 2 * state.budget ? "over" : "turn";
}

function paint() {
  const first = state.newest - state.all + 1, d = Object.fromEntries(kinds.map((k) => [k, ""]));
  for (const c of state.cells.values()) {
    const x = c.n - first;
    if (x < 0) continue;
    if (c.blind) d.blind += column(x, low, low);
    if (c.held > 1000) d.owed += column(x, floor, Math.max(1.5, height(c.held)));
    if (c.longest || c.begun) d[kindOf(c)] += column(x, floor, Math.max(1.5, height(c.longest)));
    if (c.owed > 1000) d.owed += column(x, low, Math.max(1, 11 * c.owed / (state.grain * 1000)));
  }
  for (const kind of kinds) parts[kind].setAttribute("d", d[kind]);
  line("budget", state.budget);
  line("limit", state.slow);
  const at = pointed >= 0 ? pointed : cursor;
  parts.cursor.setAttribute("d", at >= 0 && at >= first ? `M${at - first + 0.5} 0V${low}` : "");
  tell(at);
}

function line(name, us) {
  const y = (floor - height(us)).toFixed(1), label = parts[`${name}Label`];
  parts[name].setAttribute("d", us ? `M0 ${y}H600` : "");
  label.style.top = `${100 * y / low}%`;
  say(label, us ? micros(us) : "");
}

// tell says what was in a cell, on the page, and to a screen reader that walks the columns.
function tell(n) {
  const text = n < 0 ? "" : sentence(n);
  say(readout, text || "Walk the columns with the arrow keys, or point at one. Enter shows its long step.");
  box.setAttribute("aria-valuemin", -state.grain * state.all);
  box.setAttribute("aria-valuenow", cursor < 0 ? 0 : -ago(cursor));
  box.setAttribute("aria-valuetext", cursor < 0 ? sums() : sentence(cursor));
}

function ago(n) { return Math.max(0, state.now - (n + 1) * state.grain); }

function sentence(n) {
  const c = state.cells.get(n), when = `${lasting(ago(n))} ago: `;
  if (!c) return `${when}idle`;
  const list = [];
  if (c.longest || c.begun) {
    const word = kindOf(c) === "slow" ? "a slow turn of " : c.begun > 1 ? "the longest took " : "a turn of ";
    if (c.begun > 1) list.push(many(c.begun, "turn"));
    list.push(word + micros(c.longest), `${micros(c.busy)} of ${state.grain} ms in turns`);
  }
  if (c.owed > 1000) list.push(`${micros(c.owed)} of ${micros(c.held)} in something else, while the guest had work`);
  if (c.blind && !list.length) list.push("not watched");
  return when + list.join(", ");
}

function sums() {
  const s = state;
  if (!s) return "";
  const text = [`${many(s.turns, "turn")} in ${lasting(s.watched)}`];
  if (s.watched) text.push(`${(s.busy / s.watched / 10).toFixed(1)} % of the time in turns`);
  if (s.longest) text.push(`the longest took ${micros(s.longest)}, ${lasting(s.ago)} ago`);
  text.push(s.slow ? `${s.slows || "none"} slow (${micros(s.slow)} and more)` : "slow turns are not looked for");
  if (s.held >= 1000) text.push(`something else took up to ${micros(s.held)} while the guest had work, ${lasting(s.heldAgo)} ago`);
  return text.join("; ");
}

function cellAt(e) {
  const r = box.getBoundingClientRect(), x = state ? Math.floor((e.clientX - r.left) / r.width * state.all) : 0;
  return state ? state.newest - state.all + 1 + Math.max(0, Math.min(state.all - 1, x)) : -1;
}

function point(n) {
  pointed = n;
  if (state) paint();
}

function move(n) {
  cursor = n;
  pointed = -1;
  if (state) paint();
}

// open shows the long step that the cell of the cursor is a part of.
function open() {
  if (!state || cursor < 0) return;
  const from = cursor * state.grain, to = from + state.grain;
  const step = state.steps.find((s) => s.began <= to && s.began + s.for / 1000 >= from);
  if (step) onStep(step.id);
}

function key(e) {
  if (!state || e.ctrlKey || e.metaKey || e.altKey) return;
  const all = [...state.cells.keys()].filter((n) => !state.cells.get(n).blind && n > state.newest - state.all);
  const before = all.filter((n) => cursor < 0 || n < cursor), after = all.filter((n) => cursor >= 0 && n > cursor);
  switch (e.key) {
  case "ArrowLeft": case "ArrowDown": move(before.at(-1) ?? cursor); break;
  case "ArrowRight": case "ArrowUp": move(after[0] ?? cursor); break;
  case "PageUp": move(before.at(-10) ?? before[0] ?? cursor); break;
  case "PageDown": move(after[9] ?? after.at(-1) ?? cursor); break;
  case "Home": move(all[0] ?? -1); break;
  case "End": move(all.at(-1) ?? -1); break;
  case "Enter": open(); break;
  default: return;
  }
  e.preventDefault();
}
