"""Codes that let one person in once: shown once, stored hashed, expiring."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q

from huiyin.accounts.models import Invitation, User
from huiyin.base.ids import ALPHABET, FULL_WIDTH
from huiyin.rules import clock

SIGNS, GROUP = 16, 4  # 16 of 32 signs: 80 bits, typed from paper in four groups
FIRST_LIFETIME = timedelta(days=3)
LIFETIME = timedelta(days=14)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def clean(text: str) -> str:
    """A code as people type it (lower case, spaces, no dashes, full-width) in its written form, else ''."""
    raw = "".join(sign for sign in text[:80].upper().translate(FULL_WIDTH) if sign in ALPHABET)
    return _grouped(raw) if len(raw) == SIGNS else ""


def _grouped(raw: str) -> str:
    return "-".join(raw[at : at + GROUP] for at in range(0, SIGNS, GROUP))


def _fresh() -> str:
    return _grouped("".join(secrets.choice(ALPHABET) for _ in range(SIGNS)))


def for_first_administrator() -> str:
    """A new code for whoever sets up the empty house; those given out before stop working."""
    now, code = clock.now(), _fresh()
    Invitation.objects.filter(user=None, used_at=None).delete()
    Invitation.objects.create(digest=_digest(code), created_at=now, expires_at=now + FIRST_LIFETIME)
    return code


def for_users(users: Iterable[User]) -> dict:
    """user id → a new code to set the own password; unused ones of these users stop working."""
    now, users = clock.now(), list(users)
    codes = {user.pk: _fresh() for user in users}
    Invitation.objects.filter(user__in=codes, used_at=None).delete()
    Invitation.objects.bulk_create(
        Invitation(user_id=pk, digest=_digest(code), created_at=now, expires_at=now + LIFETIME)
        for pk, code in codes.items()
    )
    return codes


def find(code: str, *, lock: bool = False) -> Invitation | None:
    """The unused, unexpired invitation of this code whose user may sign in; `lock` holds it for the transaction."""
    rows = Invitation.objects.filter(digest=_digest(clean(code)), used_at=None, expires_at__gt=clock.now())
    rows = rows.filter(Q(user=None) | Q(user__is_active=True))
    return rows.select_for_update(of=("self",)).first() if lock else rows.select_related("user").first()


def use(invitation: Invitation) -> None:
    invitation.used_at = clock.now()
    invitation.save(update_fields=["used_at"])
