"""Small pictures for tests, each different."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from huiyin.cases.attachments import store


def picture_bytes(shade: int = 120) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (24, 24), (shade % 256, 90, 60)).save(out, "PNG")
    return out.getvalue()


def upload(shade: int = 120, name: str = "现场.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture_bytes(shade), content_type="image/png")


def picture(world, by, shade: int = 120):
    """A stored picture of `by` that is not bound yet."""
    return store(upload(shade), world.office, by=by)
