"""Keeping a file that someone hands in: checked by its content, stored under a name of our own."""

import hashlib
import re
import zipfile

from django.core.files.storage import default_storage

from huiyin.base.ids import uuid7
from huiyin.base.refusal import Refusal
from huiyin.cases.models import Attachment
from huiyin.rules import clock

MOST_BYTES = 20 * 1024 * 1024
ALLOWED = "照片（JPG、PNG、WebP、HEIC）、PDF、Word、Excel"
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff/\\\u202a-\u202e\u2066-\u2069]")


def keep(office, file, *, by=None, is_from_person: bool = False) -> Attachment:
    """Store `file` (a Django UploadedFile) and return its row, not yet bound to a matter.

    Raises Refusal 400 for an empty file or a kind that is not taken, 413 for one that is too large.
    """
    if file.size > MOST_BYTES:
        raise Refusal(
            f"文件有 {file.size / 1048576:.0f} MB，最大 20 MB。请压缩或分开上传。",
            status=413,
            errors={"file": "太大"},
        )
    if not file.size:
        raise Refusal("文件是空的，请重新选。", status=400, errors={"file": "空文件"})
    kind, ending = _kind_of(file)
    now = clock.now()
    pk = uuid7()
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    path = default_storage.save(f"{now:%Y/%m}/{pk.hex}{ending}", file)
    return Attachment.objects.create(
        id=pk,
        office=office,
        name=_name_of(file.name, ending),
        content_type=kind,
        size_bytes=file.size,
        sha256=digest.hexdigest(),
        path=path,
        uploaded_at=now,
        uploaded_by=by,
        is_from_person=is_from_person,
    )


def waiting(office, ids, *, by=None) -> list[Attachment]:
    """The uploads with these ids that belong to no matter yet; raises Refusal 400 when one is missing.

    A resident's matter takes only what was uploaded without an account.
    """
    rows = Attachment.objects.filter(pk__in=ids, office=office, case=None, draft=None)
    rows = list(rows.filter(uploaded_by=None) if by is None else rows)
    if len(rows) != len(set(ids)):
        raise Refusal(
            "有附件找不到或已经用过，请重新上传。",
            status=400,
            errors={"attachments": "找不到或已经用过，请重新上传"},
        )
    return rows


def _name_of(name: str, ending: str) -> str:
    clean = _CONTROL.sub("", name or "").strip(". ")
    return (clean if len(clean) <= 120 else clean[: 120 - len(ending)] + ending) or f"附件{ending}"


def _kind_of(file) -> tuple[str, str]:
    """(content type, ending) from the first bytes: what a file is called does not count."""
    file.seek(0)
    head = file.read(32)
    file.seek(0)
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg", ".jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png", ".png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp", ".webp"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"hevc"):
        return "image/heic", ".heic"
    if head.startswith(b"%PDF-"):
        return "application/pdf", ".pdf"
    found = _office_document(file) if head.startswith(b"PK\x03\x04") else None
    if found is None:
        raise Refusal(f"这种文件收不了，可以传：{ALLOWED}。", status=400, errors={"file": "这种文件收不了"})
    return found


def _office_document(file) -> tuple[str, str] | None:
    base = "application/vnd.openxmlformats-officedocument."
    try:
        with zipfile.ZipFile(file) as book:
            names = set(book.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    finally:
        file.seek(0)
    if "word/document.xml" in names:
        return base + "wordprocessingml.document", ".docx"
    if "xl/workbook.xml" in names:
        return base + "spreadsheetml.sheet", ".xlsx"
    return None
