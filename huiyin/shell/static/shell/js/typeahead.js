// A select that becomes a listbox one types into; without script it stays a select.
// <div class="combo" data-behaviour="typeahead" data-url="/desk/find/categories/"> <select …> </div>
// GET url?q=dianti → {"results": [{"value", "label", "path"?, "unit"?, "limit"?, "now"?, "mark"?: [from, to]}]}
// Without data-url the options of the select are searched (label, and data-keys for pinyin).
const WAIT = 120;

export default function typeahead(box) {
  const select = box.querySelector("select");
  const input = document.createElement("input");
  const list = document.createElement("ul");
  const id = select.id || `combo-${Math.random().toString(36).slice(2)}`;
  let found = [], at = -1, timer = 0, asked = 0;

  Object.assign(input, { className: "in", autocomplete: "off", id, spellcheck: false });
  for (const name of ["aria-describedby", "aria-invalid", "aria-label"]) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  }
  select.id = `${id}-value`;
  Object.assign(list, { id: `${id}-list`, hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.querySelector(`label[for="${id}"]`)?.textContent.trim() || input.getAttribute("aria-label") || "可选项");
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-autocomplete", "list"]]) input.setAttribute(name, value);
  input.value = select.value ? select.selectedOptions[0]?.textContent.trim() ?? "" : "";
  select.hidden = true;
  select.required = false;
  box.append(input, list);

  function piece(tag, text, name) {
    const node = document.createElement(tag);
    node.textContent = text ?? "";
    if (name) node.className = name;
    return node;
  }
  function title(result) {
    const bold = document.createElement("b");
    const [from, to] = result.mark ?? [0, 0];
    bold.append(result.label.slice(0, from), piece("mark", result.label.slice(from, to)), result.label.slice(to));
    return bold;
  }
  function open(show) {
    list.hidden = !show;
    input.setAttribute("aria-expanded", String(show));
    if (!show) input.removeAttribute("aria-activedescendant");
  }
  function point(to) {
    at = to;
    [...list.children].forEach((item, i) => item.setAttribute?.("aria-selected", String(i === at)));
    if (found[at]) input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at]?.scrollIntoView({ block: "nearest" });
  }
  function draw() {
    list.replaceChildren(...found.map((result, i) => {
      const item = document.createElement("li");
      Object.assign(item, { id: `${id}-${i}` });
      item.setAttribute("role", "option");
      item.append(title(result), piece("span", result.path), piece("em", result.unit), piece("i", result.limit, result.now ? "now" : ""));
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(i); });
      return item;
    }));
    if (!found.length) {
      const none = piece("li", "没有找到。换个说法，或打拼音、首字母。", "none");
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      list.append(none);
    }
    open(true);
    point(found.length ? 0 : -1);
  }
  function take(i) {
    const result = found[i];
    if (!result) return;
    if (![...select.options].some((option) => option.value === String(result.value))) select.add(new Option(result.label, result.value));
    select.value = String(result.value);
    input.value = result.label;
    open(false);
    select.dispatchEvent(new Event("change", { bubbles: true }));
    box.dispatchEvent(new CustomEvent("typeahead:taken", { bubbles: true, detail: result }));
  }
  function here(text) {
    const wanted = text.toLowerCase();
    return [...select.options].filter((option) => option.value && `${option.textContent} ${option.dataset.keys ?? ""}`.toLowerCase().includes(wanted))
      .slice(0, 20).map((option) => ({ value: option.value, label: option.textContent.trim(), path: option.dataset.path }));
  }
  async function look() {
    const turn = ++asked;
    const text = input.value.trim();
    if (!box.dataset.url) { found = here(text); draw(); return; }
    const url = new URL(box.dataset.url, location.href);
    url.searchParams.set("q", text);
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (turn === asked) { found = told.results; draw(); }
    } catch {
      if (turn === asked) { found = here(text); draw(); }
    }
  }
  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    if (!input.value.trim()) { select.value = ""; select.dispatchEvent(new Event("change", { bubbles: true })); }
    clearTimeout(timer);
    timer = setTimeout(look, WAIT);
  });
  input.addEventListener("compositionend", look);
  input.addEventListener("focus", () => { if (!input.value) look(); });
  input.addEventListener("blur", () => {
    open(false);
    if (select.value) input.value = select.selectedOptions[0].textContent.trim();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && list.hidden) look();
    else if (move) point((at + move + found.length) % Math.max(1, found.length));
    else if (event.key === "Enter" && !list.hidden && !event.ctrlKey) take(at);
    else if (event.key === "Escape" && !list.hidden) open(false);
    else return;
    event.preventDefault();
  });
}
