// The page of one matter: J/K go to the next and previous matter of the list one came from.
// <main data-behaviour="moves" data-next="/desk/…" data-previous="/desk/…">; letters of moves are data-key (shortcuts.js).
import { hasModifier, isTyping } from "./shortcuts.js";

export default function moves(page) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isTyping(event) || hasModifier(event) || document.querySelector("dialog[open]")) return;
    const goal = { j: page.dataset.next, k: page.dataset.previous }[event.key];
    if (goal) location.assign(goal);
  });
}
