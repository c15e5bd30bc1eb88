"""The petition joint conference (信访联席会议): its list is drawn by the system, each matter leaves it with a
measure, an owner and a next date, and what was settled goes into the history of the matter. The analysis of a key
matter and who is held to account stay in its file (`key_files`)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat

from huiyin.accounts.models import User
from huiyin.base.refusal import Refusal
from huiyin.cases import key_files
from huiyin.cases.models import Case, Conference, ConferenceItem
from huiyin.cases.models.conference import Kept
from huiyin.cases.moving import Step, finish, lock
from huiyin.cases.states import Act
from huiyin.cases.workflow import CENTRE, CHIEF
from huiyin.notices.models import send
from huiyin.orgs.models import Post, Role
from huiyin.rules import clock

MAY_CONFER = CENTRE | CHIEF | {Role.SUPERVISOR}
# fn(item, owner): rooms above refuse somebody who may not answer for the matter.
OWNER_CHECKS: list[Callable] = []
MOST_ITEMS = 200
CARRIED = "上次没办完"


@dataclass
class Candidate:
    """A matter for the list, and why."""

    case: Case
    reason: str


def candidates(user, at=None) -> list[Candidate]:
    """Key matters and late petitions that `user` may read, and the last conference's unfinished ones; the
    gravest first: key, then most overdue."""
    at = at or clock.now()
    rows = Case.objects.visible_to(user).filter(office=user.office)
    wanted = rows.needs_conference(at).filter(Q(kind="petition") | Q(is_key=True))
    wanted = wanted.order_by("-is_key", "due_at", "pk").select_related("office", "area")[:MOST_ITEMS]
    found = [Candidate(case, reason_of(case, at)) for case in wanted]
    known = {row.case.pk for row in found}
    carried = [item.case_id for item in unfinished(user.office) if item.case_id not in known]
    for case in rows.filter(pk__in=carried).open().order_by("due_at", "pk"):
        found.append(Candidate(case, "、".join(filter(None, [CARRIED, reason_of(case, at)]))))
    return found[:MOST_ITEMS]


def reason_of(case, at) -> str:
    """'重点、超期 3 日、退回 2 次、集体 30 人' – what brings the matter before the conference."""
    reasons = ["重点"] if case.is_key else []
    if case.due_at and case.due_at < at and not case.is_paused:
        days = (clock.local(at).date() - clock.local(case.due_at).date()).days
        reasons.append(f"超期 {days} 日" if days else "今天超期")
    if case.bounce_count:
        reasons.append(f"退回 {case.bounce_count} 次")
    if case.is_group:
        reasons.append(f"集体 {case.group_size} 人")
    return "、".join(reasons)


def draw(*, by, held_on: date, chair: User, place: str = "") -> Conference:
    """Open a conference for a day with the list as it stands now. Raises Refusal when there is one already
    or when nothing needs it."""
    if held_on < clock.today():
        raise Refusal("会议日期不能是过去的日子。", status=400, errors={"held_on": "请改日期"})
    found = candidates(by)
    if not found:
        raise Refusal("现在没有重点事项，也没有超期的信访，不用开联席会议。", status=409)
    try:
        with transaction.atomic():
            made = Conference.objects.create(
                office=by.office,
                held_on=held_on,
                chair=chair,
                place=place.strip(),
                opened_at=clock.now(),
                opened_by=by,
            )
            for row in found:
                if row.case.is_key:
                    key_files.open_for(row.case, by=by, also=[chair])
            ConferenceItem.objects.bulk_create(
                ConferenceItem(
                    office=by.office, conference=made, case=row.case, position=number, reason=row.reason[:100]
                )
                for number, row in enumerate(found, 1)
            )
    except IntegrityError as error:
        raise Refusal(f"{held_on:%Y-%m-%d} 已经列过单，请打开那一次会议。", status=409) from error
    return made


def items_for(conference, user) -> list[ConferenceItem]:
    """The items whose matters `user` may read, each with `promised`: what the conference before settled."""
    visible = Case.objects.visible_to(user)
    rows = conference.items.filter(case__in=visible).select_related("case__area", "owner")
    rows = list(rows.order_by("position"))
    before = previous(conference)
    promised = {item.case_id: item for item in before.items.select_related("owner")} if before else {}
    files = key_files.of_cases([row.case_id for row in rows])
    for row in rows:
        row.promised = promised.get(row.case_id)
        row.file = files.get(row.case_id)
        row.reads_file = row.file is not None and user.pk in row.file.readers
    return rows


def previous(conference) -> Conference | None:
    """The closed conference before this one."""
    rows = Conference.objects.filter(office=conference.office_id, held_on__lt=conference.held_on)
    return rows.exclude(closed_at=None).order_by("-held_on").first()


def unfinished(office) -> list[ConferenceItem]:
    """Items of the last closed conference whose matters are still open."""
    last = Conference.objects.filter(office=office).exclude(closed_at=None).order_by("-held_on").first()
    if last is None:
        return []
    return [item for item in last.items.select_related("case", "owner") if item.case.is_open]


def owners(office):
    """Who can be made to answer for an item: anyone who holds a post now; `post_title` says which."""
    holders = Post.objects.current().filter(office=office).exclude(role__in=[Role.ADMIN, Role.AUDITOR])
    title = holders.filter(user=OuterRef("pk")).order_by("start_on", "pk")
    title = title.annotate(full=Concat("organisation__short_name", Value(" "), "title")).values("full")[:1]
    users = User.objects.filter(pk__in=holders.values("user_id"), is_active=True)
    return users.annotate(post_title=Subquery(title)).order_by("pinyin", "pk")


def settle(
    item,
    *,
    by,
    measure: str,
    owner: User,
    next_on: date,
    analysis: str = "",
    kept: str = "",
    accountability: str = "",
) -> ConferenceItem:
    """Write down what the meeting says on one matter: measure, owner, next date; for a key matter the analysis too.

    `kept`: was done what the conference before had settled; where it was not, `accountability` says what follows.
    """
    if (analysis or accountability) and not key_files.may_write(item.case, by):
        raise Refusal("分析和追责只由这件档案的知情人写。", status=403)
    if kept == Kept.NO and not accountability.strip():
        raise Refusal(
            "上次议定的没办到，要写明怎么追责，或者为什么不追。",
            status=400,
            errors={"accountability": "请写明"},
        )
    with transaction.atomic():
        meeting = Conference.objects.select_for_update().get(pk=item.conference_id)
        if meeting.closed_at:
            raise Refusal("会已经散了，记录不能再改；要改，请在事项里记一笔。", status=409)
        if next_on <= meeting.held_on:
            raise Refusal("下次汇报要在会议日期之后。", status=400, errors={"next_on": "请选会议之后的日子"})
        for check in OWNER_CHECKS:
            check(item, owner)
        item.measure, item.owner, item.next_on = measure.strip(), owner, next_on
        item.analysis, item.kept = analysis.strip() or item.analysis, kept or item.kept
        item.accountability = accountability.strip() or item.accountability
        item.save(update_fields=["measure", "owner", "next_on", "analysis", "kept", "accountability"])
    return item


def lacks(item, file=None, promised=None) -> str:
    """'缺措施、责任人', or ''. `file`: that of a key matter; `promised`: what the conference before settled."""
    parts = {"措施": item.measure, "责任人": item.owner_id, "下次日期": item.next_on}
    if file is not None:
        parts = {"分析": item.analysis, **parts}
    if promised is not None and promised.owner_id:
        parts["上次议定的办到没有"] = item.kept
    missing = [name for name, value in parts.items() if not value]
    return f"缺{'、'.join(missing)}" if missing else ""


def close(conference, *, by) -> Conference:
    """End the meeting. Refused until every item has all three; then each matter gets its record and each
    owner a message, all in one transaction."""
    with transaction.atomic():
        meeting = Conference.objects.select_for_update().get(pk=conference.pk)
        if meeting.closed_at:
            raise Refusal("这次会议已经散会。", status=409)
        items = list(meeting.items.select_related("case", "owner").order_by("position"))
        missing = _missing(meeting, items)
        if missing:
            raise Refusal(f"还有 {len(missing)} 件没议完，不能散会：{'；'.join(missing)}。", missing=missing)
        meeting.closed_at = clock.now()
        meeting.save(update_fields=["closed_at"])
        for item in items:
            _write_down(item, meeting, by)
            _tell_owner(item, meeting)
    return meeting


def _missing(meeting, items) -> tuple[str, ...]:
    files = key_files.of_cases([item.case_id for item in items])
    before = previous(meeting)
    promised = {row.case_id: row for row in before.items.all()} if before else {}
    said = {item: lacks(item, files.get(item.case_id), promised.get(item.case_id)) for item in items}
    return tuple(f"{item.case.number} {words}" for item, words in said.items() if words)


def _write_down(item, meeting, by):
    """A record in the matter's history, whatever its state: what the meeting said is a fact."""
    case = item.case
    lock(case)
    step = Step(case, "record", by)
    step.title = by.title
    step.say(
        f"联席会议（{meeting.held_on:%Y-%m-%d}）议定：{item.measure}。责任人 {item.owner.name}，"
        f"{item.next_on:%Y-%m-%d} 汇报。",
        act=Act.INSTRUCTION,
        conference=str(meeting.pk),
        owner=item.owner.name,
        next_on=str(item.next_on),
    )
    finish(case, step)


def _tell_owner(item, meeting):
    seen = Case.objects.visible_to(item.owner).filter(pk=item.case_id).exists()
    send(
        [item.owner],
        f"联席会议交您负责：{item.case.number if seen else ''} {item.measure}（{item.next_on:%m-%d} 汇报）",
        office=meeting.office,
        url=f"/desk/cases/{item.case.number}/" if seen else "/desk/inbox/",
        key=f"conference:{item.pk}",
    )


def conference_items(case) -> list[ConferenceItem]:
    """What conferences said on this matter, the latest first: for its page."""
    return list(case.conference_items.select_related("conference", "owner").order_by("-conference__held_on"))
