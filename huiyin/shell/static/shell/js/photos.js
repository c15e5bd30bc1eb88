// <div data-behaviour="photos"> round file inputs: shows what was chosen and makes big pictures small before they
// are sent, for slow lines. Without script, or where the browser cannot, the files go as they are.
const LONGEST = 2560;
const BIG = 1_500_000; // bytes

async function smaller(file) {
  if (!file.type.startsWith("image/") || file.size < BIG) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const part = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: Math.round(picture.width * part), height: Math.round(picture.height * part) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file; // a format this browser cannot draw: the server says whether it takes it
  }
}

export default function photos(box) {
  const list = box.querySelector("[data-previews]");
  const words = box.querySelector("[data-chosen]");
  const inputs = [...box.querySelectorAll("input[type=file]")];

  function draw() {
    list.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
    const files = inputs.flatMap((input) => [...input.files]);
    list.replaceChildren(...files.filter((file) => file.type.startsWith("image/")).map((file, i) => {
      const image = document.createElement("img");
      Object.assign(image, { src: URL.createObjectURL(file), alt: `选的第 ${i + 1} 张：${file.name}` });
      return image;
    }));
    words.textContent = files.length ? `选了 ${files.length} 个，跟着下一步一起传。` : "";
  }

  box.querySelector(".shots").dataset.ready = "1"; // the labels are buttons now, the pictures say what was chosen
  inputs.forEach((input) => input.addEventListener("change", async () => {
    draw();
    if (![...input.files].some((file) => file.size >= BIG) || !window.DataTransfer || !window.createImageBitmap) return;
    const before = [...input.files];
    const moved = new DataTransfer();
    for (const file of before) moved.items.add(await smaller(file));
    const same = input.files.length === before.length && before.every((file, i) => file === input.files[i]);
    if (same) input.files = moved.files; // nothing else was chosen meanwhile
  }));
}
