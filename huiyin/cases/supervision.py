"""When supervision (督办) is due, and how a notice is issued – by a supervisor or by the clock."""

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines, numbering
from huiyin.cases.states import AssignmentState

MOST_LEVELS = 2


def cause(case, at) -> str:
    """'key', 'late' or '': why a notice is due at `at`. Once late stays late in that round."""
    if case.is_key:
        return "key"
    return "late" if deadlines.has_been_late(case, at) else ""


def premature(case, at) -> str:
    """Why no further notice may go out yet: the last one still has time, or its answer was not checked. Or ''."""
    last = case.notices.filter(round=case.round).order_by("issued_at").last()
    if last is None:
        return ""
    if last.answered_at is None:
        return f"{last.number} 还在回复期限内" if last.due_at > at else ""
    checked = case.events.filter(verb="check_progress", round=case.round, at__gte=last.answered_at).exists()
    return "" if checked else f"{last.number} 已回复，先核查进度"


def issue(case, step, *, cause: str, text: str, by, unit=None):
    """A notice of the next level to the unit that owes the work; the second follows an unanswered first."""
    notices = list(case.notices.filter(round=case.round).order_by("issued_at"))
    level = min(len(notices) + 1, MOST_LEVELS)
    assignment = _owing(case, unit)
    notice = case.notices.create(
        office_id=case.office_id,
        assignment=assignment,
        organisation=assignment.organisation,
        number=numbering.document_number(case.office, "督", step.at),
        level=level,
        cause=cause,
        round=case.round,
        text=text.strip(),
        issued_at=step.at,
        issued_by=by,
        due_at=step.at,
    )
    step.subject, step.assignment = notice, assignment
    step.say(
        notice.text,
        number=notice.number,
        level=level,
        cause=cause,
        unit=str(notice.organisation),
        notice=str(notice.pk),
    )
    return notice


def _owing(case, unit):
    rows = [row for row in case.live_assignments if row.state != AssignmentState.RETURNED]
    if unit is not None:
        rows = [row for row in rows if row.organisation_id == unit.pk]
    owing = [row for row in rows if row.is_owed] or rows
    if not owing:
        raise Refusal("还没有派给任何单位，没有督办的对象；请先派单。")
    return owing[0]
