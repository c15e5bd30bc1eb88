"""The figures of city management: each with what it counts, out of what, what is left out – and the records of all three."""

from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Q

from huiyin.cases import deadlines
from huiyin.cases.models import Case, CaseEvent, Deadline
from huiyin.cases.states import State
from huiyin.inspections import appeals, filing, spot
from huiyin.rules import clock
from huiyin.rules.models import RuleSet

TAKEN_ON = ("accept", spot.FIX, spot.SEND)
LEAST_FOR_RATE = 10
PARTS = {"numerator": "算上的", "denominator": "一共", "excluded": "不计的"}


@dataclass
class Figure:
    """`definition` as it is printed; the three sets are querysets of `of`: case, clock or event."""

    code: str
    name: str
    definition: str
    of: str
    numerator: object
    denominator: object
    excluded: object
    why_excluded: str
    is_count: bool = False
    counts: dict = field(default_factory=dict)

    def count(self):
        self.counts = {name: getattr(self, name).order_by().count() for name in PARTS}
        return self

    @property
    def rate(self) -> float | None:
        """Per cent with one digit; None for plain counts and below ten, where pieces say more."""
        whole = self.counts["denominator"]
        if self.is_count or whole < LEAST_FOR_RATE:
            return None
        return round(100 * self.counts["numerator"] / whole, 1)

    @property
    def rate_with_all(self) -> float | None:
        """The same with what was left out counted in as not fulfilled."""
        whole = self.counts["denominator"] + self.counts["excluded"]
        return (
            None
            if self.is_count or whole < LEAST_FOR_RATE
            else round(100 * self.counts["numerator"] / whole, 1)
        )

    def cases(self, part: str):
        """The matters of one part, newest first."""
        rows = getattr(self, part)
        if self.of != "case":
            rows = Case.objects.filter(pk__in=rows.order_by().values("case_id"))
        return (
            rows.select_related("area", "next_deadline")
            .defer("area__boundary", "words")
            .order_by("-registered_at", "-id")
        )


def _events(*verbs):
    return Exists(
        CaseEvent.objects.filter(case_id=OuterRef("pk"), office_id=OuterRef("office_id"), verb__in=verbs)
    )


def _codes(office, duty: str) -> list[str]:
    pack = deadlines.pack(RuleSet.objects.current("limits", office).pk)
    return [
        rule.code for rule in pack if rule.duty == duty and (not rule.applies or filing.KIND in rule.applies)
    ]


def figures(user, since, until) -> list[Figure]:
    """All six, over the city problems that `user` reads, for [since, until). Not counted yet."""
    return [build(user, since, until) for build in BUILDERS.values()]


def figure(code: str, user, since, until) -> Figure:
    return BUILDERS[code](user, since, until)


def _reported(user, since, until):
    rows = Case.objects.visible_to(user).filter(kind=filing.KIND)
    return rows.filter(registered_at__gte=since, registered_at__lt=until)


def filed(user, since, until) -> Figure:
    came = _reported(user, since, until)
    whole = came.exclude(state__in=[State.VOID, State.MERGED, State.RECEIVED])
    return Figure(
        "filed", "立案率", "立案 ÷ 上报：本期上报的城市管理问题里，受理立案的", "case",
        whole.filter(_events(*TAKEN_ON)), whole, came.filter(state__in=[State.VOID, State.MERGED, State.RECEIVED]),
        "作废、并入别件、还没有定的",
    )  # fmt: skip


def _clocks(user, since, until, duty):
    readable = Case.objects.visible_to(user).filter(kind=filing.KIND)
    now = min(until, clock.now())
    rows = Deadline.objects.filter(code__in=_codes(user.office_id, duty), due_at__gte=since, due_at__lt=until)
    rows = rows.filter(Exists(readable.filter(pk=OuterRef("case_id"), office_id=OuterRef("office_id"))))
    due = rows.filter(Q(met_at__isnull=False) | Q(due_at__lte=now))
    left_out = Q(dropped_at__isnull=False) | Q(case__paused_at__isnull=False, met_at=None)
    return due.exclude(left_out), due.filter(left_out)


def closed(user, since, until) -> Figure:
    whole, left_out = _clocks(user, since, until, "close")
    return Figure(
        "closed", "结案率", "结案 ÷ 应结案：结案时限落在本期的，已经由旁人核查、达到结案条件的；没分类别的看办结", "clock",
        whole.filter(met_at__isnull=False), whole, left_out, "挂账的、时限不再适用的",
    )  # fmt: skip


def in_time(user, since, until) -> Figure:
    whole, left_out = _clocks(user, since, until, "close")
    exempt = appeals.exempted(user.office_id)
    late = Q(met_at__gt=F("due_at")) | Q(met_at=None)
    return Figure(
        "in_time", "按期结案率", "按期结案 ÷ 应结案：结案时限落在本期的，在时限以内结案的", "clock",
        whole.filter(met_at__lte=F("due_at")), whole.exclude(late, pk__in=exempt), whole.filter(late, pk__in=exempt) | left_out,
        "申诉成立的、挂账的、时限不再适用的",
    )  # fmt: skip


def handled(user, since, until) -> Figure:
    whole, left_out = _clocks(user, since, until, "report")
    exempt = appeals.exempted(user.office_id)
    late = Q(met_at__gt=F("due_at")) | Q(met_at=None)
    return Figure(
        "handled", "处置率", "按期处置 ÷ 应处置：单位报结时限落在本期的，按时报结的", "clock",
        whole.filter(met_at__lte=F("due_at")), whole.exclude(late, pk__in=exempt), whole.filter(late, pk__in=exempt) | left_out,
        "申诉成立的、退回改派的、挂账的",
    )  # fmt: skip


def redone(user, since, until) -> Figure:
    readable = Case.objects.visible_to(user).filter(kind=filing.KIND)
    mine = Exists(readable.filter(pk=OuterRef("case_id"), office_id=OuterRef("office_id")))
    rows = CaseEvent.objects.filter(mine, at__gte=since, at__lt=until)
    return Figure(
        "redone", "返工数", "本期核查没通过、退回重办的次数，对照本期报结的次数", "event",
        rows.filter(verb="redo"), rows.filter(verb__in=["report", spot.FIX]), rows.none(), "没有不计的", is_count=True,
    )  # fmt: skip


def repeated(user, since, until) -> Figure:
    came = _reported(user, since, until)
    whole = came.exclude(state=State.VOID)
    return Figure(
        "repeated", "重复率", "重复上报 ÷ 上报：本期上报的里，和别件是同一件、并入了的，或者反弹重开的", "case",
        whole.filter(Q(state=State.MERGED) | _events("reopen")), whole, came.filter(state=State.VOID), "作废的",
    )  # fmt: skip


BUILDERS = {
    "filed": filed, "closed": closed, "in_time": in_time, "handled": handled, "redone": redone, "repeated": repeated,
}  # fmt: skip
