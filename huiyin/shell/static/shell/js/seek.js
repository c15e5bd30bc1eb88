// The search box of the top bar: its help text gives way as soon as something is typed.
export default function seek(input) {
  const mark = () => input.closest(".seek").classList.toggle("is-filled", input.value !== "");
  input.addEventListener("input", mark);
  input.addEventListener("keydown", (event) => { if (event.key === "Escape") input.blur(); });
  mark();
}
