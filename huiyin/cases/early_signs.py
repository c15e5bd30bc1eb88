"""苗头性问题: kinds whose procedure has `levels` are followed up by a rhythm and raised by rule when that is missed."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q

from huiyin.base.refusal import Refusal
from huiyin.cases import procedures
from huiyin.cases.moving import Step, finish, lock
from huiyin.cases.states import OPEN
from huiyin.notices.models import send
from huiyin.orgs.models import Post
from huiyin.rules import clock

BATCH = 200
SYSTEM = "系统"


def levels_of(case) -> list[dict]:
    """[{code, name, follow_up_days}] from the lightest to the gravest; empty for other kinds."""
    return procedures.of(case).get("levels", [])


def kinds_with_levels(office) -> dict[str, list[dict]]:
    """kind → its levels, for the kinds that have any."""
    kinds = procedures.current(office).content["kinds"]
    return {kind: row["levels"] for kind, row in kinds.items() if row.get("levels")}


def level_of(case, code: str) -> dict:
    """The level of that code; Refusal 400 when the procedure has none such."""
    found = next((row for row in levels_of(case) if row["code"] == code), None)
    if found is None:
        names = "、".join(row["name"] for row in levels_of(case))
        raise Refusal(f"没有这个等级，可选：{names}。", status=400, errors={"level": "请从列表里选"})
    return found


def next_day(case, level: str):
    return clock.today() + timedelta(days=level_of(case, level)["follow_up_days"])


def begin(case, *, source: str, level: str, responsible):
    """At registration: where it was heard of, how grave, who keeps an eye on it. Saves the matter's row."""
    levels = levels_of(case)
    if not levels:
        return None
    code = level or levels[0]["code"]
    case.in_charge = responsible or case.registered_by
    case.save(update_fields=["in_charge"])
    return case.early_signs.create(
        office_id=case.office_id,
        source=source.strip()[:120],
        level=code,
        next_on=next_day(case, code),
    )


def watch_missed() -> int:
    """Where the day of the next contact has passed: warn once a day, and raise the level by the procedure's rule.

    Returns how many were warned; at most BATCH in one run, each in a transaction of its own.
    """
    from huiyin.cases.models import EarlySign

    today = clock.today()
    rows = EarlySign.objects.filter(next_on__lt=today, case__state__in=OPEN)
    rows = rows.filter(Q(warned_on=None) | Q(warned_on__lt=F("next_on")) | Q(warned_on__lt=today))
    ids = rows.order_by("next_on").values_list("pk", flat=True)[:BATCH]
    return sum(_warn(pk, today) for pk in ids)


@transaction.atomic
def _warn(pk, today) -> bool:
    from huiyin.cases.models import EarlySign

    sign = EarlySign.objects.select_related("case__office", "case__area").get(pk=pk)
    case = sign.case
    lock(case)
    sign.refresh_from_db()
    if sign.next_on >= today or sign.warned_on == today or case.state not in OPEN:
        return False
    first = sign.warned_on is None or sign.warned_on < sign.next_on
    sign.warned_on = today
    sign.missed += first
    levels = [row["code"] for row in levels_of(case)]
    after, at = procedures.of(case).get("raise_after", 0), levels.index(sign.level)
    raised = bool(first and after and sign.missed >= after and at + 1 < len(levels))
    if raised:
        sign.level, sign.missed = levels[at + 1], 0
    sign.save(update_fields=["warned_on", "missed", "level"])
    name = level_of(case, sign.level)["name"]
    text = f"过了约定的联系日（{sign.next_on:%m-%d}）还没有联系。" + (f"升为“{name}”。" if raised else "")
    step = Step(case, "warn", None)
    step.title = SYSTEM
    step.say(text, level=sign.level, raised=raised, next_on=str(sign.next_on))
    finish(case, step)
    _tell(case, f"苗头性问题 {case.number} {text}", key=f"early:{case.pk}:{today}", raised=raised)
    return True


def _tell(case, text, *, key, raised):
    """The one responsible, and the posts of the rule; only those who may read the matter. No words of its content."""
    roles = procedures.of(case).get("tells", [])
    readers = set(case.readers.values_list("key", flat=True))
    users = {post.user_id: post.user for post in Post.objects.of_roles(case.office, *roles)} if roles else {}
    if case.in_charge:
        users[case.in_charge_id] = case.in_charge
    told = [user for pk, user in users.items() if pk in readers]
    url = f"/desk/cases/{case.number}/"
    send(told, text, office=case.office, url=url, key=key, level="alarm" if raised else "plain")


def due_of(user):
    """Signs whose next contact is due today or earlier and that `user` answers for, the oldest first (at most 5)."""
    from huiyin.cases.models import EarlySign

    rows = EarlySign.objects.filter(case__in_charge=user, case__state__in=OPEN, next_on__lte=clock.today())
    return rows.select_related("case").order_by("next_on")[:5]
