// The list of typeahead.js: draws results, keeps track of the pointed one, tells which was taken.
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

export class Listbox {
  constructor(input, name, taken) {
    this.input = input;
    this.taken = taken;
    this.found = [];
    this.at = -1;
    this.list = document.createElement("ul");
    Object.assign(this.list, { id: `${input.id}-list`, hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", name);
    const wiring = { role: "combobox", "aria-expanded": "false", "aria-controls": this.list.id, "aria-autocomplete": "list" };
    for (const [key, value] of Object.entries(wiring)) input.setAttribute(key, value);
  }

  get isOpen() {
    return !this.list.hidden;
  }

  show(on) {
    this.list.hidden = !on;
    this.input.setAttribute("aria-expanded", String(on));
    if (!on) this.input.removeAttribute("aria-activedescendant");
  }

  draw(found) {
    this.found = found;
    this.list.replaceChildren(...found.map((result, i) => this.line(result, i)));
    if (!found.length) {
      const none = piece("li", "没有找到。换个说法，或打拼音、首字母。", "none");
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      this.list.append(none);
    }
    this.show(true);
    this.point(found.length ? 0 : -1);
  }

  line(result, i) {
    const item = document.createElement("li");
    item.id = `${this.input.id}-${i}`;
    item.setAttribute("role", "option");
    item.append(title(result), piece("span", result.path), piece("em", result.unit), piece("i", result.limit, result.now ? "now" : ""));
    item.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.taken(this.found[i]);
    });
    return item;
  }

  point(to) {
    this.at = to;
    this.found.forEach((_, i) => this.list.children[i].setAttribute("aria-selected", String(i === to)));
    if (!this.found[to]) return;
    this.input.setAttribute("aria-activedescendant", this.list.children[to].id);
    this.list.children[to].scrollIntoView({ block: "nearest" });
  }

  step(by) {
    const number = this.found.length;
    if (number) this.point((this.at + by + number) % number);
  }
}
