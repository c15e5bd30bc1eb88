// <form data-behaviour="autosave" data-save-url="/desk/drafts/…"> with an element [data-saved] for the words.
// Posts the whole form (without files) a moment after typing stops. The answer may be JSON {"url": "…"} to save to from now on.
const WAIT = 900;
const LONGEST = 4000; // typing without a pause is saved too

export default function autosave(form) {
  const words = form.querySelector("[data-saved]") ?? document.querySelector("[data-saved]");
  let timer = 0;
  let running = null;
  let dirty = false;
  let sent = false;
  let since = 0;

  const clock = () => new Date().toLocaleTimeString("zh-CN", { hour12: false });
  function say(text, state) {
    if (!words) return;
    words.dataset.s = state;
    (words.querySelector("[data-saved-text]") ?? words).textContent = text;
  }

  async function save() {
    if (running || !dirty || sent) return;
    dirty = false;
    since = 0;
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    running = fetch(form.dataset.saveUrl, { method: "POST", body: data, headers: { "HX-Request": "true" }, keepalive: true });
    try {
      const answer = await running;
      if (answer.headers.get("HX-Redirect")) throw new Error("登录过期，没存上。内容还在本页，请在另一个窗口登录");
      if (!answer.ok || answer.redirected) throw new Error("没存上，内容还在本页");
      if (answer.headers.get("Content-Type")?.startsWith("application/json")) {
        const told = await answer.json();
        if (told.url) form.dataset.saveUrl = told.url;
      }
      say(`草稿 ${clock()} 已存`, "kept");
      form.dispatchEvent(new CustomEvent("draft:saved", { bubbles: true }));
    } catch (error) {
      dirty = true;
      say(error instanceof TypeError ? "没连上，没存上，内容还在本页" : error.message, "lost");
      timer = setTimeout(save, 8000);
    } finally {
      running = null;
    }
    if (dirty && words?.dataset.s === "kept") later();
  }

  function later() {
    dirty = true;
    since ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(save, Math.min(WAIT, Math.max(0, since + LONGEST - Date.now())));
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => { sent = true; clearTimeout(timer); });
  form.addEventListener("htmx:afterRequest", (event) => { if (event.target === form && !event.detail.successful) sent = false; });
  window.addEventListener("pageshow", () => { sent = false; });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(); });
  window.addEventListener("beforeunload", (event) => { if (dirty && !sent) event.preventDefault(); });
}
