// What may be seen for a while only: <div data-behaviour="vanish" data-seconds="60"> … <span data-left>60</span>
// It is gone when the time is over, and when the page is left and shown again from memory.
export default function vanish(element) {
  const end = Date.now() + Number(element.dataset.seconds) * 1000;
  const left = element.querySelector("[data-left]");
  const timer = setInterval(() => {
    const seconds = Math.ceil((end - Date.now()) / 1000);
    if (left) left.textContent = String(Math.max(0, seconds));
    if (seconds > 0 && element.isConnected) return;
    clearInterval(timer);
    element.remove();
  }, 500);
  window.addEventListener("pagehide", () => element.remove(), { once: true });
}
