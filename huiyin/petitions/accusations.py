"""检举控告 never reaches the accused: no unit of theirs, no hand of theirs, no page of theirs (第三十条)."""

from huiyin.base.refusal import Refusal
from huiyin.cases import access
from huiyin.cases.moving import move
from huiyin.cases.states import AssignmentState
from huiyin.orgs.models import Post
from huiyin.petitions.models import Accused

ACCUSATION = "accusation"
LAW = "《信访工作条例》第三十条：不得将检举、控告材料及有关情况透露或者转给被检举、控告的人员或者单位"
OUTSIDE = ("refer", "escalate")
HELD = "accused"


def is_accusation(case) -> bool:
    return case.kind == "petition" and case.particulars.get("purpose") == ACCUSATION


def rows_of(case) -> list[Accused]:
    """Who is accused in this matter now; one query for each object of the matter."""
    if case.kind != "petition":
        return []
    if HELD not in case.__dict__:
        rows = case.accused.filter(cleared_at=None).select_related("organisation", "user")
        case.__dict__[HELD] = list(rows.order_by("named_at", "pk"))
    return case.__dict__[HELD]


def kept_from(case) -> set:
    """User ids to whom nothing of the matter may come: the accused, and everybody in an accused unit."""
    rows = rows_of(case)
    if not rows:
        return set()
    people = {row.user_id for row in rows if row.user_id}
    units = [row.organisation_id for row in rows if row.organisation_id]
    if units:
        people |= set(
            Post.objects.current().filter(organisation_id__in=units).values_list("user_id", flat=True)
        )
    return people


def name_accused(case, *, by, organisation=None, person=None, name: str = ""):
    """Write down who is accused: a unit, someone with a post here, or a name. From now on the matter is restricted."""
    with move(case, "name_accused", by) as step:
        if not (organisation or person or name.strip()):
            raise Refusal("请写被检举控告的是哪个单位或者谁。", status=400, errors={"name": "三项至少填一项"})
        case.__dict__.pop(HELD, None)
        made = Accused(
            office_id=case.office_id, case=case, organisation=organisation, user=person,
            name=name.strip() or (person.name if person else ""), named_at=step.at, named_by=by,
        )  # fmt: skip
        for row in rows_of(case):
            same = (row.organisation_id, row.user_id, row.name) == (
                made.organisation_id,
                made.user_id,
                made.name,
            )
            if same:
                raise Refusal("这一位（这家）已经记下了。")
        made.save(force_insert=True)
        case.__dict__.pop(HELD, None)
        restrict(case)
        if by.pk in kept_from(case):
            raise Refusal(
                f"被检举控告的就是您或者您的单位，请回避：交给纪检监察机关或上一级机关受理，不要在这里登记（{LAW}）。",
                status=403,
            )
        _refuse_hands(case, step)
        what = str(organisation) if organisation else "一人（姓名加密保存）"
        step.say("", accused=str(made.pk), notes=[f"被检举控告的：{what}", "这件事转为限知，对方看不到"])


def clear_accused(case, *, by, subject, reason: str):
    """Named by mistake: taken off the list, the row stays. The matter stays restricted."""
    with move(case, "clear_accused", by, subject) as step:
        row = case.accused.select_for_update(of=("self",)).get(pk=subject.pk)
        if row.cleared_at:
            raise Refusal("已经划去了。")
        row.cleared_at, row.cleared_by, row.cleared_reason = step.at, by, reason.strip()[:200]
        row.save(update_fields=["cleared_at", "cleared_by", "cleared_reason"])
        case.__dict__.pop(HELD, None)
        step.say(reason.strip(), accused=str(row.pk))


def restrict(case):
    """Only named people read it from now on, none of them accused."""
    if not case.is_restricted:
        case.is_restricted = True
        case.named_readers = list(dict.fromkeys([*case.named_readers, *access.keepers_of(case.office)]))
    gone = kept_from(case)
    case.named_readers = [pk for pk in case.named_readers if pk not in gone]


def guard(case, step):
    """Called with every move: what became an accusation is restricted; nothing goes to the accused."""
    if case.kind != "petition":
        return
    if is_accusation(case) and not case.is_restricted:
        restrict(case)
        if step.verb == "register":
            case.save(update_fields=["is_restricted", "named_readers"])
    if step.verb in ("register", "name_accused", "clear_accused"):
        return
    case.__dict__.pop(HELD, None)
    if rows_of(case):
        _refuse_hands(case, step)
        _refuse_words(case, step)
        if step.verb == "merge" and not case.merged_into.is_restricted:
            raise Refusal(f"检举控告不能并进没有限知的事里：那边的人都看得到（{LAW}）。")


def _refuse_hands(case, step):
    """No unit that owes it, no person in charge and no signer of a letter may be accused."""
    people = kept_from(case)
    units = {row.organisation_id: str(row.organisation) for row in rows_of(case) if row.organisation_id}
    gone = (AssignmentState.RETURNED, AssignmentState.RELEASED)
    live = [row for row in case.assignments.filter(round=case.round) if row.state not in gone]
    for row in live:
        if row.organisation_id in units:
            raise Refusal(
                f"{units[row.organisation_id]}是这件事的被检举控告单位，不能交给它办（{LAW}）。", status=409
            )
        if row.handler_id in people or people & access.heads_of([row.organisation_id]):
            raise Refusal(
                f"{row.organisation}的经办人或负责人是被检举控告的人，不能交给他办，请换一家（{LAW}）。",
                status=409,
            )
    if case.in_charge_id in people:
        raise Refusal(f"专人负责的人是被检举控告的人，请先换人（{LAW}）。")
    letters = case.letters.filter(organisation__in=units) | case.letters.filter(persons__in=people)
    if step.verb == "issue_letter" and letters.exists():
        raise Refusal(f"责任书不能签给被检举控告的单位或人（{LAW}）。")


def _refuse_words(case, step):
    """What leaves the house is not addressed to the accused."""
    if step.verb not in OUTSIDE:
        return
    to = "".join(str(step.data.get("to", "")).split())
    for row in rows_of(case):
        names = [row.organisation.name, row.organisation.short_name] if row.organisation_id else [row.name]
        if any(name and name in to for name in names):
            raise Refusal(f"不能转给被检举控告的单位或人（{LAW}）。")


def refuse_owner(item, owner) -> None:
    """A conference makes nobody answer for a matter in which they are accused."""
    if owner.pk in kept_from(item.case):
        raise Refusal(
            "这位是被检举控告的人（单位），不能定为责任人。", status=409, errors={"owner": "请换一位"}
        )
