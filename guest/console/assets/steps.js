// The slowest steps, as a table. A row has a button, which shows its calls beside the table.

import { element, lasting, micros, say } from "./text.js";

const rows = new Map(); // by number
let body = null, empty = null, onSelect = null, list = [];
export let selected = 0;

export function build(table, none, select) {
  [body, empty, onSelect] = [table.tBodies[0], none, select];
  body.addEventListener("keydown", (e) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key], row = e.target.closest("tr");
    if (!step || !row || e.ctrlKey || e.metaKey || e.altKey) return;
    const next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
    if (next) next.querySelector("button").focus();
    e.preventDefault();
  });
}

// show takes what a frame says.
export function show(frame) {
  if (!frame.turns) return;
  const text = (i) => frame.strings[i];
  list = (frame.steps || []).map((s) => ({ ...s, name: text(s.name), func: text(s.func), at: text(s.at), in: text(s.in), line: text(s.line),
    calls: s.calls.map(text) }));
  for (const id of rows.keys()) {
    if (!list.some((s) => s.id === id)) rows.delete(id);
  }
  for (const s of list) {
    if (!rows.has(s.id)) rows.set(s.id, newRow(s.id));
    fill(rows.get(s.id), s);
  }
  order(list.map((s) => rows.get(s.id).e));
  empty.hidden = list.length > 0;
}

export function count() { return list.length; }

export function byId(id) { return list.find((s) => s.id === id); }

// order puts the rows in their order, and the focus back if that has moved one.
function order(wanted) {
  if (wanted.length === body.rows.length && wanted.every((e, i) => body.rows[i] === e)) return;
  const focus = document.activeElement;
  body.replaceChildren(...wanted);
  if (focus && focus !== document.activeElement && body.contains(focus)) focus.focus();
}

export function select(id) {
  selected = id;
  for (const [n, row] of rows) mark(row, n === id);
  onSelect();
}

export function focus(id) { rows.get(id)?.button.focus(); }

function newRow(id) {
  const row = { button: element("button", "link"), at: element("span", "dim code"), kind: element("span", "tag"), took: element("td", "time strong"),
    where: element("span", "code"), line: element("span", "dim code"), when: element("td", "time"), times: element("td", "time") };
  row.button.addEventListener("click", () => select(id));
  row.button.setAttribute("aria-controls", "details");
  const what = element("th", "", row.button, " ", row.kind, " ", row.at);
  what.scope = "row";
  row.e = element("tr", "", row.took, what, element("td", "", row.where, " ", row.line), row.when, row.times);
  row.e.addEventListener("click", (e) => { if (e.target !== row.button) select(id); });
  mark(row, id === selected);
  return row;
}

function mark(row, on) {
  row.e.classList.toggle("chosen", on);
  row.button.setAttribute("aria-expanded", on);
}

const kinds = { task: "", post: "posted", outside: "outside the guest" };

function fill(row, s) {
  say(row.took, micros(s.for));
  say(row.button, title(s));
  say(row.at, s.name ? `${s.func} ${s.at}` : s.at);
  say(row.kind, kinds[s.kind]);
  row.kind.hidden = !kinds[s.kind];
  say(row.where, s.in || "not looked at");
  row.where.classList.toggle("dim", !s.in);
  say(row.line, s.line);
  say(row.when, `${lasting(s.ago)} ago`);
  say(row.times, s.count.toLocaleString("en"));
}

// title is what a step is called in a sentence.
export function title(s) { return s.name || s.func || (s.kind === "outside" ? s.in : "") || "the guest itself"; }

// doing says what kind of step it was.
export function doing(s) {
  return { task: "A task, from one wait to the next", post: "A posted function", outside: "A handler, or the toolkit, while the guest had work" }[s.kind];
}
