"""开通单: one-time links with which people set their own password; shown once, on the sheet that carries them."""

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from huiyin.accounts import invitations
from huiyin.accounts.models import Invitation, User
from huiyin.audit.models import record
from huiyin.orgs.models import Post
from huiyin.rules import clock
from huiyin.sheets.columns import Column, Sheet
from huiyin.sheets.template import write

MOST = 1000
SHEET = Sheet(
    "links",
    "开通单",
    "每人一个一次性链接，自己设密码。当面或密封交给本人，用过就失效。",
    tuple(
        Column(key, heading, width=width)
        for key, heading, width in (
            ("name", "姓名", 14), ("username", "登录名", 20), ("unit", "组织", 24), ("link", "一次性链接", 70), ("until", "有效至", 14),
        )
    ),
)  # fmt: skip


@dataclass
class Slip:
    """What one person gets."""

    user: User
    posts: list
    link: str
    code: str
    until: object


def people(office, *, everyone: bool = False):
    """Active accounts that have no password yet; `everyone`: all, for those who forgot theirs."""
    rows = User.objects.filter(office=office, is_active=True).order_by("pinyin", "pk")
    return rows if everyone else rows.filter(password__startswith="!")


def waiting(office) -> list[User]:
    """Those without a password, with `invited` (until when their link is good, or None) and their posts."""
    users = list(people(office).prefetch_related("posts__organisation")[:MOST])
    good = Invitation.objects.filter(user__in=users, used_at=None, expires_at__gt=clock.now())
    until = dict(good.values_list("user_id", "expires_at"))
    for user in users:
        user.invited = until.get(user.pk)
    return users


@transaction.atomic
def make(users: list[User], *, by, base: str, address: str = "") -> list[Slip]:
    """New links for `users`; those they had stop working. `base` is the address of this house."""
    codes = invitations.for_users(users)
    posts: dict = {}
    for post in (
        Post.objects.current()
        .filter(user__in=users)
        .select_related("organisation")
        .order_by("start_on", "pk")
    ):
        posts.setdefault(post.user_id, []).append(post)
    until = clock.now() + invitations.LIFETIME
    record(
        "开链接", f"{len(users)} 个账号", by=by, address=address, 账号=[user.username for user in users],
    )  # fmt: skip
    return [
        Slip(
            user,
            posts.get(user.pk, []),
            base + reverse("opening_welcome", args=[codes[user.pk]]),
            codes[user.pk],
            until,
        )
        for user in users
    ]


def as_sheet(slips: list[Slip]) -> bytes:
    rows = (
        {
            "name": slip.user.name, "username": slip.user.username, "link": slip.link,
            "unit": "、".join(dict.fromkeys(str(post.organisation) for post in slip.posts)),
            "until": f"{clock.local(slip.until):%Y-%m-%d}",
        }
        for slip in slips
    )  # fmt: skip
    return write(SHEET, rows)
