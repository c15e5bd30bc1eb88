// <details data-behaviour="disclosure">: closes on Escape and on a press elsewhere; focus returns to the summary.
export default function disclosure(details) {
  document.addEventListener("click", (event) => {
    if (details.open && !details.contains(event.target)) details.open = false;
  });
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    details.querySelector("summary").focus();
    event.stopPropagation();
  });
  details.addEventListener("toggle", () => {
    if (details.open) details.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
}
