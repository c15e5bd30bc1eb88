// 大字版.
import { choice } from "./choice.js";

export default function size(form) {
  choice(form, "size", (value) => {
    if (value === "large") document.documentElement.dataset.size = "large";
    else delete document.documentElement.dataset.size;
  });
}
