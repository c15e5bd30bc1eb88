"""A matter being written, between the three steps: the browser holds a signed id, the words lie encrypted here."""

import json
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from huiyin.cases import attachments
from huiyin.cases.models import Attachment
from huiyin.portal import office as offices
from huiyin.portal.models import RaiseDraft
from huiyin.rules import clock

COOKIE = "raise"
SALT = "huiyin.portal.raise"
KEPT = timedelta(days=1)


@dataclass
class Content:
    """What has been typed so far. `done` is the code of the matter once it is handed in."""

    what: dict = field(default_factory=dict)
    where: dict = field(default_factory=dict)
    reach: dict = field(default_factory=dict)
    photos: list = field(default_factory=list)
    service: str = ""
    done: str = ""


class Draft:
    def __init__(self, row: RaiseDraft):
        self.row = row
        self.content = Content(**json.loads(row.content)) if row.content else Content()

    @property
    def key(self) -> str:
        """One draft makes one matter, however often it is handed in."""
        return f"portal:{self.row.pk}"

    @property
    def photos(self) -> list[Attachment]:
        rows = Attachment.objects.filter(office_id=self.row.office_id, pk__in=self.content.photos)
        return sorted(rows, key=lambda row: row.uploaded_at)

    def save(self):
        now = clock.now()
        self.row.content = json.dumps(asdict(self.content), ensure_ascii=False)
        self.row.saved_at, self.row.expires_at = now, now + KEPT
        self.row.save()

    def finish(self, code: str):
        """Handed in: what was typed is forgotten, the code stays for a second press of the button."""
        self.content = Content(done=code)
        self.save()


def load(request: HttpRequest) -> Draft | None:
    """The visitor's draft, or None when there is none, it is a day old or the cookie was changed."""
    try:
        token = request.get_signed_cookie(COOKIE, salt=SALT, max_age=KEPT.total_seconds())
    except (KeyError, signing.BadSignature):
        return None
    rows = RaiseDraft.objects.filter(office=offices.current(request), expires_at__gt=clock.now())
    row = rows.filter(pk=token).first()
    return Draft(row) if row else None


def begin(request: HttpRequest) -> Draft:
    """An empty draft, not saved yet. Old ones of everybody are cleared away."""
    purge()
    return Draft(RaiseDraft(office=offices.current(request)))


def remember(response: HttpResponse, draft: Draft) -> HttpResponse:
    response.set_signed_cookie(
        COOKIE,
        str(draft.row.pk),
        salt=SALT,
        max_age=int(KEPT.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def purge():
    """Remove what was never handed in and is older than a day, its photos too."""
    rows = list(RaiseDraft.objects.filter(expires_at__lte=clock.now())[:100])
    for row in rows:
        for photo in Draft(row).photos:
            if photo.case_id is None:
                attachments.discard(photo)
        row.delete()
