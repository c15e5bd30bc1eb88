// <form data-behaviour="needs" data-of="reply_by">: parts with data-needs="phone sms" show only while that choice is made.
// Without script everything is shown; nothing typed is lost when a part is hidden.
export default function needs(form) {
  const name = form.dataset.of;
  const show = () => {
    const chosen = form.querySelector(`[name="${name}"]:checked`)?.value ?? "";
    form.querySelectorAll("[data-needs]").forEach((part) => {
      const wrong = part.querySelector("[aria-invalid='true']");
      part.hidden = !wrong && !part.dataset.needs.split(" ").includes(chosen);
    });
  };
  form.addEventListener("change", (event) => { if (event.target.name === name) show(); });
  show();
}
