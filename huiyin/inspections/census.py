"""问题普查: a campaign's standards, who is sent where, each problem a matter, totals that open their records."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Count, Q

from huiyin.areas.models import AreaKind
from huiyin.base.refusal import Refusal
from huiyin.cases import categories, procedures
from huiyin.cases.intake import Words, register
from huiyin.cases.states import OPEN, Channel, State
from huiyin.cooperation import championing
from huiyin.inspections import nights, spot, standards
from huiyin.inspections.models import Census, CensusOfficial, CensusProblem, CensusStandard, Subject
from huiyin.orgs.models import Role
from huiyin.rules import clock

KINDS = ("city_problem", "hazard")
KEEPERS = frozenset({Role.DEPUTY, Role.DIRECTOR, Role.DUTY_LEADER, Role.LEADER, Role.CLERK})
RECHECKED = frozenset({State.VERIFIED, State.ANSWERED, State.CLOSED})
STATUSES = {
    "waiting": ("没有动", Q(case__state__in=[State.RECEIVED, State.ACCEPTED, State.DISPATCHED])),
    "doing": ("整改中", Q(case__state=State.IN_HAND)),
    "mended": ("改好了，等复查", Q(case__state=State.REPORTED)),
    "rechecked": ("复查合格", Q(case__state__in=RECHECKED)),
    "other": ("不立案、转送或撤回", ~Q(case__state__in=[*OPEN, *RECHECKED])),
}


@transaction.atomic
def open_census(
    office,
    *,
    by,
    name: str,
    from_on: date,
    until_on: date,
    rectify_on: date,
    purpose: str = "",
    edition: str = "",
):
    """Set one up. The same name only once."""
    if until_on < from_on or rectify_on < until_on:
        raise Refusal(
            "日子要一天比一天晚：从、到、整改到。", status=400, errors={"rectify_on": "不能早于查完的日子"}
        )
    try:
        with transaction.atomic():
            return Census.objects.create(
                office=office, name=name.strip(), purpose=purpose.strip(), from_on=from_on, until_on=until_on,
                rectify_on=rectify_on, edition=edition.strip(), created_by=by, created_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise Refusal(f"已经有“{name}”了。", status=400, errors={"name": "重名"}) from None


@transaction.atomic
def add_standard(
    census: Census, *, text: str, kind: str, city_class: str = "", category: str = "", unit=None
):
    """One more sentence that everything is held against."""
    refuse_closed(census)
    if kind not in KINDS:
        raise Refusal("普查查到的只能是城市管理问题或安全隐患。", status=400, errors={"kind": "请从列表里选"})
    if city_class:
        row = standards.row_of(census.office_id, city_class)
        category = category or (str(row["categories"][0]) if row.get("categories") else "")
    if category:
        categories.known(census.office_id, category)
    count = CensusStandard.objects.filter(census=census).count()
    return CensusStandard.objects.create(
        office_id=census.office_id, census=census, number=f"{count + 1:02d}", text=text.strip(), kind=kind,
        city_class=city_class if kind == "city_problem" else "", category=category, unit=unit,
    )  # fmt: skip


@transaction.atomic
def send_down(census: Census, *, area, users) -> list[CensusOfficial]:
    """These officials look at this area; whoever is there already stays."""
    refuse_closed(census)
    if area.kind not in (AreaKind.GRID, AreaKind.COMMUNITY):
        raise Refusal("干部包的是社区或网格。", status=400, errors={"area": "请选社区或网格"})
    return [
        CensusOfficial.objects.get_or_create(office_id=census.office_id, census=census, area=area, user=user)[
            0
        ]
        for user in users
    ]


def refuse_closed(census: Census):
    if census.closed_at:
        raise Refusal("这次普查已经结束，不能再改。")


def areas_of(census: Census, user) -> list:
    """Areas that `user` was sent to in this census."""
    rows = census.officials.filter(user=user).select_related("area")
    return [row.area for row in rows]


def may_record(census: Census, user) -> bool:
    """Those who were sent down, the desk, and whoever works in the communities."""
    if user.roles & (KEEPERS | {Role.STATION, Role.GRID_WORKER, Role.SUPERVISOR}):
        return True
    return census.officials.filter(user=user).exists()


@transaction.atomic
def record(
    census: Census, *, by, area, subject_kind: str, subject: str, standard: CensusStandard, text: str, place: str = "",
    cadre=None, photos=(), key: str = "", is_hard: bool = False, why_hard: str = "", dispatch: bool = True,
):  # fmt: skip
    """One problem: a matter of the standard's kind, sent on at once where its procedure lets the finder do so.

    `key`: the same form sent twice makes one matter. Returns the CensusProblem.
    """
    refuse_closed(census)
    if subject_kind not in Subject.values:
        raise Refusal("没有这种对象。", status=400, errors={"subject_kind": "请从列表里选"})
    if is_hard and not why_hard.strip():
        raise Refusal("重难点要写难在哪里。", status=400, errors={"why_hard": "请填"})
    subject = subject.strip()[:60]
    words = Words(
        description=f"{subject}：{text.strip()}（标准：{standard.text}）", title=f"{subject}：{text.strip()}"[:60],
        kind=standard.kind, channel=Channel.PATROL, area=area, place=(place or subject).strip(), category=standard.category,
        attachments=list(photos),
    )  # fmt: skip
    case = register(census.office, words, by=by, key=f"census:{census.pk}:{key}"[:80] if key else None)
    known = CensusProblem.objects.filter(case=case).first()
    if known:
        return known
    problem = CensusProblem.objects.create(
        office_id=census.office_id, census=census, case=case, standard=standard, subject_kind=subject_kind, subject=subject,
        area=area, cadre=cadre, found_by=by, found_on=clock.today(), is_hard=is_hard, why_hard=why_hard.strip()[:200],
    )  # fmt: skip
    if dispatch:
        _send(problem, case, by)
    return problem


def _send(problem: CensusProblem, case, by):
    if spot.SEND not in procedures.of(case).get("opens", []):
        return
    standard = problem.standard
    given = {"city_class": standard.city_class, "file_met": True} if standard.city_class else {}
    lead = standard.unit or nights.station_for(nights.stations_of(problem.office_id), case.area)
    if lead is None:
        return
    due = nights._moment(problem.census.rectify_on, "18:00")
    case.do(
        spot.SEND, by=by, particulars=given, lead=lead, due_at=due if due > clock.now() else None,
        task=f"{problem.census}：对照“{standard.text}”整改，{problem.census.rectify_on} 前改好报结。"[:200],
    )  # fmt: skip


def mark_hard(problem: CensusProblem, *, by, why: str):
    """Hard to solve: from now on it needs somebody behind it (包靠)."""
    if not why.strip():
        raise Refusal("请写难在哪里。", status=400, errors={"why": "请填"})
    problem.is_hard, problem.why_hard = True, why.strip()[:200]
    problem.save(update_fields=["is_hard", "why_hard"])
    return problem


def name_champion(
    problem: CensusProblem, *, by, leader, secretary=None, goal: str, due_on: date, steps: str = ""
):
    """A leader and the community's secretary behind a hard one: the move of the matter itself."""
    if not problem.is_hard:
        raise Refusal("先列为重难点，再定包靠的人。")
    return championing.name(
        problem.case, by=by, leader=leader, secretary=secretary, goal=goal, due_on=due_on, steps=steps
    )


@transaction.atomic
def close_census(census: Census, *, by, lasting: str):
    """The end: only with what keeps it so (长效机制) written down."""
    census = Census.objects.select_for_update().get(pk=census.pk)
    refuse_closed(census)
    if len(lasting.strip()) < 10:
        raise Refusal(
            "请写长效办法：以后谁、多久看一次，怎么不反弹。", status=400, errors={"lasting": "请填"}
        )
    census.lasting, census.closed_at = lasting.strip(), clock.now()
    census.save(update_fields=["lasting", "closed_at"])
    return census


def problems(
    census: Census, user, *, area=None, standard="", subject="", subject_kind="", status="", hard=False
):
    """The rows behind every number, as far as `user` reads their matters."""
    rows = CensusProblem.objects.visible_to(user).filter(census=census)
    if area is not None:
        rows = rows.filter(Q(area=area) | Q(area__ancestors__contains=[area.pk]))
    if standard:
        rows = rows.filter(standard__number=standard)
    if subject:
        rows = rows.filter(subject=subject)
    if subject_kind:
        rows = rows.filter(subject_kind=subject_kind)
    if status:
        rows = rows.filter(STATUSES[status][1])
    if hard:
        rows = rows.filter(is_hard=True)
    return rows


def _counted(rows, *by):
    done = Q(case__state__in=RECHECKED)
    return rows.values(*by).annotate(
        found=Count("pk"),
        rechecked=Count("pk", filter=done),
        left=Count("pk", filter=~done & Q(case__state__in=OPEN)),
    )


MOST_SUBJECTS = 60


def totals(census: Census, user) -> dict:
    """{all, by_status, by_kind, by_subject, by_area, by_standard}: every row opens its records."""
    rows = CensusProblem.objects.visible_to(user).filter(census=census)
    counts = rows.aggregate(
        found=Count("pk"), hard=Count("pk", filter=Q(is_hard=True)), subjects=Count("subject", distinct=True),
        **{name: Count("pk", filter=condition) for name, (_, condition) in STATUSES.items()},
    )  # fmt: skip
    by_subject = _counted(rows, "subject_kind", "subject").order_by("-found", "subject")[:MOST_SUBJECTS]
    for row in by_subject:
        row["kind_name"] = Subject(row["subject_kind"]).label
    return {
        "all": counts,
        "by_status": [(name, label, counts[name]) for name, (label, _) in STATUSES.items()],
        "by_subject": by_subject,
        "by_area": list(_counted(rows, "area__code", "area__name").order_by("area__code")[:200]),
        "by_standard": list(
            _counted(rows, "standard__number", "standard__text", "standard__kind").order_by(
                "standard__number"
            )
        ),
    }
