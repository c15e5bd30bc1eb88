"""Road sections: marked out, kept by a team or a contractor, looked at and scored month by month."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Avg, Count, Max
from django.db.models.functions import TruncMonth

from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.grids import rulings
from huiyin.grids.models import Responsibility, RoadSection, SectionCheck
from huiyin.rules import clock
from huiyin.rules.models import RuleSet

MOST = 500
MONTHS = 12


@dataclass
class Row:
    """A section with who keeps it today, its newest score and its averages {first of month: (average, checks)}."""

    section: RoadSection
    kept_by: list = field(default_factory=list)
    months: dict = field(default_factory=dict)
    last_on: date | None = None

    @property
    def this_month(self):
        return self.months.get(clock.today().replace(day=1))

    @property
    def average(self) -> float | None:
        """Of the last twelve months, every check counted alike."""
        number = sum(count for _, count in self.months.values())
        return round(sum(avg * count for avg, count in self.months.values()) / number, 1) if number else None


@transaction.atomic
def mark_out(office, *, by, name: str, community, valid_from: date, key=None, **more) -> RoadSection:
    """A new section. The same name twice in one community is refused while the first one is in use."""
    name = " ".join(name.split())
    if key and (known := RoadSection.objects.filter(pk=key, office=office).first()):
        return known
    if RoadSection.objects.valid(valid_from).filter(office=office, community=community, name=name).exists():
        raise Refusal(f"{community} 已经有“{name}”这条路段。", errors={"name": "换个名称"})
    fields = {"pk": key} if key else {}
    section = RoadSection(
        office=office, name=name, community=community, valid_from=valid_from, **more, **fields
    )
    section.save(force_insert=True)
    record("划定路段", f"section:{section.pk}", by=by, office=office, name=name, community=community.code)
    return section


@transaction.atomic
def give_up(section: RoadSection, *, by, on: date) -> RoadSection:
    """The section is there until the day before `on`. Refused while somebody still answers for it."""
    section = RoadSection.objects.select_for_update(of=("self",)).get(pk=section.pk)
    if section.valid_until:
        raise Refusal(f"{section} 已定在 {section.valid_until} 停用。")
    if on <= section.valid_from:
        raise Refusal(f"停用日要晚于划定日 {section.valid_from}。", status=400, errors={"on": "日期太早"})
    if section.responsibilities.current(on).exists():
        raise Refusal(f"{section} 还有人负责，请先结束责任再停用。")
    section.valid_until = on
    section.save(update_fields=["valid_until"])
    record("停用路段", f"section:{section.pk}", by=by, office=section.office, on=str(on))
    return section


@transaction.atomic
def check(section: RoadSection, *, by, on: date, points: dict[str, int], note: str = "", key=None):
    """One dated check: points for every criterion of that day's rule; the score is their sum (0–100)."""
    if key and (known := SectionCheck.objects.filter(pk=key, office=section.office).first()):
        return known
    if on > clock.today() or on < section.valid_from:
        raise Refusal("检查日不能早于路段划定，也不能晚于今天。", status=400, errors={"on": "日期不对"})
    rule = RuleSet.objects.current("section_checks", section.office, on)
    wrong = {}
    for row in rule.content["criteria"]:
        given = points.get(row["code"])
        if given is None or not 0 <= given <= row["points"]:
            wrong[row["code"]] = f"0 到 {row['points']} 分"
    if wrong:
        raise Refusal("有的项目没有打分，或者超过了满分。", status=400, errors=wrong)
    kept = {row["code"]: points[row["code"]] for row in rule.content["criteria"]}
    fields = {"pk": key} if key else {}
    row = SectionCheck.objects.create(
        office=section.office, section=section, on=on, points=kept, score=sum(kept.values()), note=note.strip(),
        rule=rule, checked_by=by, **fields,
    )  # fmt: skip
    record("检查路段", f"section:{section.pk}", by=by, office=section.office, on=str(on), score=row.score)
    return row


def months_back(number: int = MONTHS) -> list[date]:
    """First days of the last `number` months, the present one last."""
    found, here = [], clock.today().replace(day=1)
    for _ in range(number):
        found.insert(0, here)
        here = date(here.year - (here.month == 1), 12 if here.month == 1 else here.month - 1, 1)
    return found


def rows(user, community=None, on: date | None = None) -> list[Row]:
    """The sections of `on` with keepers and monthly averages; four queries."""
    sections = RoadSection.objects.visible_to(user).valid(on).select_related("community")
    sections = sections.defer("shape", "community__boundary").order_by("community__code", "name")
    if community is not None:
        sections = sections.filter(community=community)
    found = {section.pk: Row(section) for section in sections[:MOST]}
    kept = Responsibility.objects.current(on).filter(section__in=found)
    kinds = rulings.kinds(user.office_id)
    for row in (
        kept.select_related("user", "organisation").defer("organisation__services").order_by("start_on")
    ):
        row.kind = kinds.get(row.role)
        found[row.section_id].kept_by.append(row)
    for pk, months in averages(found).items():
        found[pk].months = months
    last = SectionCheck.objects.filter(section__in=found).values_list("section").annotate(Max("on"))
    for pk, day in last.order_by():
        found[pk].last_on = day
    return list(found.values())


def averages(ids) -> dict:
    """section id → {first of month: (average, number of checks)} of the last twelve months; one query."""
    checked = SectionCheck.objects.filter(section__in=ids, on__gte=months_back()[0]).order_by()
    checked = checked.values("section", month=TruncMonth("on")).annotate(avg=Avg("score"), n=Count("pk"))
    found = defaultdict(dict)
    for row in checked:
        found[row["section"]][row["month"]] = (round(float(row["avg"]), 1), row["n"])
    return found
