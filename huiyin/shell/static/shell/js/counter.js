// <p data-behaviour="counter" data-of="id_description">: 写了 37 个字.
export default function counter(words) {
  const field = document.getElementById(words.dataset.of);
  if (!field) return;
  const count = () => { words.textContent = `写了 ${[...field.value.trim()].length} 个字`; };
  field.addEventListener("input", count);
  count();
}
