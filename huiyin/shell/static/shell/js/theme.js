// Light, dark or as the system says.
import { choice } from "./choice.js";

export default function theme(form) {
  choice(form, "theme", (value) => {
    if (value === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = value;
  });
}
