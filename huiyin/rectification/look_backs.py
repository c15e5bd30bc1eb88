"""Rounds of looking back: laid down when a matter is closed, walked through, reported with the relapse rate by kind."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from huiyin.cases import procedures
from huiyin.rectification import rules
from huiyin.rectification.models import LookBackRound, RoundResult
from huiyin.rules import clock
from huiyin.rules.calendar import midnight

DROPPED_BY = ("reopen", "withdraw", "void", "void_entry")


def plan_rounds(case, step):
    """At closing: one row for each round that the procedure asks for; the matter waits for the first."""
    day = clock.local(step.at).date()
    days = [day + timedelta(days=count) for count in rules.look_back_days(case)]
    wished = case.look_back_on
    if wished and wished not in days:
        days = sorted({wished, *days})
    if not days:
        return
    first = LookBackRound.objects.filter(case=case, of_round=case.round).count()
    LookBackRound.objects.bulk_create(
        [
            LookBackRound(
                office_id=case.office_id, case=case, of_round=case.round, number=first + number, kind=case.kind, due_on=on
            )
            for number, on in enumerate(days, 1)
        ]
    )  # fmt: skip
    case.look_back_on = days[0]
    if len(days) > 1:
        step.data["notes"] = [
            *step.data.get("notes", ()),
            f"回头看 {len(days)} 次：{'、'.join(map(str, days))}",
        ]


def looked(case, step):
    """One round done: kept, and the next is waited for; or relapsed, and the rest need not be looked at."""
    relapsed = bool(step.data.get("has_relapsed"))
    of_round = case.round - 1 if relapsed else case.round
    rows = LookBackRound.objects.filter(case=case, of_round=of_round)
    row = rows.planned().order_by("due_on", "number").first()
    if row is None:
        row = LookBackRound(
            office_id=case.office_id, case=case, of_round=of_round, number=rows.count() + 1, kind=case.kind,
            due_on=clock.local(step.at).date(),
        )  # fmt: skip
    row.result = RoundResult.RELAPSED if relapsed else RoundResult.KEPT
    row.done_at, row.done_by, row.text = step.at, step.by, step.text
    row.save()
    total = rows.exclude(result=RoundResult.DROPPED).count()
    note = f"第 {row.number} 次，共 {max(total, row.number)} 次"
    if relapsed:
        rows.planned().update(result=RoundResult.DROPPED)
    else:
        note += _next(case, rows, row.number + 1)
    step.data["notes"] = [*step.data.get("notes", ()), note]


def _next(case, rows, number: int) -> str:
    """The matter waits for the next round: the day asked for, else the one laid down."""
    following = rows.planned().order_by("due_on", "number").first()
    if case.look_back_on and (following is None or case.look_back_on < following.due_on):
        last = rows.order_by("-number").values_list("number", flat=True).first() or 0
        LookBackRound.objects.create(
            office_id=case.office_id, case=case, of_round=case.round, number=last + 1, kind=case.kind,
            due_on=case.look_back_on,
        )  # fmt: skip
        return ""
    case.look_back_on = following.due_on if following else None
    return "" if following else "，看完了，稳住了"


def drop(case, of_round: int):
    """The matter runs again: what was laid down for the round before is not looked at."""
    LookBackRound.objects.filter(case=case, of_round__lte=of_round).planned().update(
        result=RoundResult.DROPPED
    )


def is_settled(case) -> bool:
    """Closed, and every round that was laid down is through without a relapse."""
    return not case.is_open and case.closed_at is not None and not rows_of(case, planned=True)


def rows_of(case, *, planned: bool = False) -> list[LookBackRound]:
    rows = LookBackRound.objects.filter(case=case).exclude(result=RoundResult.DROPPED)
    if planned:
        return list(rows.planned().filter(of_round=case.round)[:20])
    return list(rows.select_related("done_by").order_by("of_round", "number")[:40])


def due(user, until: date):
    """Rounds due by that day that `user` may read, the oldest first."""
    rows = LookBackRound.objects.visible_to(user).planned().filter(due_on__lte=until)
    return rows.select_related("case__area").order_by("due_on", "pk")


@dataclass(frozen=True)
class Rate:
    """Of the rounds looked at in a period: how many matters, how many of them had relapsed."""

    kind: str
    name: str
    rounds: int
    matters: int
    relapsed: int

    @property
    def share(self) -> float | None:
        """Relapsed matters in per cent of matters looked at; None when none was."""
        return round(100 * self.relapsed / self.matters, 1) if self.matters else None


def rates(user, first: date, last: date) -> list[Rate]:
    """反弹率 by kind: matters (by round of handling) found relapsed, of those that were looked at in the period."""
    rows = done_in(user, first, last).order_by()
    counted = rows.values("kind").annotate(
        rounds=Count("pk"),
        matters=Count("case_id", distinct=True),
        relapsed=Count("case_id", filter=Q(result=RoundResult.RELAPSED), distinct=True),
    )
    names = procedures.kinds(user.office_id)
    found = [
        Rate(row["kind"], names.get(row["kind"], row["kind"]), row["rounds"], row["matters"], row["relapsed"])
        for row in counted
    ]
    return sorted(found, key=lambda row: (-(row.share or 0), -row.matters, row.kind))


def done_in(user, first: date, last: date):
    """Rounds that were looked at from `first` to `last`."""
    begin, end = midnight(first), midnight(last + timedelta(days=1))
    return LookBackRound.objects.visible_to(user).done().filter(done_at__gte=begin, done_at__lt=end)
