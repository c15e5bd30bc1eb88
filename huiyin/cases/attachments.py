"""Uploaded files: judged by their content, pictures written anew without metadata, kept outside the web root."""

import hashlib
from datetime import timedelta
from pathlib import Path, PurePath

from django.conf import settings

from huiyin.base import pictures
from huiyin.base.ids import uuid7
from huiyin.base.pictures import MOST_BYTES
from huiyin.base.refusal import Refusal
from huiyin.cases.models import Attachment
from huiyin.rules import clock

# Rooms above keep files of their own: callables that leave those out of a query of waiting uploads.
KEPT: list = []


def store(uploaded_file, office, by=None, from_person=False, draft=None) -> Attachment:
    """Keep one uploaded file and return its row, not yet bound to a matter.

    JPEG, PNG, WebP and PDF up to 10 MB, whatever the name says. Raises Refusal 400 otherwise.
    """
    name = _plain_name(uploaded_file.name)
    if uploaded_file.size > MOST_BYTES:
        raise Refusal(f"“{name}”超过 10 MB，请缩小或分开再传。", status=400)
    raw = uploaded_file.read()
    if not raw:
        raise Refusal(f"“{name}”是空的，请重新选文件。", status=400)
    small = b""
    if raw[:5] == b"%PDF-":
        if b"%%EOF" not in raw[-2048:]:
            raise Refusal(f"“{name}”不完整，可能没传完，请重新导出或扫描后再传。", status=400)
        content, kind, ending = raw, "application/pdf", ".pdf"
    else:
        content, small, kind, ending = pictures.clean(raw, name)
    key = uuid7()
    path = f"{office.code}/{clock.today():%Y/%m}/{key}{ending}"
    full = Path(settings.MEDIA_ROOT) / path
    pictures.write(full, content)
    if small:
        pictures.write(pictures.small_beside(full), small)
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
        draft=draft,
    )


def file_of(attachment) -> Path:
    """Where the content lies on disk."""
    return Path(settings.MEDIA_ROOT) / attachment.path


def small_of(attachment) -> Path:
    """The small picture for lists; for a PDF, or where there is none, the file itself."""
    small = pictures.small_beside(file_of(attachment))
    return small if small.exists() else file_of(attachment)


def safe_name(attachment) -> str:
    """The name it was sent under, with the ending of what it really is."""
    ending = PurePath(attachment.path).suffix
    stem = PurePath(attachment.name).stem or "附件"
    return stem + ending


def purge_orphans(older_than: timedelta = timedelta(days=1)) -> int:
    """Remove uploads that no matter and no draft has claimed; returns how many. Safe to run at any time."""
    waiting = Attachment.objects.filter(case=None, draft=None, uploaded_at__lt=clock.now() - older_than)
    for keep in KEPT:
        waiting = keep(waiting)
    gone = 0
    for row in waiting.order_by("pk")[:1000]:
        # Claimed in the meantime: the row no longer matches and its file stays.
        if Attachment.objects.filter(pk=row.pk, case=None, draft=None).delete()[0]:
            _remove(row)
            gone += 1
    return gone


def _remove(attachment):
    path = file_of(attachment)
    path.unlink(missing_ok=True)
    pictures.small_beside(path).unlink(missing_ok=True)


def discard(attachment):
    """Remove a file that was never bound to a matter."""
    if attachment.case_id is not None:
        raise Refusal("这个文件已经随事项登记，不能删除。")
    attachment.delete()
    _remove(attachment)


def _plain_name(name: str) -> str:
    name = PurePath((name or "").replace("\\", "/")).name
    name = "".join(c for c in name if c.isprintable()).strip() or "照片"
    return name if len(name) <= 120 else name[:100] + name[-20:]
