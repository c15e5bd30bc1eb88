// <button data-behaviour="copy" data-copy="7K4-M93-QXZ">: copies, and the button says so.
export default function copy(button) {
  const said = button.textContent;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "已复制";
    } catch {
      button.textContent = "没复制上，请手抄";
    }
    setTimeout(() => { button.textContent = said; }, 2500);
  });
}
