"""信访工作年度报告 (第四十一条): every figure is a list of matters, so that it can be opened.

Everything is read in a few queries and counted in memory; a period of more than MOST petitions is refused.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from huiyin.base.refusal import Refusal
from huiyin.cases import categories, deadlines, particulars, procedures
from huiyin.cases.models import Assignment, Case, CaseEvent, Deadline
from huiyin.cases.models.case import GROUP_SIZE
from huiyin.cases.states import OPEN, AssignmentState, Channel, Part, State
from huiyin.petitions.models import Hearing, JurisdictionObjection, Review, ReviewLevel, ReviewResult
from huiyin.rules import clock
from huiyin.rules.calendar import midnight
from huiyin.rules.models import RuleSet

MOST = 20000
OUTCOMES = {"solved": "支持", "explained": "解释说明", "unsupported": "不支持"}
STATES = {
    "open": ("在办", OPEN), "closed": ("办结", {State.CLOSED}), "not_accepted": ("不予受理", {State.NOT_ACCEPTED}),
    "referred": ("转送、退回别处", {State.REFERRED}), "withdrawn": ("本人撤回", {State.WITHDRAWN}),
    "merged": ("并入另一件", {State.MERGED}), "void": ("登记错了作废", {State.VOID}),
}  # fmt: skip
DUTIES = {"forward": "转送交办（15日）", "notice": "书面告知（15日）", "close": "办结（60日）"}


@dataclass
class Figure:
    """A number that opens: `code` finds the same matters again, `people` is how many persons stood behind them."""

    code: str
    cases: list = field(default_factory=list)
    people: int = 0

    @property
    def count(self) -> int:
        return len(self.cases)


@dataclass
class Section:
    """A table: `heads` of its columns; rows of (label, figures); `persons` shows how many people besides."""

    title: str
    heads: tuple[str, ...]
    rows: list[tuple[str, list[Figure]]]
    persons: bool = False
    note: str = ""


def period(since: str, until: str) -> tuple[date, date]:
    """Both days inclusive; the year so far when nothing is asked. Raises Refusal 400 for days that make no period."""
    today = clock.today()
    try:
        first = date.fromisoformat(since) if since else date(today.year, 1, 1)
        last = date.fromisoformat(until) if until else today
    except ValueError as error:
        raise Refusal("日期写成 2026-01-01 这样。", status=400, errors={"since": "请改日期"}) from error
    if last < first:
        raise Refusal("止日在起日前面。", status=400, errors={"until": "请改日期"})
    if (last - first).days > 3 * 366:
        raise Refusal("一次最多看三年。", status=400, errors={"since": "请缩短时段"})
    return first, last


class Report:
    """The petitions registered in a period that `user` may read, counted in every way the report asks for."""

    def __init__(self, user, first: date, last: date):
        self.user, self.office, self.first, self.last = user, user.office, first, last
        start, end = midnight(first), midnight(last + timedelta(days=1))
        self.inside = {"registered_at__gte": start, "registered_at__lt": end}
        every = Case.objects.filter(office=self.office, kind="petition", **self.inside)
        rows = every.visible_to(user).order_by("registered_at", "pk")
        self.cases = list(
            rows.values(
                "pk",
                "channel",
                "group_size",
                "category",
                "state",
                "particulars__purpose",
                "is_anonymous",
                "round",
            )[: MOST + 1]
        )
        if len(self.cases) > MOST:
            raise Refusal(f"这个时段超过 {MOST} 件，请缩短时段。", status=400, errors={"since": "请缩短时段"})
        self.people = {row["pk"]: row["group_size"] for row in self.cases}
        self.pks = list(self.people)
        self.unseen = every[: MOST + 1].count() - len(self.cases)
        self.figures: dict[str, Figure] = {}

    def figure(self, code: str, pks) -> Figure:
        """The matters of a figure in the order of registration; a matter counts once."""
        wanted = set(pks)
        found = [pk for pk in self.pks if pk in wanted]
        self.figures[code] = Figure(code, found, sum(self.people[pk] for pk in found))
        return self.figures[code]

    def sections(self) -> list[Section]:
        return [
            self._whole(), self._channels(), self._purposes(), self._visits(), self._categories(), self._units(),
            self._states(), self._clocks(), self._outcomes(), self._reviews(), self._objections(),
        ]  # fmt: skip

    def _by(self, name) -> dict:
        found = defaultdict(list)
        for row in self.cases:
            found[row[name]].append(row["pk"])
        return found

    def _table(self, title, prefix, groups, labels, *, persons=True, note="") -> Section:
        """One row for each of `labels` (code → name); codes that no matter has are left out."""
        rows = [
            (name, [self.figure(f"{prefix}-{code}", groups[code])])
            for code, name in labels.items()
            if groups.get(code)
        ]
        return Section(title, ("件次",), rows, persons, note)

    def _whole(self) -> Section:
        rows = [("信访总量", [self.figure("all", self.pks)])]
        nameless = [row["pk"] for row in self.cases if row["is_anonymous"]]
        rows.append(("其中不留姓名", [self.figure("nameless", nameless)]))
        return Section("总量", ("件次",), rows, True)

    def _channels(self) -> Section:
        return self._table("按渠道", "channel", self._by("channel"), dict(Channel.choices))

    def _purposes(self) -> Section:
        fields = procedures.current(self.office).content["kinds"]["petition"].get("fields", [])
        named = next((dict(particulars.choices_of(row)) for row in fields if row["code"] == "purpose"), {})
        groups = {code or "none": pks for code, pks in self._by("particulars__purpose").items()}
        return self._table("按信访目的", "purpose", groups, {**named, "none": "没有分（受理以前结束的）"})

    def _visits(self) -> Section:
        visits = [row for row in self.cases if row["channel"] == Channel.VISIT]
        groups = {
            "group": [row["pk"] for row in visits if row["group_size"] >= GROUP_SIZE],
            "single": [row["pk"] for row in visits if row["group_size"] < GROUP_SIZE],
        }
        labels = {"single": "个体访", "group": f"集体访（{GROUP_SIZE} 人以上）"}
        section = self._table("来访批次、人次", "visit", groups, labels)
        section.heads = ("批次",)
        return section

    def _categories(self) -> Section:
        table = categories.table(self.office)
        groups = defaultdict(list)
        for row in self.cases:
            known = table.get(row["category"])
            groups[known["path"][0] if known else "没有分类"].append(row["pk"])
        ranked = sorted(groups, key=lambda name: -len(groups[name]))
        codes = {f"{number}": name for number, name in enumerate(ranked)}
        return self._table("按内容", "category", {code: groups[name] for code, name in codes.items()}, codes)

    def _units(self) -> Section:
        rows = Assignment.objects.filter(case__in=self.pks, part=Part.LEAD)
        rows = rows.exclude(state__in=[AssignmentState.RETURNED, AssignmentState.RELEASED])
        rounds = {row["pk"]: row["round"] for row in self.cases}
        groups, names = defaultdict(list), {}
        for case, unit, name, round_ in rows.values_list(
            "case_id", "organisation__code", "organisation__short_name", "round"
        ):
            if rounds[case] == round_:
                groups[unit].append(case)
                names[unit] = name
        good, late = self._closing()
        found = [
            (names[code], [
                self.figure(f"unit-{code}", groups[code]), self.figure(f"unit_ok-{code}", set(groups[code]) & good),
                self.figure(f"unit_late-{code}", set(groups[code]) & late),
            ])
            for code in sorted(groups, key=lambda code: (-len(groups[code]), code))
        ]  # fmt: skip
        return Section("按主办单位", ("主办", "按期办结", "超期（含在办）"), found)

    def _clocks_of(self, duty: str) -> list[tuple]:
        """(case id, due, met, dropped) of the clocks of this duty in the last round of each petition."""
        pack = deadlines.pack(RuleSet.objects.current("limits", self.office).pk)
        codes = [rule.code for rule in pack if rule.duty == duty]
        rounds = {row["pk"]: row["round"] for row in self.cases}
        rows = Deadline.objects.filter(case__in=self.pks, code__in=codes, assignment=None, notice=None)
        rows = rows.values_list("case_id", "due_at", "met_at", "dropped_at", "round")
        return [row[:4] for row in rows if rounds[row[0]] == row[4]]

    def _closing(self) -> tuple[set, set]:
        if not hasattr(self, "_closed"):
            self._closed = self._on_time(self._clocks_of("close"))
        return self._closed

    @staticmethod
    def _on_time(clocks) -> tuple[set, set]:
        now = clock.now()
        good = {case for case, due, met, _ in clocks if met and met <= due}
        late = {case for case, due, met, dropped in clocks if not dropped and (met or now) > due}
        return good - late, late

    def _states(self) -> Section:
        by = self._by("state")
        groups = {
            code: [pk for state in states for pk in by.get(state, ())] for code, (_, states) in STATES.items()
        }
        return self._table("办到哪一步", "state", groups, {code: name for code, (name, _) in STATES.items()})

    def _clocks(self) -> Section:
        rows = []
        for duty, name in DUTIES.items():
            good, late = self._closing() if duty == "close" else self._on_time(self._clocks_of(duty))
            rows.append((name, [self.figure(f"{duty}_ok", good), self.figure(f"{duty}_late", late)]))
        longer = Deadline.objects.filter(case__in=self.pks, extensions__is_approved=True)
        codes = [row for row in longer.values_list("case_id", "assignment_id") if row[1] is None]
        rows.append(("批准延期的", [self.figure("extended", {row[0] for row in codes}), Figure("")]))
        return Section(
            "期限", ("按期", "超期"), rows, note="按期、超期都按期限引擎算，停走、延期已经算在里面。"
        )

    def _outcomes(self) -> Section:
        rounds = {row["pk"]: row["round"] for row in self.cases}
        rows = CaseEvent.objects.filter(case__in=self.pks, verb__in=["answer", "answer_at_once"]).order_by(
            "seq"
        )
        last = {
            case: outcome or "solved"
            for case, outcome, round_ in rows.values_list("case_id", "data__outcome", "round")
            if rounds[case] == round_
        }
        groups = defaultdict(list)
        for case, outcome in last.items():
            groups[outcome].append(case)
        return self._table("处理意见", "outcome", groups, OUTCOMES)

    def _reviews(self) -> Section:
        """Asked for within the period, whenever the petition itself came in."""
        mine = Case.objects.visible_to(self.user).filter(office=self.office)
        asked = {"office": self.office, "requested_on__gte": self.first, "requested_on__lte": self.last}
        rows = list(
            Review.objects.filter(case__in=mine, **asked).values_list(
                "case_id", "level", "result", "served_on"
            )
        )
        heard = Hearing.objects.filter(
            review__requested_on__gte=self.first,
            review__requested_on__lte=self.last,
            office=self.office,
            case__in=mine,
        )
        heads = (
            "请求",
            "维持",
            "变更",
            "撤销重办",
            "在办",
            "听证",
        )  # the results in the order of ReviewResult
        hearings, found = list(heard.values_list("case_id", "review__level")), []
        for level in ReviewLevel:
            own = [row for row in rows if row[1] == level]
            figures = [self._other(f"{level}", own)]
            for result in ReviewResult:
                figures.append(self._other(f"{level}_{result}", [row for row in own if row[2] == result]))
            figures.append(self._other(f"{level}_open", [row for row in own if row[3] is None]))
            figures.append(self._other(f"{level}_hearing", [row for row in hearings if row[1] == level]))
            found.append((level.label, figures))
        return Section("复查、复核", heads, found, note="按提出请求的日子算，事项可以是以前登记的。")

    def _objections(self) -> Section:
        mine = Case.objects.visible_to(self.user).filter(office=self.office)
        start, end = midnight(self.first), midnight(self.last + timedelta(days=1))
        rows = JurisdictionObjection.objects.filter(
            office=self.office, case__in=mine, raised_at__gte=start, raised_at__lt=end
        )
        rows = list(rows.values_list("case_id", "agreed"))
        figures = [
            self._other("objection", rows),
            self._other("objection_yes", [row for row in rows if row[1]]),
            self._other("objection_no", [row for row in rows if row[1] is False]),
        ]
        return Section("管辖异议", ("提出", "同意退回", "没有同意"), [("管辖异议", figures)])

    def _other(self, code: str, rows) -> Figure:
        """A figure whose matters may have come in before the period."""
        self.figures[code] = Figure(code, list(dict.fromkeys(row[0] for row in rows)))
        return self.figures[code]


def records(report: Report, code: str, page: int, size: int = 50) -> tuple[str, list[Case], int]:
    """(label, the matters of page `page` from 1, how many there are). Raises Refusal 404 for no such figure."""
    for section in report.sections():
        for label, figures in section.rows:
            for head, figure in zip(section.heads, figures, strict=True):
                if figure.code == code:
                    name = label if len(section.heads) == 1 else f"{label} · {head}"
                    return f"{section.title}：{name}", _page(report, figure, page, size), figure.count
    raise Refusal("这个时段没有这一项数。", status=404)


def _page(report: Report, figure: Figure, page: int, size: int) -> list[Case]:
    pks = figure.cases[(page - 1) * size : page * size]
    rows = Case.objects.visible_to(report.user).filter(pk__in=pks).select_related("area")
    return sorted(rows.defer("area__boundary", "words"), key=lambda row: pks.index(row.pk))
