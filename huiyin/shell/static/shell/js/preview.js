// Side preview that follows the chosen row. On the container (.split): data-behaviour="preview" data-target="#peek";
// rows carry data-preview with the address of the fragment. Space hides and shows it.
const WAIT = 120; // ms of rest before asking, so that holding J does not ask for every row

export default function preview(split) {
  const pane = document.querySelector(split.dataset.target ?? "#peek");
  if (!pane) return;
  let timer = 0;
  let shown = pane.dataset.shown ?? "";

  const visible = () => getComputedStyle(pane).display !== "none";

  function load(row) {
    const address = row.dataset.preview;
    if (!address || address === shown || !visible()) return;
    shown = address;
    window.htmx.ajax("GET", address, { target: pane, swap: "innerHTML" }).then(() => { pane.scrollTop = 0; });
  }

  split.addEventListener("row:chosen", (event) => {
    clearTimeout(timer);
    timer = setTimeout(load, WAIT, event.target);
  });
  split.addEventListener("row:preview", (event) => {
    pane.hidden = !pane.hidden;
    split.classList.toggle("is-wide", pane.hidden);
    if (!pane.hidden) load(event.target);
  });
  pane.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]")) return;
    pane.hidden = true;
    split.classList.add("is-wide");
  });
  const ready = () => {
    const row = split.querySelector("[data-preview][aria-current='true']");
    if (row) load(row);
  };
  if (window.htmx) ready(); else window.addEventListener("load", ready, { once: true });
}
