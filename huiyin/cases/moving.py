"""How every verb is written down: lock the row, check the table, save, write exactly one event – or nothing."""

from collections.abc import Callable
from contextlib import contextmanager

from django.db import transaction

from huiyin.base.refusal import Refusal
from huiyin.cases import access, deadlines, particulars, procedures, record, requirements
from huiyin.cases.states import ENDED
from huiyin.cases.workflow import EVENT_LABELS, MOVES, RESIDENT, Move
from huiyin.rules import clock

# verb → act(case, *, by, subject=None, **given) of moves that rooms above bring (see kind_moves).
ACTS: dict[str, Callable] = {}
# Called as (case, step) in the transaction of every move, before the matter is saved and its event written:
# rooms above let their own records follow, and may add to step.data. They raise Refusal to stop the move.
FOLLOWERS: list[Callable] = []


class Step:
    """What one verb is doing: the event is built from it when the verb is through."""

    def __init__(self, case, verb: str, by, subject=None):
        self.case, self.verb, self.by, self.subject = case, verb, by, subject
        self.at = clock.now()
        self.from_state = case.state
        self.to_state = None
        self.text = ""
        self.act = ""
        self.data: dict = {}
        self.told = False
        self.assignment = None
        self.voids = None
        self.title = ""
        self.role = ""
        self.event = None
        self.fixed_due_at = None
        self.particulars = case.__dict__.pop("given", {})

    def say(self, text: str, *, told: bool = False, act: str = "", **data):
        """What the history will say; `told` when the person is told exactly this."""
        self.text, self.told, self.act = text, told, act
        self.data.update(data)


@contextmanager
def move(case, verb: str, by, subject=None):
    """Run one verb: `with move(case, "accept", by) as step:`. Refused moves leave nothing behind.

    Raises Refusal: 403 for a post that may not, 409 for a state that does not allow it.
    """
    with transaction.atomic():
        lock(case)
        subject = relock(case, subject)
        row = MOVES[verb]
        post = check(case, row, by, subject)
        requirements.refuse(case, verb, row.label)
        step = Step(case, verb, by, subject)
        step.to_state = row.to
        step.title = title_of(post, by)
        step.role = post.role if post else RESIDENT
        yield step
        finish(case, step)


def lock(case):
    """Read the row anew under a lock; what was typed into `case` before does not count."""
    queryset = type(case).objects.select_for_update(of=("self",)).select_related("area", "office")
    queryset = queryset.defer("area__boundary", "words")
    case.refresh_from_db(from_queryset=queryset.filter(office_id=case.office_id))
    case.forget_cached()


def relock(case, subject):
    """The subject as it is now; refused when it belongs to another matter."""
    if subject is None:
        return None
    fresh = type(subject).objects.filter(office_id=case.office_id, case=case, pk=subject.pk).first()
    if fresh is None:
        raise Refusal("这一项不属于这件事，请回到事项页重新操作。", status=404)
    return fresh


def finish(case, step: Step):
    """Save the matter and write its one event; readers, limits and messages follow in the same transaction."""
    from huiyin.cases import telling

    before = case.state
    if step.to_state and step.to_state != before:
        case.state = step.to_state
        if case.state in ENDED:
            case.ended_at = step.at
        elif before in ENDED:
            case.ended_at = None
    case.forget_cached()
    particulars.apply(case, step)
    deadlines.follow(case, step)
    for follow in FOLLOWERS:
        follow(case, step)
    case.updated_at = step.at
    case.last_seq += 1
    case.save()
    write_event(case, step)
    access.refresh_readers(case)
    telling.tell(case, step)


def write_event(case, step: Step):
    """Append the event of `step` as number `case.last_seq`."""
    from huiyin.cases.models import CaseEvent

    step.event = CaseEvent.objects.create(
        office_id=case.office_id,
        case=case,
        seq=case.last_seq,
        verb=step.verb,
        at=step.at,
        by=step.by,
        by_title=step.title,
        from_state=step.from_state,
        to_state=case.state,
        round=case.round,
        act=step.act,
        text=step.text,
        data=step.data,
        is_told=step.told,
        assignment=step.assignment,
        voids=step.voids,
    )
    return step.event


def title_of(post, by) -> str:
    if by is None:
        return "居民"
    return f"{post.organisation} {post.title}" if post else by.title


def check(case, row: Move, by, subject=None, posts=None):
    """The post in which `by` may do `row` to `case` now; raises Refusal with the reason otherwise.

    `posts`: those of `by` that count for the matter, when the caller has them already.
    """
    refusal = state_refusal(case, row, subject)
    if refusal:
        raise Refusal(refusal)
    if by is None:
        if RESIDENT in row.roles:
            return None
        raise Refusal(f"“{row.label}”要由工作人员来做。", status=403)
    held = access.posts_on(case, by) if posts is None else posts
    roles = roles_of(case, row)
    posts = [post for post in held if post.role in roles]
    if row.own_unit and subject is not None:
        posts = [post for post in posts if post.organisation_id == subject.organisation_id]
    if not posts:
        raise Refusal(f"您的岗位不能对这件事“{row.label}”。{who_may(case, row, subject)}", status=403)
    if row.not_handler and by.pk in handlers(case, subject):
        raise Refusal(f"您经办过这件事，“{row.label}”要由没经手的人来做。", status=403)
    return posts[0]


def state_refusal(case, row: Move, subject=None) -> str:
    """Why the state does not allow `row` now, or ''."""
    procedure = procedures.of(case)
    if row.verb in procedure.get("off", []) or (row.opt_in and row.verb not in procedure.get("opens", [])):
        return f"这类事项的程序里没有“{row.label}”这一步，不能这样做。"
    if case.state not in row.sources:
        return f"这件事现在是“{case.get_state_display()}”（{last_words(case)}），不能“{row.label}”。请刷新后再看。"
    if case.is_paused and not row.while_paused:
        return f"这件事挂账了，先“恢复办理”才能“{row.label}”。"
    if row.only_paused and not case.is_paused:
        return "这件事没有挂账，时限一直在走，不用恢复。"
    if row.subject and subject is None:
        return f"“{row.label}”要指明是哪一项，请从事项页上点。"
    if row.subject_states and subject.state not in row.subject_states:
        return f"{subject} 现在是“{subject.get_state_display()}”（{last_words(case)}），不能“{row.label}”。"
    return ""


def last_words(case) -> str:
    """Who did what last, for the one who came second."""
    held = case.__dict__.setdefault("last_words", {})
    if case.last_seq not in held:
        held[case.last_seq] = _last_words(case)
    return held[case.last_seq]


def _last_words(case) -> str:
    event = max(record.rows(case, "events"), key=lambda row: row.seq, default=None)
    if event is None:
        return "刚登记"
    who = event.by.name if event.by else event.by_title
    at = clock.local(event.at)
    return f"{at.month}月{at.day}日 {at:%H:%M} {who} {EVENT_LABELS[event.verb]}"


def roles_of(case, row: Move) -> frozenset:
    """The posts that may make this move: those of the table, fewer where the procedure names some."""
    named = procedures.of(case).get("roles", {}).get(row.verb)
    return row.roles & frozenset(named) if named else row.roles


def who_may(case, row: Move, subject=None) -> str:
    from huiyin.orgs.models import Role

    if row.own_unit and subject is not None:
        return f"由{subject.organisation}来做。"
    roles = roles_of(case, row)
    names = [Role(role).label for role in Role.values if role in roles]
    return f"可以做的岗位：{'、'.join(names)}。"


HANDLED = ("take", "report", "assign_person")


def handlers(case, subject=None) -> set:
    """Users who handled this round: they took it, reported it or are named as its person in charge.

    With an assignment as subject only its own handlers count: the lead may sign off a co-handler.
    """
    events = [event for event in record.rows(case, "events") if event.round == case.round]
    if subject is not None and hasattr(subject, "handler_id"):
        own = [event for event in events if event.verb in HANDLED and event.assignment_id == subject.pk]
        users = {event.by_id for event in own} | {subject.handler_id}
    else:
        users = {event.by_id for event in events if event.verb in ("take", "report")}
        users |= {row.handler_id for row in case.live_assignments} | {case.in_charge_id}
    return users - {None}
