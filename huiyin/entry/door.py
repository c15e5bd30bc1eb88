"""Who gets in: one attempt at a time per name and address, five failures close the door for a quarter of an hour.

The count is taken from the audit trail, so it holds across processes and restarts.
"""

import hashlib
from datetime import timedelta

from django.contrib.auth import authenticate
from django.db import connection, transaction

from huiyin.accounts.models import User
from huiyin.audit.models import AuditRecord, record
from huiyin.base.addresses import address_of
from huiyin.base.refusal import Refusal
from huiyin.rules import clock

MOST_FAILURES = 5
WINDOW = timedelta(minutes=15)
FAILED = "登录失败"
ENTERED = "登录"
LEFT = "退出登录"
CHANGED = "改密码"


def enter(request, username: str, password: str) -> User:
    """The user whose name and password these are; raises Refusal 403 (wrong) or 429 (locked or too fast)."""
    username, address = username.strip(), address_of(request)
    with transaction.atomic():
        subject = _subject(username)
        if not _alone(f"{subject}|{address}"):
            raise Refusal("上一次登录还在核对，请等一两秒再点。", status=429)
        failures = _recent_failures(subject, address)
        if len(failures) >= MOST_FAILURES:
            raise Refusal(_locked_words(failures), status=429)
        user = authenticate(request, username=username, password=password)
        if user is not None:
            record(ENTERED, subject, by=user, address=address)
            return user
        failures.insert(0, record(FAILED, subject, address=address, outcome="失败").at)
    if len(failures) >= MOST_FAILURES:
        raise Refusal(_locked_words(failures), status=429)
    left = MOST_FAILURES - len(failures)
    raise Refusal(
        f"登录名或密码不对，请核对大小写和输入法。再错 {left} 次要等 15 分钟；忘了密码请找系统管理员重设。",
        status=403,
    )


def _subject(username: str) -> str:
    """Known names as they are; others hashed, because a password is easily typed into the wrong box."""
    if User.objects.filter(username=username).exists():
        return f"账号 {username}"
    return f"账号 ?{hashlib.sha256(username.encode()).hexdigest()[:24]}"


def _alone(key: str) -> bool:
    """Take this name and address for the transaction; a second attempt at the same time is turned away."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return cursor.fetchone()[0]


def _recent_failures(subject: str, address: str) -> list:
    """Moments of the failures in the window since the last success, newest first."""
    rows = AuditRecord.objects.filter(
        subject=subject, address=address, at__gt=clock.now() - WINDOW, action__in=[FAILED, ENTERED]
    ).order_by("-at", "-id")
    failures = []
    for action, at in rows.values_list("action", "at")[:MOST_FAILURES]:
        if action == ENTERED:
            break
        failures.append(at)
    return failures


def _locked_words(failures: list) -> str:
    """Until when: a quarter of an hour after the failure that makes five."""
    until = clock.local(failures[MOST_FAILURES - 1] + WINDOW)
    return f"连续 {MOST_FAILURES} 次没有登录成功，请在 {until:%H:%M} 之后再试。忘了密码请找系统管理员重设。"
