"""A photograph of where a notice hangs: one a posting, the newest one stays."""

from pathlib import Path

from django.conf import settings
from django.db import transaction

from huiyin.base import pictures
from huiyin.base.ids import uuid7
from huiyin.base.refusal import Refusal
from huiyin.grids.models import NoticePosting
from huiyin.rules import clock

WRONG = "照片请传 10 MB 以内的 JPG、PNG 或 WebP。"


def checked(uploaded) -> tuple[bytes, bytes, str] | None:
    """(picture, small one, ending) of what was sent, None when nothing was. Raises Refusal 400."""
    if not uploaded:
        return None
    if uploaded.size > pictures.MOST_BYTES:
        raise Refusal(WRONG, status=400, errors={"photo": "超过 10 MB"})
    try:
        content, small, _, ending = pictures.clean(uploaded.read(), uploaded.name)
    except Refusal as refusal:
        raise Refusal(WRONG, status=400, errors={"photo": "不是照片"}) from refusal
    return content, small, ending


def keep(posting: NoticePosting, picture: tuple[bytes, bytes, str] | None):
    """Write the files and put their path on `posting`, which the caller saves; the former picture goes."""
    if picture is None:
        return
    content, small, ending = picture
    former, posting.photo = (
        posting.photo,
        f"{posting.office.code}/notices/{clock.today():%Y}/{uuid7()}{ending}",
    )
    path = place_of(posting)
    pictures.write(path, content)
    pictures.write(pictures.small_beside(path), small)
    if former:
        transaction.on_commit(lambda: _remove(Path(settings.MEDIA_ROOT) / former))


def place_of(posting: NoticePosting, *, small: bool = False) -> Path:
    path = Path(settings.MEDIA_ROOT) / posting.photo
    return pictures.small_beside(path) if small else path


def type_of(posting: NoticePosting) -> str:
    return next(kind for kind, ending in pictures.PICTURES.values() if posting.photo.endswith(ending))


def _remove(path: Path):
    path.unlink(missing_ok=True)
    pictures.small_beside(path).unlink(missing_ok=True)
