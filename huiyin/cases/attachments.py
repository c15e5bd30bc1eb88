"""Uploaded files: judged by their content, pictures written anew without metadata, kept outside the web root."""

import hashlib
import io
from pathlib import Path, PurePath

from django.conf import settings
from PIL import Image, ImageOps

from huiyin.base.ids import uuid7
from huiyin.base.refusal import Refusal
from huiyin.cases.models import Attachment
from huiyin.rules import clock

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2560
PICTURES = {"JPEG": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png"), "WEBP": ("image/webp", ".webp")}


def store(uploaded_file, office, by=None, from_person=False) -> Attachment:
    """Keep one uploaded file and return its row, not yet bound to a matter.

    JPEG, PNG, WebP and PDF up to 10 MB, whatever the name says. Raises Refusal 400 otherwise.
    """
    name = _plain_name(uploaded_file.name)
    if uploaded_file.size > MOST_BYTES:
        raise Refusal(f"“{name}”超过 10 MB，请缩小或分开再传。", status=400)
    raw = uploaded_file.read()
    if not raw:
        raise Refusal(f"“{name}”是空的，请重新选文件。", status=400)
    if raw[:5] == b"%PDF-":
        content, kind, ending = raw, "application/pdf", ".pdf"
    else:
        content, kind, ending = _clean_picture(raw, name)
    key = uuid7()
    path = f"{office.code}/{clock.today():%Y/%m}/{key}{ending}"
    full = Path(settings.MEDIA_ROOT) / path
    full.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    full.touch(mode=0o600)
    full.write_bytes(content)
    return Attachment.objects.create(
        id=key,
        office=office,
        name=name,
        content_type=kind,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        path=path,
        uploaded_at=clock.now(),
        uploaded_by=by,
        is_from_person=from_person,
    )


def file_of(attachment) -> Path:
    """Where the content lies on disk."""
    return Path(settings.MEDIA_ROOT) / attachment.path


def discard(attachment):
    """Remove a file that was never bound to a matter."""
    if attachment.case_id is not None:
        raise Refusal("这个文件已经随事项登记，不能删除。")
    path = file_of(attachment)
    attachment.delete()
    path.unlink(missing_ok=True)


def _plain_name(name: str) -> str:
    name = PurePath((name or "").replace("\\", "/")).name
    name = "".join(c for c in name if c.isprintable()).strip() or "照片"
    return name if len(name) <= 120 else name[:100] + name[-20:]


def _clean_picture(raw: bytes, name: str) -> tuple[bytes, str, str]:
    """The picture drawn anew: place, time and device in its metadata stay behind."""
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
    out = io.BytesIO()
    bare.save(out, form, **({"quality": 85} if form != "PNG" else {"optimize": True}))
    return out.getvalue(), kind, ending
