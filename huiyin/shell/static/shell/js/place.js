// <div class="place-box" data-behaviour="place" data-url="/raise/places/" data-grid="id_grid"> round a text input:
// places that fit while one types; taking one fills the text and chooses its grid. The text stays free.
import { Listbox } from "./listbox.js";

const WAIT = 200; // ms

export default function place(box) {
  const input = box.querySelector("input");
  const grid = document.getElementById(box.dataset.grid);
  const listbox = new Listbox(input, "可能的地方", take);
  let timer = 0;
  let asked = 0;
  input.autocomplete = "off";
  box.append(listbox.list);

  function take(result) {
    if (!result) return;
    input.value = result.label;
    if (grid && result.value) grid.value = result.value;
    listbox.show(false);
  }

  async function look() {
    const turn = ++asked;
    const text = input.value.trim();
    if (text.length < 2) return listbox.show(false);
    const url = new URL(box.dataset.url, location.href);
    url.searchParams.set("q", text);
    const found = await fetch(url, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : null)).then((told) => told?.results ?? []).catch(() => []);
    if (turn !== asked || document.activeElement !== input) return undefined;
    if (!found.length) return listbox.show(false); // free words are as good
    listbox.draw(found);
    listbox.point(-1);
    return undefined;
  }

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    asked += 1;
    if (!event.isComposing) timer = setTimeout(look, WAIT);
  });
  input.addEventListener("compositionend", look);
  input.addEventListener("blur", () => { asked += 1; listbox.show(false); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || !listbox.isOpen) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) listbox.step(listbox.at < 0 && by < 0 ? 0 : by);
    else if (event.key === "Enter" && listbox.at >= 0) take(listbox.found[listbox.at]);
    else if (event.key === "Escape") listbox.show(false);
    else return;
    event.preventDefault();
  });
}
