// J/K (or arrows) walk the rows of a list, Enter opens, Space toggles the preview, X ticks the row.
// <table data-behaviour="keys" data-rows="tbody tr[data-href]"> – each row: data-href, optional data-preview.
// The chosen row carries aria-current and sends "row:chosen"; preview.js listens.
import { hasModifier, isTyping } from "./shortcuts.js";

export default function keys(list) {
  const pick = list.dataset.rows ?? "tbody tr[data-href]";
  const rows = () => [...list.querySelectorAll(pick)];
  const current = () => list.querySelector(`:is(${pick})[aria-current="true"]`);

  function choose(row, { focus = true } = {}) {
    if (!row) return;
    rows().forEach((other) => {
      other.removeAttribute("aria-current");
      other.tabIndex = -1;
    });
    row.setAttribute("aria-current", "true");
    row.tabIndex = 0;
    if (focus) row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    row.dispatchEvent(new CustomEvent("row:chosen", { bubbles: true }));
  }

  function step(by) {
    const all = rows();
    const at = all.indexOf(current());
    choose(all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + by))]);
  }

  list.addEventListener("click", (event) => {
    const row = event.target.closest(pick);
    if (!row || event.target.closest("a, button, input, label, summary")) return;
    choose(row);
  });
  list.addEventListener("dblclick", (event) => {
    const row = event.target.closest(pick);
    if (row && !event.target.closest("input, button")) location.assign(row.dataset.href);
  });

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isTyping(event) || hasModifier(event) || !list.isConnected) return;
    if (document.querySelector("dialog[open]")) return;
    const inControl = event.target.closest("a, button, summary, input, label") && list.contains(event.target);
    const elsewhere = event.target !== document.body && !list.contains(event.target);
    const row = current();
    if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !elsewhere) step(event.key === "ArrowDown" ? 1 : -1);
    else if (elsewhere && event.key !== "x") return;
    else if (event.key === "Enter" && row && !inControl) location.assign(row.dataset.href);
    else if (event.key === " " && row && !inControl) row.dispatchEvent(new CustomEvent("row:preview", { bubbles: true }));
    else if (event.key === "x" && row) row.querySelector("input[type=checkbox]")?.click();
    else return;
    event.preventDefault();
  });

  rows().forEach((row) => { row.tabIndex = row === current() ? 0 : -1; });
  const first = current() ?? rows()[0];
  if (first) choose(first, { focus: false });
}
