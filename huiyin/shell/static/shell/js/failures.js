// A request of htmx that failed says so in #messages: what happened, what is kept, the next step.
function tell(words) {
  const place = document.getElementById("messages");
  if (!place) return;
  place.replaceChildren();
  const notice = document.createElement("div");
  notice.className = "notice";
  notice.setAttribute("role", "alert");
  const text = document.createElement("p");
  text.textContent = words;
  notice.append(text);
  place.append(notice);
}

document.addEventListener("htmx:sendError", () =>
  tell("没有连上服务器。您填的内容还在本页，没有丢；网络恢复后再点一次就行。"));
document.addEventListener("htmx:timeout", () =>
  tell("服务器很久没有回话。您填的内容还在本页；请再点一次。"));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status >= 500) tell("系统出错了，这一步没有做成，已经记录下来。您填的内容还在本页；请过一会儿再点一次。");
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig.verb !== "get") document.getElementById("messages")?.replaceChildren();
});
