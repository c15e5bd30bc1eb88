"""Photographs that people send: drawn anew, so that place, time and device in their metadata stay behind."""

import io
import os
from pathlib import Path

from PIL import Image, ImageOps

from huiyin.base.refusal import Refusal

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2560
SMALL_SIDE = 288
PICTURES = {"JPEG": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png"), "WEBP": ("image/webp", ".webp")}


def write(path: Path, content: bytes):
    """Only the account of the program may read it. Raises FileExistsError for a path that is taken."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)


def small_beside(path: Path) -> Path:
    """Where the small picture of a photograph lies."""
    return path.with_name(f"{path.stem}.small{path.suffix}")


def clean(raw: bytes, name: str) -> tuple[bytes, bytes, str, str]:
    """(the picture drawn anew, a small one, content type, ending). Raises Refusal 400 for anything else."""
    wrong = Refusal(f"“{name}”不是照片或 PDF，收不下。请传 JPG、PNG、WebP 照片，信件可以传 PDF。", status=400)
    try:
        with Image.open(io.BytesIO(raw), formats=list(PICTURES)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refusal(f"“{name}”尺寸太大，请缩小再传。", status=400)
            kind, ending = PICTURES[picture.format]
            form = picture.format
            clean = ImageOps.exif_transpose(picture)
            clean.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            if clean.mode not in ("RGB", "L") and (form == "JPEG" or clean.mode != "RGBA"):
                clean = clean.convert("RGB" if form == "JPEG" else "RGBA")
            bare = Image.new(clean.mode, clean.size)
            bare.paste(clean)
    except Refusal:
        raise
    except Exception as error:  # a hostile file may fail in any decoder
        raise wrong from error
    content = _encoded(bare, form)
    bare.thumbnail((SMALL_SIDE, SMALL_SIDE))
    return content, _encoded(bare, form), kind, ending


def _encoded(picture, form: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **({"quality": 85} if form != "PNG" else {"optimize": True}))
    return out.getvalue()
