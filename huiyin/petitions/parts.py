"""What this room draws on a matter's page and on 今日, and who opens its pages."""

from huiyin.cases.states import State
from huiyin.cases.workflow import CENTRE, CHIEF, UNIT
from huiyin.documents.models import IssuedDocument
from huiyin.orgs.models import Role
from huiyin.petitions import accusations, held, reviewing, transfers
from huiyin.petitions.models import Adoption, Instruction, Review, ReviewLevel
from huiyin.rules import clock

READERS = CENTRE | CHIEF | UNIT | {Role.SUPERVISOR}
MOST = 5


def may_open(user) -> bool:
    return bool(getattr(user, "roles", frozenset()) & READERS)


def of_case(case, user) -> dict | None:
    """The part beside a petition or a suggestion; None when there is nothing to say."""
    if case.kind == "suggestion":
        rows = held.adoptions(case)
        return {"adoptions": rows, "today": clock.today()} if rows else None
    if case.kind != "petition":
        return None
    part = {
        "today": clock.today(),
        "objections": held.objections(case),
        "window": _window(case),
        "instructions": held.instructions(case),
        "reviews": held.reviews(case),
        "next": _next(case),
        "is_accusation": accusations.is_accusation(case),
        "accused": held.accused(case),
        "law": accusations.LAW,
    }
    names = ("objections", "window", "instructions", "reviews", "next", "is_accusation", "accused")
    return part if any(part[name] for name in names) else None


def _window(case) -> dict | None:
    """The five working days in which it may be said that it is not ours."""
    if case.state != State.RECEIVED or not transfers.is_transferred(case) or held.objections(case):
        return None
    window = transfers.window_of(case)
    return {"due_at": window.due_at, "is_past": clock.now() > window.due_at} if window else None


def _next(case) -> str:
    """What the person may ask for now, until when; '' where nothing is served."""
    if case.state not in held.ANSWERED or case.is_anonymous:
        return ""
    rows = held.reviews(case)
    if any(row.served_on is None for row in rows):
        return ""
    level, reason = reviewing.next_level(case, rows)
    if not level:
        return reason
    window = reviewing.duty_clock(case, reviewing.WINDOW[level])
    name = ReviewLevel(level).label
    if window is None:
        opinion = IssuedDocument.objects.live().filter(case=case, kind="opinion", round=case.round).exists()
        return "处理意见书出了，还没有登记送达" if opinion else "还没有出处理意见书"
    last = clock.local(window.due_at).date()
    if last < clock.today():
        return f"{name}请求期到 {last:%Y-%m-%d} 为止，已经过了"
    return f"本人可以在 {last:%Y-%m-%d} 前请求{name}"


def today(user) -> dict | None:
    """Reviews that are due, adopted suggestions that are due, questions that wait for this leader."""
    roles = getattr(user, "roles", frozenset())
    part: dict = {"today": clock.today()}
    if roles & {Role.LEADER, Role.DUTY_LEADER, Role.DIRECTOR}:
        rows = Instruction.objects.visible_to(user).filter(decided_at=None).exclude(asked_by=user)
        part["instructions"] = list(rows.select_related("case", "asked_by").order_by("asked_at")[:MOST])
    if roles & (CENTRE | CHIEF):
        rows = Review.objects.visible_to(user).open().select_related("case").order_by("due_on", "pk")
        part["reviews"] = list(rows[:MOST])
    if roles & (CENTRE | UNIT):
        rows = Adoption.objects.visible_to(user).filter(done_on=None, due_on__isnull=False)
        if not roles & CENTRE:
            rows = rows.filter(organisation__in=[post.organisation_id for post in user.current_posts])
        part["adoptions"] = list(rows.select_related("case", "organisation").order_by("due_on", "pk")[:MOST])
    return part if any(part.get(name) for name in ("instructions", "reviews", "adoptions")) else None
