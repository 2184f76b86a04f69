// All that is known of the task that is selected.

import { doing, title } from "./model.js";
import { element, lasting, many, say } from "./text.js";

// A button in here is not made anew while what it says stays, or it would lose the focus.
let shown = "", time = null;

export function show(box, model, id, select) {
  const t = model && model.byId.get(id);
  const key = t ? JSON.stringify([t.id, t.state, t.verb, t.calls, t.more, t.by.map((o) => o.id), t.children.length]) : `none ${id}`;
  if (t && time) say(time, t.state === 1 ? lasting(t.ms) : "");
  if (key === shown) return;
  shown = key;
  time = null;
  if (!t) {
    box.replaceChildren(element("p", "dim", id ? "The task that was selected has ended." : "Select a task to see where it waits."));
    return;
  }
  box.replaceChildren(head(t), ...wait(t, model.strings), ...work(t, model.strings), ...tasks("Waits for", (t.more.waits || []).map((n) =>
    model.byId.get(n)).filter(Boolean), select), ...tasks("Waited for by", t.by, select), ...family(t, select));
}

function head(t) {
  const parts = [element("h2", "", title(t))];
  if (t.name) parts.push(element("p", "code", t.func));
  if (t.place) parts.push(element("p", "code dim", t.place));
  if (t.more.err !== undefined) parts.push(element("p", "bad", "Cancelled: ", element("span", "code", t.more.err)));
  return element("div", "", ...parts);
}

function wait(t, strings) {
  time = element("span", "strong", t.state === 1 ? lasting(t.ms) : "");
  const parts = [element("h3", "", "Does"), element("p", "", doing(t), t.state === 1 ? " for " : "", time)];
  if (t.calls.length) {
    const list = element("ol", "calls");
    for (let i = 0; i < t.calls.length; i += 2) {
      list.append(element("li", "", element("span", "", strings[t.calls[i]]), element("span", "dim", strings[t.calls[i + 1]])));
    }
    parts.push(list);
  }
  return parts;
}

function work(t, strings) {
  if (!t.more.work) return [];
  const list = element("ul", "calls");
  for (const [name, func, place, begun] of t.more.work) {
    const what = strings[name] ? `${strings[name]}: ${strings[func]}` : strings[func];
    list.append(element("li", "", element("span", "", what), element("span", "dim", begun ? strings[place] : "waits for a place in its pool")));
  }
  return [element("h3", "", "Off the UI thread"), list];
}

const few = 20;

function tasks(name, list, select) {
  if (!list.length) return [];
  const all = element("ul", "links");
  for (const t of list.slice(0, few)) {
    const b = element("button", "link", title(t), t.name ? element("span", "dim", ` ${t.func}`) : "");
    b.addEventListener("click", () => select(t.id));
    all.append(element("li", "", b));
  }
  if (list.length > few) all.append(element("li", "dim", `and ${many(list.length - few, "other")}`));
  return [element("h3", "", name), all];
}

function family(t, select) {
  const parts = tasks("Started by", t.parent ? [t.parent] : [], select);
  const n = t.children.length, unbegun = t.more.notBegun || 0;
  if (n || unbegun) {
    parts.push(element("h3", "", "Its tasks"), element("p", "", many(n, "task") + (unbegun ? `, and ${unbegun} that have not begun` : "")));
  }
  return parts;
}
