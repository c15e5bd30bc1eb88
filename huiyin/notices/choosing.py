"""What the holder of a post chose to hear of by which way, and the mail address that they have confirmed."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from huiyin.base.refusal import Refusal
from huiyin.notices import outward, rules
from huiyin.notices.models import Delivery, Preference, Sender, StaffAddress, Transport, Way
from huiyin.rules import clock

CODE_LASTS = timedelta(minutes=30)
MOST_WRONG = 5
PAUSE = timedelta(seconds=60)  # between two codes
WAYS = ("in_app", "mail", "robot")


@dataclass(frozen=True)
class Line:
    """One group of messages for one post: what holds now. `must`: cannot be switched off inside the program."""

    code: str
    name: str
    about: str
    must: bool
    in_app: bool
    mail: bool
    robot: bool


def lines(post) -> list[Line]:
    """Every group for `post`, its own choice before the office's default."""
    own = {row.group: row for row in Preference.objects.filter(office_id=post.office_id, post=post)}
    found = []
    for code, row in rules.groups(post.office_id).items():
        kept = own.get(code)
        found.append(
            Line(
                code, row["name"], row["about"], row["must"],
                in_app=row["must"] or (kept.in_app if kept else True),
                mail=kept.mail if kept else row["mail"],
                robot=kept.robot if kept else row["webhook"],
            )
        )  # fmt: skip
    return found


@transaction.atomic
def choose(post, chosen: set[str], *, by):
    """Keep what `by` ticked for the own post: `chosen` holds 'group:way' of every ticked box."""
    if post.user_id != by.pk:
        raise Refusal("只能改自己岗位的消息。", status=403)
    for code, row in rules.groups(post.office_id).items():
        values = {way: f"{code}:{way}" in chosen for way in WAYS}
        values["in_app"] = values["in_app"] or row["must"]
        Preference.objects.update_or_create(office_id=post.office_id, post=post, group=code, defaults=values)


def address_of(user) -> StaffAddress | None:
    return StaffAddress.objects.filter(office_id=user.office_id, user=user).first()


def mail_is_on(office) -> bool:
    return Sender.objects.on(office).filter(transport=Transport.MAIL).exists()


@transaction.atomic
def set_address(mail: str, *, by) -> StaffAddress | None:
    """Keep a mail address and send it a code; nothing else goes there until the code came back. '' removes it."""
    mail = mail.strip()
    known = StaffAddress.objects.select_for_update().filter(office_id=by.office_id, user=by).first()
    if not mail:
        if known:
            known.delete()
        return None
    try:
        validate_email(mail)
    except ValidationError as error:
        raise Refusal("邮箱地址不对，请再看一遍。", status=400, errors={"mail": "不是邮箱地址"}) from error
    if not mail_is_on(by.office):
        raise Refusal("街道还没有启用邮件，确认不了邮箱。请找管理员。", status=409)
    now = clock.now()
    if known and known.code_at and now - known.code_at < PAUSE:
        raise Refusal("确认码刚刚发过，一分钟后再试。", status=429)
    row = known or StaffAddress(office=by.office, user=by)
    row.mail, row.code, row.code_at = mail, f"{secrets.randbelow(10**6):06d}", now
    row.verified_at, row.wrong_codes = None, 0
    row.save()
    outward.put([_letter(row, by, now)], by.office, is_alarm=True)
    return row


def _letter(row: StaffAddress, by, now) -> Delivery:
    return Delivery(
        office=by.office, key=f"confirm:{by.pk}:{int(now.timestamp())}", way=Way.MAIL, to_user=by, group="system",
        address=row.mail, shown=by.name, subject="回音：确认邮箱",
        text=f"确认码 {row.code}，半小时内在“消息设置”里填。不是您本人要的，不用理会。",
    )  # fmt: skip


def confirm(code: str, *, by) -> StaffAddress:
    """The code came back: from now on mail goes there. Five wrong ones, and a new code is needed."""
    with transaction.atomic():
        row = StaffAddress.objects.select_for_update().filter(office_id=by.office_id, user=by).first()
        if (
            row is None
            or not row.code
            or clock.now() - row.code_at > CODE_LASTS
            or row.wrong_codes >= MOST_WRONG
        ):
            trouble = Refusal("确认码过期了，请重新发一个。", status=409)
        elif not secrets.compare_digest(row.code, code.strip().encode("ascii", "replace").decode()):
            row.wrong_codes += 1
            row.save(update_fields=["wrong_codes"])
            trouble = Refusal("确认码不对，请对着邮件再填。", status=400, errors={"code": "不对"})
        else:
            row.code, row.verified_at = "", clock.now()
            row.save(update_fields=["code", "verified_at"])
            return row
    raise trouble  # outside: the wrong try stays counted
