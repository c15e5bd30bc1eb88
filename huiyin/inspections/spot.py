"""What a patrol settles itself: mended where it was found (立行立改), or sent at once to the unit that has to."""

from zlib import crc32

from django.db import transaction

from huiyin.base.refusal import Refusal
from huiyin.cases import access, deadlines
from huiyin.cases.intake import Words, register
from huiyin.cases.models import Case
from huiyin.cases.moving import MOVES, move, roles_of
from huiyin.cases.states import AssignmentState, Channel, Part, State
from huiyin.cases.wording import told_or_refuse
from huiyin.inspections import standards
from huiyin.notices.models import send as tell
from huiyin.orgs.models import Post, Role

KIND = "city_problem"
CLOSING = "CITY-CLASS"
FIX, SEND = "fix_on_spot", "send_at_once"


def is_checked(case, city_class: str = "") -> bool:
    """Does the sample rule ask for a check by another? Drawn by the matter's number, so that nobody can choose."""
    rules = standards.settings(case.office_id)["on_the_spot"]
    row = standards.table(case.office_id).get(city_class or case.particulars.get("city_class", ""))
    if row and rules["always_emergency"] and standards.is_emergency(row):
        return True
    return crc32(case.number.encode()) % rules["check_every"] == 0


def is_found(case) -> bool:
    """Did somebody of the house find it on a round? Nights and censuses only know such matters."""
    return case.channel in (Channel.PATROL, Channel.OUTREACH)


def own_find(case, user, subject=None) -> str:
    """Condition of both moves: only what one found oneself on patrol."""
    if not is_found(case):
        return "不是巡查发现的"
    return "" if case.registered_by_id == user.pk else "由发现的人来做"


def _post(case, by, verb: str):
    roles = roles_of(case, MOVES[verb])
    return next(post for post in access.posts_on(case, by) if post.role in roles)


@transaction.atomic
def fix(case, *, by, text: str, attachments=()):
    """Found and mended by the same person, with a picture before and one after.

    By the sample rule it waits for a check by somebody else (待核实), or it is closed with what was done.
    """
    with move(case, FIX, by) as step:
        if reason := own_find(case, by):
            raise Refusal(f"立行立改{reason}。", status=403)
        before = case.attachments.filter(event__verb="register", content_type__startswith="image/").exists()
        if not before or not any(row.is_image for row in attachments):
            lacks = "、".join(
                name
                for name, there in (("整改前", before), ("整改后", any(row.is_image for row in attachments)))
                if not there
            )
            raise Refusal(
                f"立行立改要有整改前、整改后的照片，还差：{lacks}。",
                status=400,
                errors={"attachments": f"缺{lacks}的照片"},
            )
        unit, checked = (
            _post(case, by, FIX).organisation,
            is_checked(case, step.particulars.get("city_class", "")),
        )
        step.assignment = case.assignments.create(
            office_id=case.office_id, organisation=unit, part=Part.LEAD, round=case.round, handler=by, report=text.strip(),
            state=AssignmentState.REPORTED, sent_at=step.at, accepted_at=step.at, reported_at=step.at,
        )  # fmt: skip
        case.in_charge = by
        step.to_state = State.REPORTED if checked else State.CLOSED
        if not checked:
            case.answered_at = case.closed_at = step.at
        how = "按编号抽中，等没经手的人核查" if checked else "没有抽到核查，改好就办结"
        words = told_or_refuse(text, case.office)
        step.say(words, told=True, checked=checked, unit=str(unit), notes=[f"{unit}当场改好", how])
    case._bind(attachments, step.event)


def follow(case, step):
    """The clocks of a fix: reported and waiting for the check, or answered and closed."""
    if step.verb != FIX:
        return
    if step.data["checked"]:
        deadlines.happened(case, "reported", step.at)
        # Mended is mended: what is left is the check, and that has a limit of its own.
        case.deadlines.running().filter(round=case.round, code=CLOSING).update(met_at=step.at)
        _tell_checkers(case)
    else:
        for event in ("answered", "closed"):
            deadlines.happened(case, event, step.at)
        open_clocks = [row.pk for row in case.deadlines.running() if not deadlines.rule_of(row).is_window]
        case.deadlines.filter(pk__in=open_clocks).update(dropped_at=step.at)
    deadlines.choose_next(case)


def _tell_checkers(case):
    posts = Post.objects.of_roles(case.office, Role.SUPERVISOR).select_related("user")
    words = f"立行立改抽中核查：{case.number}"
    tell(
        [post.user for post in posts], f"{words} {case.title}", office=case.office, url=f"/desk/cases/{case.number}/",
        key=f"spot:{case.pk}", outside=words, group="back",
    )  # fmt: skip


@transaction.atomic
def send(case, *, by, lead, task: str = "", due_at=None, **given):
    """What was found goes to its unit in the same minute: taken on and sent, without waiting for the desk.

    due_at   a moment instead of the rule's length (night finds: the next morning)
    """
    with move(case, SEND, by) as step:
        if reason := own_find(case, by):
            raise Refusal(f"当场交办{reason}。", status=403)
        case._send(step, lead, (), task or "请马上整改，改好后报结，由没经手的人验收。", due_at=due_at)
        step.data.setdefault("notes", []).append(f"{lead} 主办")


@transaction.atomic
def found_and_fixed(
    office,
    *,
    by,
    text: str,
    done: str,
    area,
    place: str,
    city_class: str = "",
    before=(),
    after=(),
    key: str = "",
) -> Case:
    """Both halves in one go: the matter registered with its picture before, then mended with the one after."""
    category = ""
    if city_class:
        row = standards.row_of(office, city_class)
        category = str(row["categories"][0]) if row.get("categories") else ""
    words = Words(
        description=text.strip(), kind=KIND, channel=Channel.PATROL, area=area, place=place.strip(), category=category,
        attachments=list(before),
    )  # fmt: skip
    case = register(office, words, by=by, key=f"spot:{by.pk}:{key}"[:80] if key else None)
    if case.state != State.RECEIVED:
        return case  # the same form, sent twice
    given = {"city_class": city_class, "file_met": True} if city_class else {}
    case.do(FIX, by=by, particulars=given, text=done, attachments=list(after))
    return case
