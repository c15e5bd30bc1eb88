"""The one-stop hall: tickets, the next one to a window (never two windows one ticket), results, ratings."""

from django.db import transaction
from django.db.models import Count, Max, Q

from huiyin.base.refusal import Refusal
from huiyin.cases import services
from huiyin.cases.states import Satisfied
from huiyin.orgs.models import Role
from huiyin.reception import hall_matters
from huiyin.reception.models import HallResult, HallVisit, TicketState, Window, WindowDuty
from huiyin.reception.models.entered import enter
from huiyin.rules import clock
from huiyin.rules.numbers import next_number

CHIEFS = {Role.CLERK, Role.DEPUTY, Role.DIRECTOR}


def take_ticket(office, given: dict, *, by, key: str) -> tuple[HallVisit, bool]:
    """A number for today and one item of the catalogue; who it is may stay unsaid. (visit, is it new)."""
    service = services.get(office, given["service"])
    today = clock.today()
    if not Window.objects.current().filter(office=office, groups__contains=[service.group]).exists():
        raise Refusal(
            f"今天没有窗口办“{service.group_name}”，请先在“窗口”里安排，或请居民去{service.where}。",
            errors={"service": "没有窗口办这一类"},
        )

    def make():
        ticket = next_number(office.pk, f"hall:{today:%m%d}", today.year)
        return HallVisit.objects.create(
            office=office, form_key=key, entered_at=clock.now(), entered_by=by, on=today, ticket=ticket,
            service=service.code, group=service.group, person_name=given.get("person_name", "").strip(),
            person_phone=given.get("person_phone", "").strip(),
        )  # fmt: skip

    return enter(HallVisit, office=office, key=key, make=make)


def may_serve(window: Window, user) -> bool:
    """The posts at this window, and the centre where it has to help out."""
    posts = [post.pk for post in user.current_posts]
    return (
        bool(user.roles & CHIEFS)
        or WindowDuty.objects.current().filter(window=window, post__in=posts).exists()
    )


def serving(window: Window) -> HallVisit | None:
    """Whom the window is serving now."""
    return HallVisit.objects.filter(window=window, on=clock.today(), state=TicketState.CALLED).first()


@transaction.atomic
def call_next(window: Window, *, by) -> HallVisit | None:
    """The longest waiting ticket that this window can serve; None when nobody waits.

    Two windows asking at once get two tickets: a locked row is passed over.
    """
    window = Window.objects.select_for_update().get(pk=window.pk)
    _refuse_strangers(window, by)
    if window.closed_on and window.closed_on <= clock.today():
        raise Refusal(f"{window} 已经停用。")
    now_there = serving(window)
    if now_there is not None:
        raise Refusal(f"{now_there.ticket} 号还在窗口，先写好结果，或记为过号，再叫下一位。")
    rows = HallVisit.objects.select_for_update(skip_locked=True)
    rows = rows.filter(
        office_id=window.office_id, on=clock.today(), state=TicketState.WAITING, group__in=window.groups
    )
    visit = rows.order_by("ticket").first()
    if visit is None:
        return None
    visit.state, visit.window, visit.officer, visit.called_at = TicketState.CALLED, window, by, clock.now()
    visit.save(update_fields=["state", "window", "officer", "called_at"])
    return visit


def _refuse_strangers(window: Window, by):
    if not may_serve(window, by):
        raise Refusal(f"{window} 今天不是您值守，请用自己的窗口，或请中心改排班。", status=403)


def _locked(visit: HallVisit, by) -> HallVisit:
    visit = (
        HallVisit.objects.select_for_update(of=("self",)).select_related("window", "office").get(pk=visit.pk)
    )
    if visit.state != TicketState.CALLED:
        raise Refusal(f"{visit.ticket} 号现在是“{visit.get_state_display()}”，请刷新后再看。")
    _refuse_strangers(visit.window, by)
    return visit


@transaction.atomic
def pass_over(visit: HallVisit, *, by) -> HallVisit:
    """Called and not there."""
    visit = _locked(visit, by)
    visit.state, visit.done_at = TicketState.LEFT, clock.now()
    visit.save(update_fields=["state", "done_at"])
    return visit


@transaction.atomic
def finish(visit: HallVisit, given: dict, *, by) -> HallVisit:
    """Done at once, or all missing papers named at once, or made a matter with its item.

    Whoever said who they are has one matter for the item: papers and slips go there, and the next visit goes on with it.
    """
    visit = _locked(visit, by)
    service = services.get(visit.office, visit.service)
    visit.result, visit.note = given["result"], given.get("note", "").strip()
    if visit.result == HallResult.SUPPLEMENT:
        visit.missing = [row.strip() for row in given.get("missing", []) if row.strip()]
        if not visit.missing:
            raise Refusal("要补哪些材料，请一次写全。", status=400, errors={"missing": "请选或写要补的材料"})
        if visit.person_phone:
            visit.case = hall_matters.matter_of(
                visit, service, f"到窗口办“{service.name}”，材料没有带齐。", by=by
            )
            hall_matters.take_papers(visit.case, visit, service, visit.missing, by=by)
            visit.missing = hall_matters.tell_missing(visit.case, visit.missing, by=by)
    if visit.result == HallResult.FINISHED:
        visit.case = hall_matters.finish_running(visit, service, by=by)
    if visit.result == HallResult.TRANSFERRED:
        visit.case = _matter(visit, service, given.get("description", ""), by)
        hall_matters.take_papers(visit.case, visit, service, given.get("missing", []), by=by)
    visit.state, visit.done_at = TicketState.DONE, clock.now()
    visit.save(update_fields=["state", "done_at", "result", "note", "missing", "case"])
    return visit


def _matter(visit: HallVisit, service, description: str, by):
    if len(description.strip()) < 4:
        raise Refusal(
            "转为事项要写清居民要办什么。", status=400, errors={"description": "请写清楚，至少 4 个字"}
        )
    return hall_matters.matter_of(visit, service, description, by=by)


@transaction.atomic
def rate(code: str, rating: str) -> HallVisit | None:
    """The person's word on the service, one tap, once. None for a code that does not exist."""
    visit = HallVisit.objects.select_for_update(of=("self",)).filter(code=code).first()
    if visit is None:
        return None
    if rating not in Satisfied.values:
        raise Refusal("请在三个里点一个。", status=400)
    if visit.state != TicketState.DONE:
        raise Refusal("还没办完，办完再评。")
    if not visit.rating:
        visit.rating, visit.rated_at = rating, clock.now()
        visit.save(update_fields=["rating", "rated_at"])
    return visit


def ahead_of(visit: HallVisit) -> int:
    """How many wait before this ticket for the same windows."""
    windows = Window.objects.current().filter(office_id=visit.office_id, groups__contains=[visit.group])
    groups = {group for row in windows for group in row.groups} or {visit.group}
    return HallVisit.objects.filter(
        office_id=visit.office_id,
        on=visit.on,
        state=TicketState.WAITING,
        group__in=groups,
        ticket__lt=visit.ticket,
    ).count()


def visits(user, period):
    return HallVisit.objects.visible_to(user).filter(**period.holds_days("on"))


def narrowed(
    rows, *, window: str = "", result: str = "", rating: str = "", service: str = "", state: str = ""
):
    given = {"window__number": window, "result": result, "rating": rating, "service": service, "state": state}
    return rows.filter(**{name: value for name, value in given.items() if value})


SUMS = {
    "came": Count("pk"),
    "finished": Count("pk", filter=Q(result=HallResult.FINISHED)),
    "supplement": Count("pk", filter=Q(result=HallResult.SUPPLEMENT)),
    "transferred": Count("pk", filter=Q(result=HallResult.TRANSFERRED)),
    "left": Count("pk", filter=Q(state=TicketState.LEFT)),
    "pleased": Count("pk", filter=Q(rating=Satisfied.YES)),
    "fair": Count("pk", filter=Q(rating=Satisfied.FAIR)),
    "displeased": Count("pk", filter=Q(rating=Satisfied.NO)),
}


def figures(user, period) -> tuple[dict, list[dict]]:
    """(the whole, one row a window by its number): came, each result, passed over, each rating."""
    rows = visits(user, period).order_by()
    lines = (
        rows.filter(window__isnull=False).values("window__number").annotate(name=Max("window__name"), **SUMS)
    )
    return rows.aggregate(**SUMS), sorted(lines, key=lambda row: row["window__number"])
