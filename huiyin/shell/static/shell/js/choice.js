// What theme.js and size.js share: a form of buttons that works by itself; with script the page changes at once.
export function choice(form, name, apply) {
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button || button.name !== name) return;
    event.preventDefault();
    const data = new FormData(form);
    data.append(name, button.value);
    const answer = await fetch(form.action, { method: "POST", body: data, redirect: "manual" }).catch(() => null);
    if (!answer || (answer.type !== "opaqueredirect" && !answer.ok)) {
      const stay = document.createElement("input");
      Object.assign(stay, { type: "hidden", name, value: button.value });
      form.append(stay);
      form.submit();
      return;
    }
    apply(button.value);
    form.querySelectorAll(`[name="${name}"]`).forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
  });
}
