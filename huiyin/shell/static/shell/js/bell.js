// Keeps the number on a rail entry up to date: <a data-behaviour="bell" data-url="…" data-since="…">.
// Asks every half minute while the page is seen, at once when it is seen again; alarms are said in #messages.
const EVERY = 30000;

export default function bell(link) {
  const { url } = link.dataset;
  let { since } = link.dataset;
  let asking = false;

  async function ask() {
    if (document.hidden || asking || !link.isConnected) return;
    asking = true;
    try {
      const reply = await fetch(`${url}?since=${encodeURIComponent(since)}`, { redirect: "error" });
      if (!reply.ok) return;
      const news = await reply.json();
      since = news.at;
      if (show(link, news.count)) {
        document.body.dispatchEvent(new CustomEvent("huiyin:news"));
        news.alarms.forEach((text) => say(text, link.href));
      }
    } catch {
      // no net, or signed out: the next page says so
    } finally {
      asking = false;
    }
  }
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
}

// Returns whether the number changed.
function show(link, count) {
  const words = count > 99 ? "99+" : String(count);
  let mark = link.querySelector(".n");
  const before = mark ? mark.firstElementChild.textContent : "0";
  if (before === words) return false;
  if (!count) {
    mark?.remove();
    return true;
  }
  if (!mark) {
    mark = document.createElement("span");
    mark.className = "n";
    mark.innerHTML = '<span aria-hidden="true"></span><span class="vh"></span>';
    link.append(mark);
  }
  mark.firstElementChild.textContent = words;
  mark.lastElementChild.textContent = `${words} 件`;
  return true;
}

function say(text, href) {
  const box = document.getElementById("messages");
  if (!box) return;
  const notice = document.createElement("div");
  notice.className = "notice late";
  notice.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent = `${text} `;
  const go = document.createElement("a");
  go.className = "link";
  go.href = href;
  go.textContent = "看消息";
  words.append(go);
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn quiet";
  close.textContent = "知道了";
  close.addEventListener("click", () => notice.remove());
  notice.append(words, close);
  box.append(notice);
}
