// <button data-behaviour="print">
export default function print(button) {
  button.addEventListener("click", () => window.print());
}
