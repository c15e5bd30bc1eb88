"""超期申诉: the unit says why a limit was missed, somebody else decides. The clock stays late; figures may leave it out."""

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines, record
from huiyin.cases.moving import move
from huiyin.inspections import standards
from huiyin.inspections.models import OverdueAppeal
from huiyin.rules import clock
from huiyin.rules.models import RuleSet

DUTIES = frozenset({"take", "report", "close"})


def late_clocks(case) -> list:
    """Clocks of this round on work that read late now, without an appeal that stands or waits."""
    standing = {row.deadline_id for row in case.overdue_appeals.all() if row.is_granted is not False}
    found = []
    for row, rule, reading in deadlines.readings(case):
        if rule.duty in DUTIES and reading.is_late and row.pk not in standing and row.dropped_at is None:
            found.append(row)
    return found


def may_appeal(case, user, subject=None) -> str:
    """'' or why not now: a condition of the move. Stored due moments tell first whether anything can be late at all."""
    now = clock.now()
    rows = [row for row in record.rows(case, "deadlines") if row.round == case.round]
    if not any(row.due_at < (row.met_at or now) for row in rows) or not late_clocks(case):
        return "没有可以申诉的超期"
    return ""


def ask(case, *, by, deadline, reason: str, text: str, attachments=()):
    """One appeal for one limit that was missed, within some working days, with a reason from the list."""
    with move(case, "appeal_overdue", by) as step:
        if deadline.pk not in {row.pk for row in late_clocks(case)}:
            raise Refusal(
                "这个时限没有超期，或者已经申诉过了。", status=400, errors={"deadline": "请从列表里选"}
            )
        rules = standards.settings(case.office_id)["appeal"]
        if reason not in rules["reasons"]:
            raise Refusal("请从列表里选申诉理由。", status=400, errors={"reason": "请从列表里选"})
        _in_time(case, deadline, rules["within_days"])
        rule = deadlines.rule_of(deadline)
        appeal = OverdueAppeal.objects.create(
            office_id=case.office_id, case=case, deadline=deadline, limit_name=rule.name[:60],
            organisation=_unit_of(case, deadline, by), reason_code=reason, reason=rules["reasons"][reason],
            text=text.strip(), asked_by=by, asked_at=step.at,
        )  # fmt: skip
        late = deadlines.reading(deadline, case, step.at).text
        step.say(text.strip(), appeal=str(appeal.pk), notes=[f"{rule.name} {late}；理由：{appeal.reason}"])
    case._bind(attachments, step.event)


def _unit_of(case, deadline, by):
    if deadline.assignment_id:
        return deadline.assignment.organisation
    units = {row.organisation_id: row.organisation for row in case.live_assignments}
    own = [post.organisation_id for post in by.current_posts if post.organisation_id in units]
    return units[own[0]] if own else case.lead.organisation


def _in_time(case, deadline, within: int):
    """The appeal must come within so many working days of the limit."""
    days = deadlines.calendar(RuleSet.objects.current("calendar", case.office_id).pk)
    last = days.add_working_days(clock.local(deadline.due_at).date(), within)
    if clock.today() > last:
        raise Refusal(f"超期申诉要在超期后 {within} 个工作日内提出，这一件到 {last} 为止。", status=409)


def decide(case, *, by, subject, granted: bool, text: str):
    """By somebody else. Granted or not, the clock itself is left as it is: late stays late."""
    with move(case, "decide_appeal", by, subject) as step:
        row = OverdueAppeal.objects.select_for_update().get(pk=subject.pk)
        if row.decided_at:
            raise Refusal("这份申诉已经裁定过了。")
        if row.asked_by_id == by.pk:
            raise Refusal("自己提的申诉要别人来裁定。", status=403)
        if row.organisation_id in {post.organisation_id for post in by.current_posts}:
            raise Refusal("本单位的申诉要外单位的人来裁定。", status=403)
        row.decided_by, row.decided_at, row.is_granted, row.decision = by, step.at, granted, text.strip()
        row.save(update_fields=["decided_by", "decided_at", "is_granted", "decision"])
        how = "申诉成立：超期的事实不变，只是统计时不计" if granted else "申诉不成立，照常统计"
        step.say(row.decision, granted=granted, appeal=str(row.pk), notes=[f"{row.limit_name}：{how}"])


def own_refusal(case, user, subject) -> str:
    """Condition of `decide_appeal`."""
    if subject.asked_by_id == user.pk:
        return "自己提的，要别人裁定"
    if subject.organisation_id in {post.organisation_id for post in user.current_posts}:
        return "本单位的，要外单位裁定"
    return ""


def waiting(case) -> list:
    return [row for row in record.rows(case, "overdue_appeals") if row.decided_at is None]


def exempted(office):
    """Ids of the clocks that figures leave out."""
    return OverdueAppeal.objects.filter(office=office).granted().values("deadline_id")
