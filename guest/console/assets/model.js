// What the program has said, and which of its tasks are to be shown, in which order.

export const words = ["ready", "waiting", "timer", "joining"];

// decode makes tasks of the rows. The texts stay numbers until they are shown.
export function decode(frame) {
  const { strings, stacks, more } = frame;
  const tasks = frame.tasks.map(([id, parent, name, func, place, state, ms, verb, stack], row) => ({
    id, parent: null, row, up: parent, name: strings[name], func: strings[func], place: strings[place], state, ms,
    verb: strings[verb], calls: stack < 0 ? [] : stacks[stack], at: stack < 0 ? "" : strings[stacks[stack][1]],
    texts: [name, func, place, verb, ...(stack < 0 ? [] : [stacks[stack][1]])],
    more: more[row] || none, children: [], by: [], depth: 0,
  }));
  const byId = new Map();
  const top = [];
  for (const t of tasks) {
    byId.set(t.id, t);
    if (t.up >= 0) {
      t.parent = tasks[t.up];
      t.depth = t.parent.depth + 1;
    }
    t.siblings = t.parent ? t.parent.children : top;
    t.nth = t.siblings.push(t);
    for (const w of t.more.work || []) t.texts.push(w[0], w[1], w[2]);
  }
  for (const t of tasks) {
    for (const id of t.more.waits || []) byId.get(id)?.by.push(t);
  }
  return { ...frame, tasks, byId };
}

const none = {};

// title is how a task is called in a sentence.
export function title(t) { return t.name || t.func; }

// doing is what a task does, in words.
export function doing(t) {
  switch (t.state) {
  case 1: return t.verb ? `waits in ${t.verb}` : "waits";
  case 2: return "waits for the time of its start";
  case 3: return "has returned, waits for its tasks";
  }
  return "ready to go on";
}

// matching returns the tasks that have the filter in one of their texts, or null for all. Each
// text is searched once, however many tasks have it.
function matching(model, filter) {
  const wanted = filter.trim().toLowerCase();
  if (!wanted) return null;
  const hit = model.strings.map((s) => s.toLowerCase().includes(wanted));
  return new Set(model.tasks.filter((t) => t.texts.some((i) => hit[i])));
}

// rows are the tasks to show. In the tree the ancestors of a match stay, and closed tasks hide
// what is below them unless a filter has found it.
export function rows(model, { filter, order, closed }) {
  const found = matching(model, filter);
  if (order === "tree") return { list: treeRows(model, found, closed), found: found ? found.size : model.tasks.length };
  const list = model.tasks.filter((t) => !found || found.has(t));
  if (order === "longest") list.sort((a, b) => (b.state === 1) - (a.state === 1) || b.ms - a.ms || a.id - b.id);
  else list.sort((a, b) => b.id - a.id);
  return { list: list.map((t) => ({ task: t, depth: 0, open: undefined, faint: false, flat: true })), found: list.length };
}

function treeRows(model, found, closed) {
  const keep = found && new Set();
  if (found) {
    for (const t of found) {
      for (let up = t; up && !keep.has(up); up = up.parent) keep.add(up);
    }
  }
  const list = [];
  let hidden = -1; // the depth of the closed task whose children are passed over
  for (const t of model.tasks) {
    if (keep && !keep.has(t)) continue;
    if (hidden >= 0 && t.depth > hidden) continue;
    const isClosed = !found && closed.has(t.id);
    hidden = isClosed ? t.depth : -1;
    list.push({ task: t, depth: t.depth, open: t.children.length ? !isClosed : undefined, faint: found !== null && !found.has(t) });
  }
  return list;
}
