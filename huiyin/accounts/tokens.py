"""API tokens: shown once, stored hashed, expiring."""

import hashlib
import secrets
from datetime import timedelta

from huiyin.accounts.models import ApiToken, User
from huiyin.rules import clock

LIFETIME = timedelta(days=90)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def issue(user: User, name: str = "命令行") -> str:
    """A new token for `user`; this is the only time its text can be read."""
    token = "hy_" + secrets.token_urlsafe(32)
    now = clock.now()
    ApiToken.objects.create(
        user=user, digest=_digest(token), name=name, created_at=now, expires_at=now + LIFETIME
    )
    return token


def user_of(token: str) -> User | None:
    """The active user who holds this unexpired token."""
    row = (
        ApiToken.objects.filter(digest=_digest(token), expires_at__gt=clock.now(), user__is_active=True)
        .select_related("user__office")
        .first()
    )
    return row.user if row else None
