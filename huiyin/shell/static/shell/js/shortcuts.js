// One-letter keys anywhere on the desk: the visible element with data-key="r" is pressed by R. ? shows the list.
export function isTyping(event) {
  const at = event.target;
  return at.isContentEditable || /^(TEXTAREA|SELECT)$/.test(at.tagName)
    || (at.tagName === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(at.type));
}

export function hasModifier(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || isTyping(event) || hasModifier(event) || document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    document.getElementById("shortcuts").showModal();
    event.preventDefault();
    return;
  }
  if (event.key === "/") {
    document.getElementById("seek")?.focus();
    event.preventDefault();
    return;
  }
  if (event.key.length !== 1) return;
  const pressed = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`)]
    .find((element) => element.offsetParent !== null && element.getAttribute("aria-disabled") !== "true");
  if (!pressed) return;
  event.preventDefault();
  if (pressed.matches("input:not([type=checkbox], [type=radio]), textarea, select")) pressed.focus();
  else pressed.click();
});

// Ctrl+Enter sends the form one is writing in.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) event.target.form?.requestSubmit();
});
