"""连夜整改: a night's round over all points, finds sent at once, mended by morning, accepted by another, down to zero."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, Q

from huiyin.areas.models import AreaKind
from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines
from huiyin.cases.intake import Words, register
from huiyin.cases.models import Case
from huiyin.cases.states import OPEN, Channel, State
from huiyin.inspections import filing, spot, standards
from huiyin.inspections.models import CheckPoint, CheckResult, NightCheck, NightRound
from huiyin.notices.models import send as send_notice
from huiyin.orgs.models import Organisation, OrganisationKind, Post, Role
from huiyin.rules import clock
from huiyin.rules.clock import TZ

NOON = 12
DONE = frozenset({State.VERIFIED, State.ANSWERED, State.CLOSED})
PLANNERS = frozenset({Role.CLERK, Role.DEPUTY, Role.DIRECTOR, Role.DUTY_LEADER, Role.LEADER, Role.UNIT_HEAD})


def tonight() -> date:
    """The night that is going on or comes next: until noon it is still last night's."""
    now = clock.local(clock.now())
    return now.date() - timedelta(days=1) if now.hour < NOON else now.date()


def _moment(day: date, text: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(text), TZ)


@transaction.atomic
def plan(office, *, by, on: date, leader, unit, note: str = "", points=None) -> NightRound:
    """A night with one line for each point and unit: the leading unit looks at the key points, every community at its own.

    points   only these (default: all that stand on that day)
    """
    if on < tonight():
        raise Refusal("不能安排过去的夜里。", status=400, errors={"on": "请选今晚或以后"})
    if NightRound.objects.filter(office=office, on=on).exists():
        raise Refusal(f"{on:%m月%d日}夜里已经安排过了。", status=400, errors={"on": "已经有了"})
    rows = list(
        points
        if points is not None
        else CheckPoint.objects.filter(office=office).live(on).select_related("area")
    )
    if not rows:
        raise Refusal("点位清单还是空的，请先登记点位。", status=409)
    rules = standards.in_force(office)
    night, morning = rules.content["night"], on + timedelta(days=1)
    found = NightRound.objects.create(
        office=office, on=on, leader=leader, unit=unit, rules=rules, note=note.strip(), planned_by=by, planned_at=clock.now(),
        report_by=_moment(on, night["report_by"]), rectify_by=_moment(morning, night["rectify_by"]),
        accept_by=_moment(morning, night["accept_by"]),
    )  # fmt: skip
    stations = stations_of(office)
    checks = [NightCheck(office=office, round=found, point=row, unit=unit) for row in rows if row.is_key]
    for row in rows:
        station = station_for(stations, row.area)
        if station is not None:
            checks.append(NightCheck(office=office, round=found, point=row, unit=station))
    NightCheck.objects.bulk_create(checks)
    _tell(found, [unit, *{check.unit_id: check.unit for check in checks}.values()])
    return found


def stations_of(office) -> dict:
    """Area id of each community → the station that looks after it."""
    rows = Organisation.objects.current().filter(office=office, kind=OrganisationKind.STATION)
    return {row.area_id: row for row in rows.filter(area__kind=AreaKind.COMMUNITY).order_by("-code")}


def station_for(stations: dict, area):
    return next((stations[pk] for pk in reversed(area.path) if pk in stations), None)


def _tell(found: NightRound, units):
    roles = (Role.UNIT_HEAD, Role.STATION, Role.HANDLER)
    posts = Post.objects.current().filter(organisation__in=units, role__in=roles).select_related("user")
    people = list({post.user_id: post.user for post in posts}.values())
    words = f"{found}：{found.report_by:%H:%M} 前查完，发现的当夜整改到 {found.rectify_by:%H:%M}"
    send_notice(
        people,
        words,
        office=found.office,
        url=f"/desk/inspections/nights/{found.on}/",
        key=f"night:{found.pk}",
        outside=words,
    )


def may_check(check: NightCheck, user) -> bool:
    """Those of the unit that looks, and the desk."""
    posts = user.current_posts
    own = any(post.organisation_id == check.unit_id for post in posts)
    return own or any(post.role in PLANNERS and post.role != Role.UNIT_HEAD for post in posts)


@transaction.atomic
def check_off(check: NightCheck, *, by, note: str = "") -> NightCheck:
    """Looked at, nothing wrong: entered once."""
    check = _lock(check, by)
    check.result, check.note = CheckResult.FINE, note.strip()[:300]
    check.checked_by, check.checked_at = by, clock.now()
    check.save()
    return check


def _lock(check: NightCheck, by) -> NightCheck:
    rows = NightCheck.objects.select_for_update(of=("self",)).select_related(
        "round", "point__area", "point__unit", "office", "unit"
    )
    check = rows.get(pk=check.pk)
    if not may_check(check, by):
        raise Refusal(f"这一处由{check.unit}来查。", status=403)
    if check.result:
        raise Refusal(f"“{check.point}”{check.unit}已经查过了（{check.get_result_display()}），一夜记一次。")
    if clock.today() < check.round.on:
        raise Refusal(f"还没到{check.round.on:%m月%d日}夜里，到时候再记。")
    if clock.now() > check.round.accept_by:
        raise Refusal("这一夜已经过了验收的时间，不能再补记。")
    return check


def same_tonight(check: NightCheck) -> NightCheck | None:
    """The other unit's find at this point tonight, so that it is not sent twice."""
    rows = NightCheck.objects.filter(round=check.round, point=check.point, result=CheckResult.FOUND)
    return rows.exclude(pk=check.pk).select_related("case", "unit").first()


@transaction.atomic
def find(check: NightCheck, *, by, text: str, city_class: str = "", photos=(), lead=None, same: bool = False):
    """Something is wrong: one matter, sent to the unit responsible in the same minute, due the next morning.

    photos  stored uploads that are not bound yet · same: it is what the other unit found here tonight
    """
    check = _lock(check, by)
    other = same_tonight(check) if same else None
    if other is not None:
        case = other.case
    else:
        case = _register(check, by, text, city_class, photos)
    check.result, check.note, check.case = CheckResult.FOUND, text.strip()[:300], case
    check.checked_by, check.checked_at = by, clock.now()
    check.save()
    if other is None:
        given = {"city_class": city_class, "file_met": True} if city_class else {}
        case.do(spot.SEND, by=by, particulars=given, lead=lead or check.point.unit, due_at=check.round.rectify_by,
                task=f"{check.round}：连夜整改，{check.round.rectify_by:%H:%M} 前改好并拍照报结，早上由旁人验收。")  # fmt: skip
    return check


def _register(check: NightCheck, by, text: str, city_class: str, photos) -> Case:
    point = check.point
    words = Words(
        description=f"夜查{point.name}：{text.strip()}", title=f"{point.name}：{text.strip()}"[:60], kind=filing.KIND,
        channel=Channel.PATROL, area=point.area, place=point.place or point.name,
        attachments=list(photos),
    )  # fmt: skip
    if city_class:
        row = standards.row_of(check.office_id, city_class)
        words.category = str(row["categories"][0]) if row.get("categories") else ""
    case = register(check.office, words, by=by, key=f"night:{check.pk}")
    return case


def follow(case, step):
    """The clocks and the proof of a night find: the morning is set, a picture by whoever accepts it."""
    if case.kind != filing.KIND or step.verb not in (spot.SEND, "report", "redo", "verify"):
        return
    check = (
        case.night_checks.select_related("round").order_by("checked_at", "pk").first()
        if step.verb != spot.SEND
        else None
    )
    if step.verb == spot.SEND:
        if step.fixed_due_at is not None:
            _fix(case, "close", step.fixed_due_at + timedelta(hours=_spare(case)), step)
        return
    if check is None:
        return
    if step.verb == "report" and step.at < check.round.accept_by:
        _fix(case, "verify", check.round.accept_by, step)
    if step.verb == "redo":
        _fix(case, "report", next_goal(case.office_id, step.at), step)
    if step.verb == "verify" and step.data.get("is_true", True) and not filing.has_own_photo(case, step):
        raise Refusal(
            "夜查的问题验收要有验收人拍的照片，请加一张现在的照片。",
            status=400,
            errors={"attachments": "请加照片"},
        )


def _spare(case) -> float:
    """Hours between the end of rectification and that of acceptance."""
    night = standards.settings(case.office_id)["night"]
    return (
        _moment(date.min, night["accept_by"]) - _moment(date.min, night["rectify_by"])
    ).total_seconds() / 3600


def next_goal(office, at) -> datetime:
    """When a rejected find has to be right: later the same day, else the next morning."""
    night = standards.settings(office)["night"]
    day = clock.local(at).date()
    goal = _moment(day, night["redo_by"])
    return goal if at < goal else _moment(day + timedelta(days=1), night["rectify_by"])


def _fix(case, duty: str, moment: datetime, step):
    for row in case.deadlines.running().filter(round=case.round):
        if deadlines.rule_of(row).duty == duty:
            row.fixed_due_at = moment
            row.save(update_fields=["fixed_due_at"])
    deadlines.recompute(case, step.at)
    deadlines.choose_next(case)


def accept(case: Case, *, by, text: str, photos=()) -> Case:
    """The morning's acceptance by somebody else; with nobody to be told it is answered in the open and closed as well."""
    with transaction.atomic():
        given = {"closing_met": True} if filing.filing_of(case) else {}
        case.do("verify", by=by, particulars=given, text=text, attachments=list(photos))
    settle(case, by=by)
    return case


def settle(case: Case, *, by):
    """Tell and close what nobody waits for; whatever is still missing leaves it where it stands."""
    if not case.is_anonymous or case.reply_by != "web":
        return
    days = standards.settings(case.office_id)["night"]["look_back_days"]
    said = (
        f"{case.place or '这里'}的问题已经改好，由没经手的人到现场看过，合格。以后再出现，欢迎随时告诉我们。"
    )
    try:
        with transaction.atomic():
            case.do("answer", by=by, text=said, reply_by="web", outcome="solved")
            case.do("close", by=by, look_back_on=clock.today() + timedelta(days=days))
    except Refusal:
        case.refresh_from_db()


def findings(night: NightRound, user=None):
    """The matters of a night, each once."""
    rows = Case.objects.visible_to(user) if user is not None else Case.objects.filter(office=night.office_id)
    return rows.filter(pk__in=NightCheck.objects.filter(round=night, case__isnull=False).values("case_id"))


def remaining(night: NightRound, user=None):
    """Those that nobody has accepted yet: the counter goes to zero as they are."""
    return findings(night, user).exclude(state__in=DONE).filter(state__in=OPEN)


def counter(night: NightRound) -> dict:
    """{found, left, mended, accepted, late}: numbers for the whole office, without what the matters are."""
    now = clock.now()
    waiting = Q(state=State.REPORTED)
    row = findings(night).aggregate(
        found=Count("pk"), accepted=Count("pk", filter=Q(state__in=DONE)), mended=Count("pk", filter=waiting),
        left=Count("pk", filter=Q(state__in=OPEN) & ~Q(state__in=DONE)),
    )  # fmt: skip
    row["late"] = remaining(night).count() if now > night.accept_by else 0
    return row


def by_unit(night: NightRound) -> list[dict]:
    """Each unit that was to look: points, done, found; `owing` of those that have not looked everywhere."""
    rows = night.checks.values("unit", "unit__short_name", "unit__name", "unit__kind").annotate(
        points=Count("pk"),
        done=Count("pk", filter=~Q(result="")),
        found=Count("pk", filter=Q(result="found")),
    )
    for row in rows:
        row["name"] = row["unit__short_name"] or row["unit__name"]
        row["owing"] = row["points"] - row["done"]
        row["is_lead"] = row["unit"] == night.unit_id
    return sorted(rows, key=lambda row: (not row["is_lead"], -row["owing"], row["name"]))


def silent(night: NightRound) -> list[dict]:
    """Units that have not looked at every point of theirs although the time is over: named as units, never persons."""
    if clock.now() <= night.report_by:
        return []
    return [row for row in by_unit(night) if row["owing"]]
