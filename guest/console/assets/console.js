// The page asks for the state again and again, while it can be seen and is not paused, and shows it.

import * as details from "./details.js";
import { decode, rows } from "./model.js";
import * as steps from "./steps.js";
import * as strip from "./strip.js";
import { element, lasting, many, say } from "./text.js";
import { Tree } from "./tree.js";
import * as turns from "./turns.js";

const $ = (id) => document.getElementById(id);
const view = { filter: "", order: "tree", closed: new Set(), steps: false };
let model = null, paused = false, stuck = false, over = false, asking = false, failures = 0, timer = 0;

const tree = new Tree($("tree"), {
  onSelect: () => detail(),
  onToggle: (id) => {
    if (!view.closed.delete(id)) view.closed.add(id);
    render();
  },
});

// detail shows what is known of what is selected.
function detail() {
  if (view.steps) details.showStep($("details"), steps.byId(steps.selected));
  else details.show($("details"), model, tree.selected, choose);
}

// tab shows the tasks, or the slowest steps.
function tab(showSteps) {
  view.steps = showSteps;
  for (const [name, on] of [["tasks", !showSteps], ["steps", showSteps]]) {
    $(`tab-${name}`).setAttribute("aria-selected", on);
    $(`tab-${name}`).tabIndex = on ? 0 : -1;
  }
  for (const id of ["list", "filter", "slash", "order", "count"]) $(id).hidden = showSteps;
  $("steps").hidden = !showSteps;
  if (!showSteps) tree.paint();
  detail();
}

// chooseStep selects a step from elsewhere.
function chooseStep(id) {
  tab(true);
  steps.select(id);
  steps.focus(id);
}

// choose selects a task from elsewhere: it must be in the list, then.
function choose(id) {
  tab(false);
  const t = model.byId.get(id);
  for (let up = t && t.parent; up; up = up.parent) view.closed.delete(up.id);
  render();
  if (tree.rows.every((r) => r.task.id !== id)) {
    $("filter").value = view.filter = "";
    render();
  }
  tree.select(id);
  $("tree").focus();
}

// render shows the model as the view wants it.
function render() {
  if (!model) return;
  const { list, found } = rows(model, view);
  tree.show(list);
  detail();
  const total = model.tasks.length + (model.left || 0);
  say($("count"), view.filter.trim() ? `${found.toLocaleString("en")} of ${many(total, "task")}` : many(total, "task"));
  $("empty").hidden = list.length > 0;
  say($("empty"), view.filter.trim() ? "No task has that in its name, function or line." : "The guest has no tasks.");
}

function warnings(list) {
  const box = $("warnings"), ul = box.firstElementChild;
  box.hidden = !list.length;
  const key = JSON.stringify(list.map((w) => [w.kind, w.task, w.count, w.text]));
  if (ul.dataset.key !== key) {
    ul.dataset.key = key;
    ul.replaceChildren(...list.map(warning));
  }
  list.forEach((w, i) => say(ul.children[i].querySelector(".time"), lasting(w.for)));
}

function warning(w) {
  const b = element("button", "", "Show");
  b.setAttribute("aria-label", `Show the task of this warning: ${w.text}`);
  b.addEventListener("click", () => choose(w.task));
  const others = w.count > 1 ? element("span", "tag", `${w.count.toLocaleString("en")} times`) : "";
  return element("li", "", element("div", "", element("p", "", w.text, " ", others), element("p", "dim", w.remedy)), element("span", "time"), b);
}

function held(frame) {
  stuck = Boolean(frame.held);
  $("held").hidden = !frame.held;
  document.body.classList.toggle("isHeld", Boolean(frame.held));
  if (!frame.held) return;
  say($("held-title"), `The UI thread has not answered for ${lasting(frame.heldFor)}`);
  say($("held-stacks"), frame.held);
}

function show(frame) {
  over = Boolean(frame.over);
  strip.show(frame.stats);
  turns.show(frame);
  steps.show(frame);
  say($("steps-count"), steps.count() ? steps.count() : "");
  if (view.steps) detail();
  say($("state"), frame.state);
  held(frame);
  if (frame.held || over) return; // the tasks stay as they were
  model = decode(frame);
  for (const id of view.closed) {
    if (!model.byId.has(id)) view.closed.delete(id);
  }
  say($("name"), frame.name || "guest");
  document.title = `${frame.name || "guest"} – Lodger console`;
  say($("cost"), `Lodger ${frame.version}; a look holds the UI thread for ${frame.took < 1 ? "less than 1" : Math.round(frame.took)} ms, every ${lasting(frame.every)}`);
  warnings(frame.warnings);
  render();
}

// live says how the page stands to the program.
function live() {
  const [word, kind] = over ? ["the guest has ended", "off"] : failures >= 5 ? ["the console has ended", "off"] : failures ? ["no answer", "off"] :
    paused ? ["paused", "still"] : stuck ? ["the UI thread does not answer", "off"] : model || failures ? ["live", "on"] : ["connecting", "still"];
  say($("live"), word);
  $("live").className = `pill ${kind}`;
  const ended = over || failures >= 5;
  document.body.classList.toggle("isOver", ended);
  if (ended) say($("state"), "");
}

async function ask() {
  if (asking || paused || over || failures >= 5 || document.hidden) return;
  asking = true;
  let next = 1000;
  try {
    const answer = await fetch("state.json", { cache: "no-store", signal: AbortSignal.timeout(15000) });
    if (!answer.ok) throw new Error(answer.statusText);
    const frame = await answer.json();
    failures = 0;
    next = frame.every || 500;
    if (!paused) show(frame);
  } catch (e) {
    failures++;
    next = 500 * failures;
  }
  asking = false;
  live();
  clearTimeout(timer);
  timer = setTimeout(ask, next);
}

function pause() {
  paused = !paused;
  $("pause").setAttribute("aria-pressed", paused);
  say($("pause").firstElementChild, paused ? "Go on" : "Pause");
  live();
  ask();
}

function news(text) { $("news").textContent = text; }

async function copy() {
  let text;
  try {
    const answer = await fetch("dump.txt", { cache: "no-store" });
    text = await answer.text();
  } catch (e) {
    news("The program does not answer.");
    return;
  }
  try {
    await navigator.clipboard.writeText(text);
    say($("copy"), "Copied");
    news("The dump is in the clipboard.");
    setTimeout(() => say($("copy"), "Copy dump"), 1500);
  } catch (e) {
    const area = $("dump").querySelector("textarea");
    area.value = text;
    $("dump").showModal();
    area.select();
  }
}

let counting = 0;

$("filter").addEventListener("input", (e) => {
  view.filter = e.target.value;
  render();
  clearTimeout(counting);
  counting = setTimeout(() => news($("count").textContent), 600);
});
$("order").addEventListener("change", (e) => {
  view.order = e.target.value;
  $("tree").scrollTop = 0;
  render();
});
$("pause").addEventListener("click", pause);
$("copy").addEventListener("click", copy);
document.addEventListener("visibilitychange", ask);
document.addEventListener("keydown", (e) => {
  const typing = e.target.closest("input:not([type=radio]), textarea, dialog");
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === "Escape" && e.target === $("filter")) {
    $("filter").value = view.filter = "";
    render();
    $("tree").focus();
  } else if (e.key === "/" && !typing) {
    tab(false);
    $("filter").focus();
    $("filter").select();
  } else if (e.key === " " && !typing && !e.target.closest("button, input")) {
    pause();
  } else {
    return;
  }
  e.preventDefault();
});

for (const name of ["tasks", "steps"]) $(`tab-${name}`).addEventListener("click", () => tab(name === "steps"));
$("tabs").addEventListener("keydown", (e) => {
  if (!["ArrowLeft", "ArrowRight", "Home", "End"].includes(e.key)) return;
  tab(e.key === "End" || e.key !== "Home" && !view.steps);
  $(view.steps ? "tab-steps" : "tab-tasks").focus();
  e.preventDefault();
});
strip.build($("strip"));
turns.build($("turns"), { says: $("turns-sum"), cell: $("turns-cell"), choose: chooseStep });
steps.build($("steps").querySelector("table"), $("no-steps"), detail);
live();
ask();
