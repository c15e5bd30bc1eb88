"""What stands on a matter's page and under 今日, and the lists of champions and reports upward."""

from django.db.models import Count, Q

from huiyin.cases import key_files
from huiyin.cases.models import Case
from huiyin.cases.workflow import CENTRE, CHIEF, UNIT
from huiyin.cooperation import championing, territory, together
from huiyin.cooperation.models import Call, Champion, ChampionStep, Upward
from huiyin.orgs.models import Role
from huiyin.rules import clock

FEW = 5
MOST = 200
READERS = CENTRE | CHIEF | UNIT | {Role.SUPERVISOR, Role.GRID_WORKER}


def matter_part(case, user) -> dict | None:
    """What other matters and units have to do with this one, as far as `user` may read them."""
    held = together.of(case)
    if held.is_empty:
        return None
    far = [row.case_id for row in held.children] + [row.other_id for row in held.links]
    far += [held.parent.parent_id] if held.parent else []
    seen = (
        set(Case.objects.visible_to(user).filter(pk__in=far).values_list("pk", flat=True)) if far else set()
    )
    return {
        "case": case,
        "parent": held.parent,
        "reads_parent": bool(held.parent) and held.parent.parent_id in seen,
        "children": [(row.case, row.case_id in seen) for row in held.children],
        "links": [row for row in held.links if row.other_id in seen],
        "unseen": sum(row.other_id not in seen for row in held.links),
        "group": held.group,
        "upwards": held.upwards,
        "calls": held.calls,
        "joints": [(row, row.units.all(), row.measures.all()) for row in held.joints],
        "champions": [(row, row.steps.all()) for row in held.champions],
        "now": clock.now(),
        "today": clock.today(),
    }


def chain_part(case, user) -> dict | None:
    """Who is answerable first by territory, and the file of a key matter for whom it names."""
    return {
        "case": case,
        "chain": territory.chain(case),
        "has_file": case.is_key and key_files.may_read(case, user),
    }


def today_part(user) -> dict | None:
    """Calls that wait for my unit, steps of matters I stand behind, reports upward to be asked again."""
    today = clock.today()
    units = {post.organisation_id for post in user.current_posts if post.role in UNIT}
    owed = Call.objects.visible_to(user).waiting().filter(organisation__in=units)
    steps = ChampionStep.objects.visible_to(user).filter(done_at=None, champion__ended_at=None)
    mine = steps.filter(Q(champion__leader=user) | Q(champion__secretary=user))
    asks = Upward.objects.none()
    if user.roles & (CENTRE | {Role.SUPERVISOR}):
        asks = Upward.objects.visible_to(user).filter(answered_at=None, ended_at=None, review_on__lte=today)
    found = {
        "calls": list(owed.select_related("case", "whistle").order_by("due_at")[: FEW + 1]) if units else [],
        "steps": list(mine.select_related("case").order_by("due_on", "pk")[: FEW + 1]),
        "upwards": list(asks.select_related("case").order_by("review_on", "pk")[: FEW + 1]),
    }
    if not any(found.values()):
        return None
    return {
        **{name: rows[:FEW] for name, rows in found.items()},
        "more": {name: len(rows) > FEW for name, rows in found.items()},
        "now": clock.now(),
        "today": today,
    }


def champions(user, is_open: bool) -> list[dict]:
    """Champions whose matters `user` may read, by leader: each with steps done, the next step and what is late."""
    rows = Champion.objects.visible_to(user).filter(ended_at__isnull=is_open)
    rows = rows.select_related("case__area", "leader", "secretary").prefetch_related("steps")
    rows = rows.defer("case__words", "case__area__boundary").order_by("leader__pinyin", "due_on", "pk")
    today, found = clock.today(), {}
    for row in rows[:MOST]:
        steps = list(row.steps.all())
        todo = sorted((step for step in steps if not step.done_at), key=lambda step: (step.due_on, step.pk))
        row.done, row.all, row.next = len(steps) - len(todo), len(steps), todo[0] if todo else None
        row.late = [step for step in todo if step.due_on < today]
        row.is_late = bool(row.late) or row.due_on < today
        row.people = championing.people_of(row)
        person = found.setdefault(
            row.leader_id, {"leader": row.leader, "title": row.leader_title, "rows": [], "late": 0}
        )
        person["rows"].append(row)
        person["late"] += row.is_late
    return sorted(found.values(), key=lambda person: (-person["late"], -len(person["rows"])))


def champion_counts(user) -> dict:
    """Open, solved, steady – of matters that `user` may read."""
    rows = Champion.objects.visible_to(user).order_by().values("outcome").annotate(number=Count("pk"))
    counts = {row["outcome"]: row["number"] for row in rows}
    return {"open": counts.get("", 0), "solved": counts.get("solved", 0), "steady": counts.get("steady", 0)}


def upwards(user, view: str) -> list[Upward]:
    """Reports upward: open ones by the day they are looked at again, or answered ones, the latest first."""
    rows = Upward.objects.visible_to(user).select_related("case", "sent_by").defer("case__words")
    if view == "answered":
        return list(rows.exclude(answered_at=None).order_by("-answered_at", "-pk")[:MOST])
    rows = rows.filter(answered_at=None, ended_at=None)
    if view == "late":
        rows = rows.filter(due_on__lt=clock.today())
    return list(rows.order_by("review_on", "sent_at", "pk")[:MOST])
