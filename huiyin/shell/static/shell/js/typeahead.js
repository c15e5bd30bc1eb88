// A select that one types into; without script it stays a select.
// <div class="combo" data-behaviour="typeahead" data-url="/desk/find/categories/"> <select …> </div>
// GET url?q=dianti → {"results": [{"value", "label", "path"?, "unit"?, "limit"?, "now"?, "mark"?: [from, to]}]}
// Without data-url the options of the select are searched (label, and data-keys for pinyin).
import { Listbox } from "./listbox.js";

const WAIT = 120; // ms
const CARRIED = ["aria-describedby", "aria-invalid", "aria-label"];

export default function typeahead(box) {
  const select = box.querySelector("select");
  const input = document.createElement("input");
  const id = select.id || `combo-${Math.random().toString(36).slice(2)}`;
  const chosen = () => (select.value ? select.selectedOptions[0].textContent.trim() : "");
  let timer = 0;
  let asked = 0;
  let fresh = true; // does the list show what is typed now?

  Object.assign(input, { className: "in", autocomplete: "off", id, spellcheck: false, value: chosen() });
  CARRIED.filter((name) => select.hasAttribute(name)).forEach((name) => input.setAttribute(name, select.getAttribute(name)));
  const label = document.querySelector(`label[for="${CSS.escape(id)}"]`)?.textContent.trim() || input.getAttribute("aria-label") || "可选项";
  Object.assign(select, { id: `${id}-value`, hidden: true, required: false });
  const listbox = new Listbox(input, label, take);
  box.append(input, listbox.list);

  function take(result) {
    if (!result) return;
    const value = String(result.value);
    if (![...select.options].some((option) => option.value === value)) select.add(new Option(result.label, value));
    select.value = value;
    input.value = result.label;
    listbox.show(false);
    select.dispatchEvent(new Event("change", { bubbles: true }));
    box.dispatchEvent(new CustomEvent("typeahead:taken", { bubbles: true, detail: result }));
  }

  function clear() {
    select.value = "";
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function fromOptions(text) {
    const wanted = text.toLowerCase();
    return [...select.options]
      .filter((option) => option.value && `${option.textContent} ${option.dataset.keys ?? ""}`.toLowerCase().includes(wanted))
      .slice(0, 20)
      .map((option) => ({ value: option.value, label: option.textContent.trim(), path: option.dataset.path }));
  }

  async function look() {
    clearTimeout(timer);
    const turn = ++asked;
    const text = input.value.trim();
    let found = null;
    if (box.dataset.url) {
      const url = new URL(box.dataset.url, location.href);
      url.searchParams.set("q", text);
      found = await fetch(url, { headers: { Accept: "application/json" } })
        .then((answer) => (answer.ok ? answer.json() : null)).then((told) => told?.results ?? null).catch(() => null);
    }
    if (turn !== asked || document.activeElement !== input) return;
    listbox.draw(found ?? fromOptions(text));
    fresh = true;
  }

  input.addEventListener("input", (event) => {
    fresh = false;
    asked += 1; // an answer still on its way is about other words
    if (event.isComposing) return;
    if (!input.value.trim()) clear();
    clearTimeout(timer);
    timer = setTimeout(look, WAIT);
  });
  input.addEventListener("compositionend", look);
  input.addEventListener("focus", () => { if (!input.value) look(); });
  input.addEventListener("blur", () => {
    asked += 1;
    listbox.show(false);
    input.value = input.value.trim() ? chosen() : "";
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && !listbox.isOpen) look();
    else if (by) listbox.step(by);
    else if (event.key === "Enter" && !fresh) look().then(() => { if (fresh) take(listbox.found[0]); });
    else if (event.key === "Enter" && listbox.isOpen) take(listbox.found[listbox.at]);
    else if (event.key === "Escape" && listbox.isOpen) listbox.show(false);
    else return;
    event.preventDefault();
  });
}
