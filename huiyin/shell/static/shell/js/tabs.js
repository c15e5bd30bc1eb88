// Links that each show one part and hide the others; without script they are plain links to the page with that part.
// <div data-behaviour="tabs"> <a href="?say=tell" data-tab="id">…</a> … <form id="id" hidden>
export default function tabs(box) {
  const links = [...box.querySelectorAll("[data-tab]")];
  links.forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    links.forEach((other) => {
      const chosen = other === link;
      other.toggleAttribute("aria-current", chosen);
      if (chosen) other.setAttribute("aria-current", "true");
      document.getElementById(other.dataset.tab).hidden = !chosen;
    });
    document.getElementById(link.dataset.tab).querySelector("textarea, input:not([type=hidden])")?.focus();
  }));
}
