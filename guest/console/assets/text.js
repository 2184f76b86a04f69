// Words. All text of the program goes through textContent; nothing here makes markup.

const plain = [[86400000, "d", 3600000, "h"], [3600000, "h", 60000, "min"], [60000, "min", 1000, "s"]];

// lasting is a time in ms, in two units at the most.
export function lasting(ms) {
  for (const [big, b, small, s] of plain) {
    if (ms >= big) {
      const rest = Math.floor((ms % big) / small);
      return `${Math.floor(ms / big)} ${b}` + (rest ? ` ${rest} ${s}` : "");
    }
  }
  if (ms >= 10000) return `${Math.floor(ms / 1000)} s`;
  if (ms >= 1000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  return `${ms} ms`;
}

// micros is a time in µs.
export function micros(us) {
  if (us >= 10000) return lasting(Math.round(us / 1000));
  if (us >= 1000) return `${(us / 1000).toFixed(1)} ms`;
  return `${us} µs`;
}

// many is a number of things.
export function many(n, thing) {
  return `${n.toLocaleString("en")} ${thing}${n === 1 ? "" : "s"}`;
}

// element makes an element with a class, and text or children.
export function element(kind, className, ...inside) {
  const e = document.createElement(kind);
  if (className) e.className = className;
  e.append(...inside);
  return e;
}

// say sets a text if it is another one: what did not change is not laid out again.
export function say(e, text) {
  if (e.textContent !== text) e.textContent = text;
}
