// <form data-behaviour="confirm-leave">: the browser asks before typed text is lost.
export default function confirmLeave(form) {
  let dirty = false;
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", () => { dirty = false; });
  form.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) dirty = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!dirty || !form.isConnected) return;
    event.preventDefault();
    event.returnValue = "";
  });
}
