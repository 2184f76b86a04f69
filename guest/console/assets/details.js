// All that is known of the task that is selected.

import { doing, title } from "./model.js";
import { doing as kindOf, title as stepTitle } from "./steps.js";
import { element, lasting, many, micros, say } from "./text.js";

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

// showStep is show for a step.
export function showStep(box, s) {
  const key = s ? JSON.stringify(["step", s.id, s.for, s.calls]) : "no step";
  if (s && time && key === shown) say(time, `${lasting(s.ago)} ago`);
  if (key === shown) return;
  shown = key;
  time = null;
  if (!s) {
    box.replaceChildren(element("p", "dim", "Select a step to see its calls."));
    return;
  }
  time = element("span", "", `${lasting(s.ago)} ago`);
  const parts = [element("h2", "", stepTitle(s))];
  if (s.func && s.func !== stepTitle(s)) parts.push(element("p", "code", s.func));
  if (s.at) parts.push(element("p", "code dim", s.at));
  parts.push(element("h3", "", "Held the UI thread"), element("p", "", element("span", "strong", micros(s.for)), ", ", time),
    element("p", "dim", kindOf(s)), element("h3", "", "Its calls, when it was looked at"));
  box.replaceChildren(...parts, s.calls.length ? calls(s.calls) :
    element("p", "dim", "It was over before it was looked at. A step that lasts for more than twice the budget is looked at."));
}

// calls lists functions and lines.
function calls(texts) {
  const list = element("ol", "calls");
  for (let i = 0; i < texts.length; i += 2) list.append(element("li", "", element("span", "", texts[i]), element("span", "dim", texts[i + 1])));
  return list;
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
  if (t.calls.length) parts.push(calls(t.calls.map((i) => strings[i])));
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
