// <input type="checkbox" data-behaviour="select-all" data-of="numbers">; [data-bulk] shows itself once something is ticked.
export default function selectAll(box) {
  const form = box.form ?? document;
  const boxes = () => [...form.querySelectorAll(`input[type=checkbox][name="${CSS.escape(box.dataset.of)}"]`)];
  const bar = form.querySelector("[data-bulk]") ?? document.querySelector("[data-bulk]");

  function show() {
    const ticked = boxes().filter((one) => one.checked).length;
    box.checked = ticked > 0 && ticked === boxes().length;
    box.indeterminate = ticked > 0 && !box.checked;
    if (!bar) return;
    bar.hidden = ticked === 0;
    const number = bar.querySelector("[data-bulk-count]");
    if (number) number.textContent = String(ticked);
  }

  box.addEventListener("change", () => {
    boxes().forEach((one) => { one.checked = box.checked; });
    show();
  });
  form.addEventListener("change", (event) => { if (event.target.name === box.dataset.of) show(); });
  show();
}
