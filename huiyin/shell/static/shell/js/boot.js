// Attaches behaviours: data-behaviour="autosave keys" loads ./autosave.js and ./keys.js, once per element.
const known = new Set([
  "autosave", "bell", "confirm-leave", "copy", "disclosure", "here", "intake", "keys", "moves", "needs", "photos", "place", "preview", "print", "seek", "select-all",
  "size", "stepper", "tabs", "theme", "typeahead", "counter", "vanish",
]);
const done = new WeakMap();

async function attach(element) {
  const attached = done.get(element) ?? new Set();
  done.set(element, attached);
  for (const name of element.dataset.behaviour.split(/\s+/)) {
    if (!known.has(name) || attached.has(name)) continue;
    attached.add(name);
    const module = await import(`./${name}.js`);
    module.default(element);
  }
}

export function scan(root) {
  if (root.matches?.("[data-behaviour]")) attach(root);
  root.querySelectorAll?.("[data-behaviour]").forEach(attach);
}

scan(document);
document.addEventListener("htmx:load", (event) => scan(event.detail.elt));
if (document.getElementById("shortcuts")) import("./shortcuts.js");
if (window.htmx || document.querySelector("script[src*='htmx']")) import("./failures.js");
