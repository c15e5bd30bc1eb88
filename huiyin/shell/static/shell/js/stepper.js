// .count: two buttons round a number field. <span class="count" data-behaviour="stepper"><button data-step="-1">…
export default function stepper(group) {
  const field = group.querySelector("input");
  group.querySelectorAll("[data-step]").forEach((button) => {
    button.type = "button";
    button.hidden = false;
    button.addEventListener("click", () => {
      const least = field.min === "" ? -Infinity : Number(field.min);
      const most = field.max === "" ? Infinity : Number(field.max);
      field.value = String(Math.min(most, Math.max(least, Number(field.value || 0) + Number(button.dataset.step))));
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });
}
