// The list of tasks: only the rows that can be seen are in the page, however many there are.

import { doing, title, words } from "./model.js";
import { element, lasting, many, say } from "./text.js";

const height = 28; // of a row, as in the style sheet
const more = 8; // rows beyond what can be seen, above and below

export class Tree {
  constructor(box, { onSelect, onToggle }) {
    this.box = box;
    this.space = box.firstElementChild;
    this.onSelect = onSelect;
    this.onToggle = onToggle;
    this.rows = [];
    this.selected = 0; // the number of a task
    this.pool = [];
    box.addEventListener("scroll", () => this.paint(), { passive: true });
    box.addEventListener("keydown", (e) => this.key(e));
    box.addEventListener("click", (e) => this.click(e));
    new ResizeObserver(() => this.paint()).observe(box);
  }

  // show takes the rows to show.
  show(rows) {
    this.rows = rows;
    this.space.style.height = `${rows.length * height}px`;
    this.paint();
  }

  index() { return this.rows.findIndex((r) => r.task.id === this.selected); }

  select(id, scroll = true) {
    this.selected = id;
    const i = this.index();
    if (scroll && i >= 0) this.reveal(i);
    this.paint();
    this.onSelect(id);
  }

  reveal(i) {
    const top = i * height, seen = this.box.clientHeight;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (top + height > this.box.scrollTop + seen) this.box.scrollTop = top + height - seen;
  }

  paint() {
    const first = Math.max(0, Math.floor(this.box.scrollTop / height) - more);
    const last = Math.min(this.rows.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / height) + more);
    while (this.pool.length < last - first) this.pool.push(newRow());
    let active = "";
    for (let i = first; i < last; i++) {
      const row = this.pool[i - first], isSelected = this.rows[i].task.id === this.selected;
      fill(row, this.rows[i], i, this.rows.length, isSelected);
      if (isSelected) active = row.e.id;
      if (!row.e.isConnected) this.space.append(row.e);
    }
    for (const row of this.pool.slice(last - first)) row.e.remove();
    if (active) this.box.setAttribute("aria-activedescendant", active);
    else this.box.removeAttribute("aria-activedescendant");
  }

  click(e) {
    const e2 = e.target.closest("[role=treeitem]");
    const row = e2 && this.rows[Number(e2.dataset.i)];
    if (!row) return;
    if (e.target.classList.contains("twisty") && row.open !== undefined) this.onToggle(row.task.id);
    this.select(row.task.id, false);
  }

  key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey || !this.rows.length) return;
    const at = this.index(), page = Math.max(1, Math.floor(this.box.clientHeight / height) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (e.key in steps) {
      const to = at < 0 ? 0 : Math.min(this.rows.length - 1, Math.max(0, at + steps[e.key]));
      this.select(this.rows[e.key === "Home" ? 0 : e.key === "End" ? this.rows.length - 1 : to].task.id);
    } else if (at >= 0 && !this.sideways(e.key, this.rows[at])) {
      return;
    }
    e.preventDefault();
  }

  // sideways opens and closes, and walks between parents and children, as trees do everywhere.
  sideways(key, { task, open }) {
    switch (key) {
    case "ArrowRight":
      if (open === false) this.onToggle(task.id);
      else if (open) this.select(this.rows[this.index() + 1].task.id);
      return true;
    case "ArrowLeft":
      if (open) this.onToggle(task.id);
      else if (task.parent && this.rows.some((r) => r.task === task.parent)) this.select(task.parent.id);
      return true;
    case "Enter":
      if (open !== undefined) this.onToggle(task.id);
      return true;
    }
    return false;
  }
}

function newRow() {
  const part = (name) => element("span", name);
  const row = { twisty: part("twisty"), dot: part("dot"), name: part("name"), func: part("func"), tags: part("tags"), verb: part("verb"),
    line: part("line"), time: part("time") };
  row.e = element("div", "row", element("span", "task", row.twisty, row.dot, row.name, row.func, row.tags), row.verb, row.line, row.time);
  row.e.setAttribute("role", "treeitem");
  return row;
}

function fill(row, { task: t, depth, open, faint, flat }, i, n, isSelected) {
  const { e } = row, cancelled = t.more.err !== undefined;
  e.id = `task-${t.id}`;
  e.dataset.i = i;
  e.style.transform = `translateY(${i * height}px)`;
  e.style.setProperty("--depth", Math.min(depth, 24));
  e.className = `row ${words[t.state]}${cancelled ? " cancelled" : ""}${faint ? " faint" : ""}${i % 2 ? " odd" : ""}`;
  set(e, "aria-selected", isSelected);
  set(e, "aria-level", depth + 1);
  set(e, "aria-expanded", open);
  set(e, "aria-posinset", flat ? i + 1 : t.nth);
  set(e, "aria-setsize", flat ? n : t.siblings.length);
  set(e, "aria-label", [t.name, t.func, doing(t), t.at, cancelled ? "cancelled" : "", ...tags(t)].filter(Boolean).join(", "));
  say(row.twisty, open === undefined ? "" : open ? "▾" : "▸");
  say(row.name, title(t));
  say(row.func, t.name ? t.func : "");
  tag(row.tags, t, cancelled);
  say(row.verb, t.state === 1 ? t.verb : doing(t));
  say(row.line, t.at);
  say(row.time, t.state === 1 ? lasting(t.ms) : "");
}

function set(e, name, value) {
  if (value === undefined) e.removeAttribute(name);
  else if (e.getAttribute(name) !== String(value)) e.setAttribute(name, value);
}

// tags are what is remarkable about a task, in a word or two each.
function tags(t) {
  const list = [];
  if (t.more.work) list.push(t.more.work.length === 1 ? "off the UI thread" : `${t.more.work.length} off the UI thread`);
  if (t.more.waits) list.push(`waits for ${many(t.more.waits.length, "task")}`);
  if (t.by.length) list.push(`${many(t.by.length, "task")} wait${t.by.length === 1 ? "s" : ""} for it`);
  if (t.more.notBegun) list.push(`${t.more.notBegun.toLocaleString("en")} not begun`);
  return list;
}

function tag(e, t, cancelled) {
  const list = tags(t), key = `${cancelled}|${list.join("|")}`;
  if (e.dataset.key === key) return;
  e.dataset.key = key;
  e.replaceChildren(...(cancelled ? [element("span", "tag bad", "cancelled")] : []), ...list.map((text) => element("span", "tag", text)));
}
