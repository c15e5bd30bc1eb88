"""Drawn pictures that stand for photographs in the demo: nobody and no real place is on them."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw


def road(*, flooded: bool) -> SimpleUploadedFile:
    """A stretch of road, with a puddle or without."""
    image = Image.new("RGB", (640, 420), "#8fa3b0" if flooded else "#b7c4cc")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 280, 640, 420), fill="#6f6a62")
    draw.polygon([(0, 280), (220, 150), (640, 280)], fill="#a9a294")
    if flooded:
        draw.ellipse((150, 300, 520, 400), fill="#3d5a73")
    return _sent(image, "整改前.jpg" if flooded else "整改后.jpg")


def wall(number: int) -> SimpleUploadedFile:
    """A wall with a notice on it."""
    image = Image.new("RGB", (640, 480), ("#c9bfae", "#b9c1bd", "#c8b4a4")[number % 3])
    draw = ImageDraw.Draw(image)
    for y in range(0, 480, 40):
        draw.line((0, y, 640, y), fill="#a89e8d", width=2)
    draw.rectangle((0, 400, 640, 480), fill="#8a8478")
    draw.rectangle((200, 60, 440, 380), fill="#fdfcf8", outline="#5d574c", width=4)
    draw.rectangle((220, 80, 420, 116), fill="#23418f")
    for row in range(6):
        draw.rectangle((220, 140 + row * 24, 380 - (row + number) % 3 * 24, 148 + row * 24), fill="#6f6a62")
    draw.rectangle((350, 290, 420, 360), fill="#262420")
    return _sent(image, "公示.jpg")


def work_done(number: int) -> SimpleUploadedFile:
    """A tidy corner after the work: a wall, a floor, a red cabinet or a clear way."""
    image = Image.new("RGB", (480, 320), ("#d8d4c8", "#cdd6d8", "#d9cfc4", "#d2d8cc")[number % 4])
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 230, 480, 320), fill=("#8f8a80", "#7f868a", "#94897a")[number % 3])
    left = 40 + number * 37 % 280
    draw.rectangle((left, 120, left + 60, 230), fill=("#b8322a", "#39734f", "#3f5f8a")[number % 3])
    draw.rectangle((left + 90, 90, left + 130, 230), fill="#efeade", outline="#5d574c", width=3)
    return _sent(image, "改后.jpg")


def _sent(image, name: str) -> SimpleUploadedFile:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")
