"""Pictures of a find, before and after, drawn rather than photographed: a wall, a street, and what should not lie there."""

import io
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from huiyin.cases.attachments import store

WIDE, HIGH = 480, 360
LITTER = ("#6f6a58", "#8a5a3c", "#4f6b58", "#b09a6a", "#5a5f6e", "#9c4a3a")


def drawn(seed: str, *, mended: bool, night: bool = False) -> bytes:
    """A JPEG; the same `seed` gives the same place, once with the trouble and once without."""
    place = Random(seed)
    sky = "#26303c" if night else place.choice(("#cfd8dc", "#d8d4c6", "#c6d0d8"))
    picture = Image.new("RGB", (WIDE, HIGH), sky)
    pen = ImageDraw.Draw(picture)
    wall = place.choice(("#a89f8f", "#9a9da0", "#b3a692"))
    pen.rectangle((0, 90, WIDE, 220), fill=wall if not night else "#4a4a46")
    for x in range(place.randint(0, 40), WIDE, 80):
        pen.rectangle((x, 120, x + 34, 170), fill="#e8dfb8" if night and place.random() < 0.4 else "#6d7880")
    pen.rectangle((0, 220, WIDE, HIGH), fill="#8b8a84" if not night else "#3a3b3c")
    pen.rectangle((0, 214, WIDE, 222), fill="#6f6e69")
    if night:
        pen.ellipse((WIDE - 130, 40, WIDE - 40, 130), fill="#7a7350")
        pen.ellipse((WIDE - 100, 70, WIDE - 70, 100), fill="#efe4ae")
    heap = Random(f"{seed}-heap")
    middle = heap.randint(140, 340)
    for _ in range(0 if mended else heap.randint(18, 34)):
        x, y, size = heap.gauss(middle, 60), heap.gauss(285, 24), heap.randint(10, 34)
        corners = [(x + heap.uniform(-size, size), y + heap.uniform(-size / 2, size / 2)) for _ in range(5)]
        pen.polygon(corners, fill=heap.choice(LITTER))
    if mended:
        pen.ellipse((middle - 80, 270, middle + 80, 310), fill="#7b7a75" if not night else "#46474a")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=72)
    return out.getvalue()


def taken(office, by, seed: str, *, mended: bool, night: bool = False, name: str = ""):
    """Such a picture as an upload of `by` that waits for its matter."""
    name = name or ("整改后.jpg" if mended else "整改前.jpg")
    return store(
        SimpleUploadedFile(name, drawn(seed, mended=mended, night=night), "image/jpeg"), office, by=by
    )
