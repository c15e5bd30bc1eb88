"""The upstream's order beside its matter: its own limit, first unit, problem orders. Follows every move."""

from django.db.models import Q

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines, duties
from huiyin.cases.states import Part
from huiyin.notices.models import send
from huiyin.orgs.models import Post
from huiyin.upstream import profile
from huiyin.upstream.models import CallBack, CallResult, CallSource, UpstreamOrder

STARTING = frozenset({"accept", "reopen", "look_back", "answer_at_once"})
SENDING = frozenset({"accept", "dispatch", "designate", "overrule", "redo"})
PUSHING = frozenset({"dispatch", "designate"})
BACK = {
    "return_work": "bounces",
    "decide_order_return": "bounces",
    "redo": "redos",
    "reopen": "redos",
    "look_back": "redos",
}
AWAY = frozenset({"decline", "refer", "merge", "withdraw", "void"})
PROBLEM = "problem_raised"


def order_of(case) -> UpstreamOrder:
    """The order of this hotline matter; made when there is none yet."""
    row = UpstreamOrder.objects.filter(case=case, office_id=case.office_id).first()
    return row or _make(case)


def known(case) -> UpstreamOrder:
    """The same for reading, once for a page: an empty one that is not saved where there is none."""
    kept = case.__dict__.setdefault("_prefetched_objects_cache", {})  # forgotten by refresh_from_db
    if "upstream_order" not in kept:
        rows = UpstreamOrder.objects.select_related("source", "first_unit", "sent_by")
        kept["upstream_order"] = rows.filter(case=case, office_id=case.office_id).first() or UpstreamOrder(
            office_id=case.office_id, case=case
        )
    return kept["upstream_order"]


def _make(case) -> UpstreamOrder:
    source = case.sources.exclude(outside_number="").order_by("pk").first()
    own = {"source": source, "system": source.system, "number": source.outside_number} if source else {}
    if (
        own
        and UpstreamOrder.objects.filter(
            office_id=case.office_id, system=own["system"], number=own["number"]
        ).exists()
    ):
        own["number"] = ""  # the same order was written down twice: the first one keeps the number
    return UpstreamOrder.objects.create(office_id=case.office_id, case=case, **own)


def follow(case, step) -> None:
    """Called in the transaction of every move."""
    if step.verb in STARTING | SENDING and _own_limit(case) is not None:
        _hold_to_limit(case, step)
    if case.kind != profile.HOTLINE:
        return
    order = order_of(case)
    if step.verb in PUSHING:
        _first_unit(case, step, order)
        _not_off_list(case, step)
    if step.verb in ("designate", "instruct_problem") and order.problem_at and not order.problem_settled_at:
        settle(case, order, step)
    if _begins_anew(step):
        order.tries, order.called_at, order.solved, order.satisfied, order.excluded = 0, None, "", "", ""
    _count_back(case, step, order)
    if step.verb == "rate":
        _verdict(case, step, order)
    if step.verb == "feed_back" and (
        order.source_id is None or step.data.get("source") == str(order.source_id)
    ):
        order.sent_round, order.sent_at, order.sent_by = case.round, step.at, step.by
    _keep(case, order)


def _begins_anew(step) -> bool:
    return step.verb == "reopen" or (step.verb == "look_back" and bool(step.data.get("has_relapsed")))


def _own_limit(case):
    """The nearest limit that those who sent the matter have set, or None."""
    return (
        case.sources.filter(due_at__isnull=False).order_by("due_at").values_list("due_at", flat=True).first()
    )


def _hold_to_limit(case, step) -> None:
    """The order's own limit is that of closing; one set by law is never stretched. The lead reports by then."""
    own, moved = _own_limit(case), False
    if case.round > 1 and own <= step.at:
        return  # the limit of the first round has passed: the new round runs by the rule
    running = case.deadlines.running().filter(round=case.round)
    for row in running.filter(Q(assignment=None) | Q(assignment__part=Part.LEAD), notice=None):
        rule = deadlines.rule_of(row)
        if rule.duty not in ("close", "report") or row.started_at != step.at:
            continue
        if (rule.duty == "report" or rule.source_kind == "法定") and row.due_at <= own:
            continue
        row.fixed_due_at, moved = own, True
        row.save(update_fields=["fixed_due_at"])
    if moved:
        deadlines.recompute(case, step.at)
        deadlines.choose_next(case)


def move_limit(case, step, source, due_at) -> None:
    """Another limit from above: the clock that ran ends, one to the new moment begins; past days read as before.

    The lead's report that the old limit had cut short goes with it.
    """
    old, source.due_at = source.due_at, due_at
    source.save(update_fields=["due_at"])
    for row in case.deadlines.running().filter(round=case.round, notice=None):
        rule = deadlines.rule_of(row)
        if row.assignment_id:
            if rule.duty != "report" or row.fixed_due_at is None or row.fixed_due_at != old:
                continue
        elif rule.duty != "close" or (rule.source_kind == "法定" and due_at > row.due_at):
            continue
        row.dropped_at = step.at
        row.save(update_fields=["dropped_at"])
        case.deadlines.create(
            office_id=case.office_id, code=row.code, rules_id=row.rules_id, calendar_id=row.calendar_id,
            assignment_id=row.assignment_id, round=row.round, amount=row.amount, unit=row.unit, started_at=step.at,
            fixed_due_at=due_at, due_at=due_at,
        )  # fmt: skip
    deadlines.recompute(case, step.at)
    deadlines.choose_next(case)


def _first_unit(case, step, order) -> None:
    """首接负责: who had it first goes on reading and is named, also when another unit takes over."""
    lead = step.assignment
    if order.first_unit_id is None:
        order.first_unit = lead.organisation
        _note(step, f"首接单位：{lead.organisation}，跟到办完")
    elif order.first_unit_id != lead.organisation_id:
        _note(step, f"首接单位{order.first_unit}继续跟进，与{lead.organisation}当面交接")
        first = case.assignments.filter(organisation=order.first_unit).exclude(handler=None).first()
        if first and first.handler_id not in case.named_readers:
            case.named_readers = [*case.named_readers, first.handler_id]


def _not_off_list(case, step) -> None:
    """Work that is not on the community's list does not go to a community as its own."""
    rule = profile.content(case.office)["community"]
    lead = step.assignment.organisation
    if lead.kind in rule["kinds"] and not case.category.startswith(tuple(rule["categories"])):
        clause = duties.clause_of(case)
        named = (
            f"清单点名由{duties.unit_name(case.office, clause['unit'])}办"
            if clause and clause.get("unit")
            else ""
        )
        raise Refusal(
            f"这类事不在社区的事务清单里，不能派给{lead}主办{'；' + named if named else ''}。要社区搭把手，选它作协办。",
            errors={"lead": "名单外的事不往社区推"},
        )
    units = case.assignments.filter(pk__in=step.data.get("sent", ()), part=Part.CO)
    helping = [
        str(row.organisation)
        for row in units.select_related("organisation")
        if row.organisation.kind in rule["kinds"]
    ]
    if helping and not case.category.startswith(tuple(rule["categories"])):
        _note(step, f"{'、'.join(helping)}只协助，不承担主办和考核")


def _count_back(case, step, order) -> None:
    """Returned or done again too often: a problem order, raised one level by itself."""
    name = BACK.get(step.verb)
    if not name or (step.verb == "look_back" and not _begins_anew(step)) or step.data.get("agreed"):
        return
    if step.verb == "return_work" and not step.assignment.is_lead:
        return
    setattr(order, name, getattr(order, name) + 1)
    rule = profile.content(case.office)["problem"]
    if order.problem_at or (order.bounces < rule["bounces"] and order.redos < rule["redos"]):
        return
    order.problem_at = step.at
    order.problem_why = (
        f"已退回 {order.bounces} 次" if order.bounces >= rule["bounces"] else f"已重办 {order.redos} 次"
    )
    deadlines.happened(case, PROBLEM, step.at)
    deadlines.choose_next(case)
    due = next(
        (row.due_at for row in case.deadlines.running() if deadlines.rule_of(row).duty == "problem"), None
    )
    _note(step, f"成为问题工单：{order.problem_why}，提一级督办")
    _tell_leaders(case, step, order, rule["tells"], due)


def _tell_leaders(case, step, order, roles, due) -> None:
    from huiyin.cases.telling import before

    posts = Post.objects.of_roles(case.office, *roles).select_related("user")
    users = {
        post.user_id: post.user for post in posts if post.area_id in case.area.path and post.user.is_active
    }
    until = f"{before(due)}批示" if due else ""
    send(
        users.values(), f"问题工单 {order}（{order.problem_why}）{until}：{case.title}", office=case.office,
        url=f"/desk/cases/{case.number}/", key=f"problem:{case.pk}", level="alarm", group="supervision",
        outside=f"问题工单 {case.number}，{order.problem_why}{until}",
    )  # fmt: skip


def settle(case, order, step) -> None:
    """A leader has said how the problem order goes on: the clock one level up is met."""
    order.problem_settled_at = step.at
    deadlines.happened(case, "problem_settled", step.at)
    deadlines.choose_next(case)


def _verdict(case, step, order) -> None:
    """The three answers of this round, whoever wrote them down."""
    given = {name: step.data[name] for name in ("contacted", "solved", "satisfied")}
    source = CallSource.OWN if step.by else CallSource.PERSON
    CallBack.objects.create(
        office_id=case.office_id, case=case, round=case.round, source=source, result=CallResult.REACHED,
        words=step.text, at=step.at, by=step.by, **given,
    )  # fmt: skip
    order.called_at, order.solved, order.satisfied = step.at, given["solved"], given["satisfied"]


def _keep(case, order) -> None:
    """What lists and rates ask for stands on the row."""
    rows = [row for row in case.deadlines.filter(round=case.round, assignment=None, notice=None)]
    closing = [row for row in rows if deadlines.rule_of(row).duty == "close"]
    live = [row for row in closing if row.dropped_at is None]
    if order.source_id and order.source.due_at:
        order.expires_at = order.source.due_at
    if live and (case.round > 1 or not order.expires_at):
        order.expires_at = live[-1].due_at
    first = next((row for row in rows if deadlines.rule_of(row).duty == "first_contact"), None)
    if first is not None and order.responded is None and first.met_at:
        order.responded = first.met_at <= first.due_at
    order.save()


def _note(step, words: str) -> None:
    step.data.setdefault("notes", []).append(words)
