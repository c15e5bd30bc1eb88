"""The desk's doors on the rail and in the top bar, and the numbers on them."""

from django.urls import reverse

from huiyin.cases import beside, record
from huiyin.cases.access import may_contact, reach_of
from huiyin.cases.conference import MAY_CONFER
from huiyin.cases.filters import CaseFilter
from huiyin.cases.inbox import unread_count
from huiyin.cases.intake_form import MAY_REGISTER
from huiyin.cases.performance import READERS
from huiyin.notices import outbox
from huiyin.shell import cabinet, rail, slots
from huiyin.shell.templatetags.shell import capped

MOST_SHOWN = 12


def reads_matters(user) -> bool:
    """Posts that read no matters (administrator, auditor) see no doors to them."""
    return any(reach_of(post) != "none" for post in getattr(user, "current_posts", ()))


def late_count(request) -> int:
    return CaseFilter.counts(request.user, ["late"])["late"]


def may_register(user) -> bool:
    return bool(getattr(user, "roles", frozenset()) & MAY_REGISTER)


def may_confer(user) -> bool:
    return bool(getattr(user, "roles", frozenset()) & MAY_CONFER)


def may_supervise(user) -> bool:
    return bool(getattr(user, "roles", frozenset()) & READERS)


def unread(request) -> int:
    return unread_count(request.user)


def sender_state(request) -> str:
    """How the ways out stand, for the card in 设置."""
    found = outbox.standing(request.user.office)
    if found["out"]:
        return f"{found['out']} 个通道不通"
    return f"没发成 {capped(found['given_up'])}" if found["given_up"] else ""


def outward_of(case, user) -> dict | None:
    """What went to the person by text message or mail, for the matter's page."""
    if not record.has(case, case.deliveries.model):
        return None
    rows = list(case.deliveries.exclude(party=None).order_by("-pk")[:MOST_SHOWN])
    if not rows:
        return None
    for row in rows:
        row.about = row.subject.partition("：")[2]  # without the office that signs it
    return {"rows": rows, "may_act": may_contact(case, user)}


def put_up():
    """Called once when the room is ready."""
    rail.register("today", "今日", "today", "desk_today", order=10, group="day")
    rail.register("intake", "受理", "intake", "desk_intake", allowed=may_register, order=20)
    rail.register(
        "inbox", "消息", "bell", "desk_inbox", count=unread, order=15, pulse="desk_inbox_pulse", group="day"
    )
    rail.register(
        "supervision", "督办", "flag", "desk_supervision", allowed=may_supervise, order=50, on_phone=False
    )
    rail.register(
        "conference", "联席会议", "table", "desk_conference", allowed=may_confer, order=60, on_phone=False
    )
    slots.fill("register_url", lambda request: reverse("desk_intake") if may_register(request.user) else "")
    cabinet.register(
        "senders", "消息通道", "邮件、群机器人、短信网关：发到哪里、通不通、没发成的怎么办",
        "desk_senders", group="消息", state=sender_state, order=10,
    )  # fmt: skip
    beside.MATTER.fill("cases/parts/outward.html", outward_of, order=20)
    rail.register("cases", "事项", "list", "desk_list", allowed=reads_matters, count=late_count, order=30)
    slots.fill("search_url", lambda request: reverse("desk_list") if reads_matters(request.user) else "")
