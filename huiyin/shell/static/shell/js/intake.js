// The intake form: free-text place with a list that fills the grid, kind after the category, folds that open when they
// are needed, and a fresh CSRF token when one signed in again in another window.
import { Listbox } from "./listbox.js";

const WAIT = 120; // ms

function places(form) {
  const box = form.querySelector("[data-places]");
  const input = box.querySelector("input");
  const grid = form.elements.area;
  let timer = 0;
  let asked = 0;
  let fresh = true; // does the list show what is typed now?
  const listbox = new Listbox(input, "地点", take);
  box.append(listbox.list);

  function take(result) {
    if (!result) return;
    input.value = result.label;
    grid.value = result.grid;
    listbox.show(false);
    grid.dispatchEvent(new Event("change", { bubbles: true }));
  }

  async function look() {
    const turn = ++asked;
    const url = new URL(box.dataset.places, location.href);
    url.searchParams.set("q", input.value.trim());
    const found = await fetch(url, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : null)).then((told) => told?.results ?? []).catch(() => []);
    if (turn !== asked || document.activeElement !== input) return;
    fresh = true;
    if (found.length) listbox.draw(found);
    else listbox.show(false);
  }

  input.addEventListener("input", (event) => {
    fresh = false;
    if (event.isComposing) return;
    grid.value = "";
    clearTimeout(timer);
    asked += 1;
    if (input.value.trim()) timer = setTimeout(look, WAIT);
    else listbox.show(false);
  });
  input.addEventListener("compositionend", () => { grid.value = ""; look(); });
  input.addEventListener("blur", () => { asked += 1; clearTimeout(timer); listbox.show(false); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || !listbox.isOpen) return;
    const stale = event.key === "Enter" && !fresh;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) listbox.step(by);
    else if (stale) look();
    else if (event.key === "Enter") take(listbox.found[listbox.at]);
    else if (event.key === "Escape") listbox.show(false);
    else return;
    event.preventDefault();
  });
}

function freshToken(form) {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (token) form.elements.csrfmiddlewaretoken.value = token;
}

// Two windows on one draft: each has a name of its own; when the server keeps this one's words apart, follow it.
function ownDraft(form) {
  const first = form.dataset.saveUrl;
  const beside = document.getElementById("beside");
  form.elements.tab.value = crypto.randomUUID?.() ?? Math.random().toString(36).slice(2);
  form.addEventListener("draft:saved", () => {
    if (form.dataset.saveUrl === first || form.dataset.moved) return;
    const page = form.dataset.saveUrl.replace(/save\/$/, "");
    form.dataset.moved = page;
    form.action = page;
    history.replaceState(null, "", page);
    beside.setAttribute("hx-get", `${page}beside/`);
    window.htmx?.process(beside);
    form.querySelector("[data-moved]").hidden = false;
  });
}

// Fields in the folds that a choice calls for: representatives, the one who sent it, early signs.
function folds(form) {
  const open = (id, on) => {
    const box = on && form.querySelector(`#${id} details, details#${id}`);
    if (box) box.open = true;
  };
  form.addEventListener("input", (event) => {
    open("representatives", event.target.name === "group_size" && Number(event.target.value) >= 5);
    open("from-others", event.target.name === "channel" && ["hotline", "directive"].includes(event.target.value));
    open("watched", event.target.name === "kind" && event.target.value === "early_sign");
    open(`of-${event.target.value}`, event.target.name === "kind" && event.target.value);
  });
  form.querySelector("#at-once summary")?.addEventListener("click", (event) => {
    const box = event.currentTarget.parentElement;
    if (!box.open) setTimeout(() => box.querySelector("textarea").focus());
  });
}

// Alt and a digit or letter presses what shows that key; browsers differ in how they do this by themselves.
function chords() {
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented || event.repeat) return;
    const key = event.code.replace(/^(Digit|Numpad|Key)/, "").toLowerCase();
    const pressed = key.length === 1 && document.querySelector(`main [accesskey="${key}"]`);
    if (!pressed) return;
    event.preventDefault();
    pressed.click();
  });
}

export default function intake(form) {
  let kindChosen = Boolean(form.elements.kind.value);
  places(form);
  ownDraft(form);
  folds(form);
  chords();
  form.elements.kind.addEventListener("change", () => { kindChosen = Boolean(form.elements.kind.value); });
  form.addEventListener("typeahead:taken", (event) => {
    if (!kindChosen && event.detail.kind && !["hotline", "directive"].includes(form.elements.channel.value)) {
      form.elements.kind.value = event.detail.kind;
    }
  });
  window.addEventListener("focus", () => freshToken(form));
  form.addEventListener("submit", () => freshToken(form));
  // Enter in a one-line field must not register half a matter; Ctrl+Enter and the button do.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && event.target.matches("input:not([type=checkbox], [type=radio], [type=file])")) {
      event.preventDefault();
    }
  });
}
