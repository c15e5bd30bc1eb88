// <div data-behaviour="here" data-lon="id_lon" data-lat="id_lat"> with a hidden [data-here] button and [data-here-words]:
// asks the browser once where it is and fills two fields. Nothing is sent before the form is; data-then="send" sends it at once.
export default function here(box) {
  const button = box.querySelector("[data-here]");
  const words = box.querySelector("[data-here-words]");
  const lon = document.getElementById(box.dataset.lon);
  const lat = document.getElementById(box.dataset.lat);
  if (!navigator.geolocation || !button || !lon || !lat) return;
  button.hidden = false;
  words.textContent = "只用这一次，不记您去过哪里。";
  button.addEventListener("click", () => {
    words.textContent = "正在看您在哪儿……";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        lon.value = coords.longitude.toFixed(6);
        lat.value = coords.latitude.toFixed(6);
        if (box.dataset.then === "send") {
          words.textContent = "正在找网格……";
          box.closest("form").requestSubmit();
          return;
        }
        words.textContent = "记下了您现在的位置。按“看看归哪个网格”，或直接下一步。";
      },
      () => { words.textContent = "这部手机没告诉我们位置，请写个地方。"; },
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
    );
  });
}
