"""大厅: tickets and windows, the next one, results, who sits where; the person's own page of a ticket."""

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.base.ids import clean_tracking_code
from huiyin.base.refusal import Refusal
from huiyin.cases import services
from huiyin.cases.form_fields import line, words
from huiyin.cases.intake_form import name_the_missing, phone
from huiyin.cases.states import Satisfied
from huiyin.reception import hall, hall_matters
from huiyin.reception.models import HallResult, HallVisit, TicketState, Window, WindowDuty
from huiyin.reception.period import Period
from huiyin.reception.rights import MAY, may
from huiyin.reception.views.fields import PlainSelect
from huiyin.reception.views.frame import checked, fresh_key, link, page, take
from huiyin.reception.views.listing import keyset
from huiyin.rules import clock
from huiyin.shell.access import public, staff

SHOWN = 60
COLUMNS = (
    ("came", "来办", {}),
    ("finished", "当场办结", {"result": "finished"}),
    ("supplement", "告知补件", {"result": "supplement"}),
    ("transferred", "转为事项", {"result": "transferred"}),
    ("left", "过号", {"state": "left"}),
    ("pleased", "满意", {"rating": "yes"}),
    ("fair", "还可以", {"rating": "fair"}),
    ("displeased", "不满意", {"rating": "no"}),
)


class TicketForm(forms.Form):
    service = forms.ChoiceField(label="办什么", widget=PlainSelect)
    person_name = line("姓名", required=False, most=40)
    person_phone = phone("电话")

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        name_the_missing(self)
        self.fields["service"].choices = [("", "请选"), *services.choices(office)]


class ResultForm(forms.Form):
    """Papers of the item stand ready to be ticked; what is not among them is written below, one a line."""

    result = forms.ChoiceField(label="结果", choices=HallResult, widget=forms.RadioSelect)
    papers = forms.MultipleChoiceField(label="缺哪些", required=False, widget=forms.CheckboxSelectMultiple)
    more = words("还缺别的，一行一样", required=False, rows=2)
    description = words("转为事项：居民要办什么", required=False, rows=3, least=4)
    note = line("说明", required=False, most=200)

    def __init__(self, *args, service, handed_in=(), **kwargs):
        super().__init__(*args, **kwargs)
        name_the_missing(self)
        self.fields["papers"].choices = [(row, row) for row in service.documents if row not in handed_in]
        if handed_in:
            self.fields["papers"].help_text = f"以前交过、不用再要的：{'、'.join(handed_in)}"

    def given(self) -> dict:
        given = checked(self)
        missing = [*given["papers"], *(row[:80] for row in given["more"].splitlines())]
        return {**given, "missing": missing}


@staff(roles=MAY["hall"])
@require_safe
def overview(request):
    """GET: today's queue and windows, and the sums of a period."""
    user, period = request.user, Period.read(request.GET, "day")
    today = HallVisit.objects.visible_to(user).filter(on=clock.today())
    waiting = list(today.filter(state=TicketState.WAITING).order_by("ticket")[:SHOWN])
    table = services.table(user.office)
    for row in waiting:
        row.item = table.get(row.service)
    whole, lines = hall.figures(user, period)
    context = {
        "period": period,
        "waiting": waiting,
        "windows": _windows(user, today, table),
        "columns": [label for _, label, _ in COLUMNS],
        "whole": _linked(period, whole),
        "lines": [(row["window__number"], row["name"], _linked(period, row)) for row in lines],
        "form": TicketForm(office=user.office),
        "key": fresh_key(),
        "may_ticket": may(user, "hall.ticket"),
        "may_arrange": may(user, "hall.arrange"),
    }
    return page(request, "hall.html", "hall", context)


def _windows(user, today, table) -> list[Window]:
    """Windows in use, each with who sits there, whom it serves and how many wait for it."""
    rows = list(Window.objects.current().visible_to(user).select_related("organisation").order_by("number"))
    duties = WindowDuty.objects.current().filter(window__in=rows).select_related("post__user")
    serving = {row.window_id: row for row in today.filter(state=TicketState.CALLED)}
    counts = dict(
        today.filter(state=TicketState.WAITING).order_by().values_list("group").annotate(Count("pk"))
    )
    posts = {post.pk for post in user.current_posts}
    for row in rows:
        row.people = [duty.post.user for duty in duties if duty.window_id == row.pk]
        row.is_mine = any(duty.window_id == row.pk and duty.post_id in posts for duty in duties)
        row.serving = serving.get(row.pk)
        if row.serving:
            row.serving.item = table.get(row.serving.service)
        row.waiting = sum(counts.get(group, 0) for group in row.groups)
    return rows


def _linked(period, line: dict, **more) -> list[tuple[int, str]]:
    if "window__number" in line:
        more = {"window": line["window__number"]}
    return [
        (line[name], link("reception_hall_visits", period, **query, **more)) for name, _, query in COLUMNS
    ]


@staff(roles=MAY["hall.ticket"])
@require_POST
def ticket(request):
    form, key = (
        TicketForm(request.POST, office=request.user.office),
        request.POST.get("key", "")[:60] or fresh_key(),
    )
    try:
        visit, _ = hall.take_ticket(request.user.office, checked(form), by=request.user, key=key)
    except Refusal as refusal:
        status = take(form, refusal)
        return page(request, "hall_ticket_form.html", "hall", {"form": form, "key": key}, status)
    return redirect("reception_hall_slip", visit.pk)


@staff(roles=MAY["hall"])
@require_safe
def slip(request, pk):
    """The paper ticket with its square code, until it is called: then only the person has it, and rates by it."""
    visit = get_object_or_404(HallVisit.objects.visible_to(request.user).select_related("office"), pk=pk)
    if visit.state != TicketState.WAITING:
        raise Refusal(f"{visit.ticket} 号已经叫过，纸号不再打印：评价的码只在居民手里。", status=409)
    context = {
        "visit": visit,
        "item": services.table(visit.office).get(visit.service),
        "ahead": hall.ahead_of(visit),
    }
    context["url"] = request.build_absolute_uri(f"/ticket/{visit.code}/")
    return render(request, "reception/hall_slip.html", context)


@staff(roles=MAY["hall.serve"])
@require_safe
def window(request, number):
    return _window_page(request, _window(request, number))


def _window(request, number: int) -> Window:
    rows = Window.objects.current().visible_to(request.user).select_related("organisation")
    return get_object_or_404(rows, number=number)


def _window_page(request, found: Window, form=None, status=200):
    visit = hall.serving(found)
    item = services.table(request.user.office).get(visit.service) if visit else None
    waiting = HallVisit.objects.filter(
        office_id=found.office_id, on=clock.today(), state=TicketState.WAITING, group__in=found.groups
    ).order_by("ticket")
    done = HallVisit.objects.filter(window=found, on=clock.today(), state=TicketState.DONE)
    done = done.select_related("case").order_by("-done_at")[:8]
    table = services.table(request.user.office)
    rows = {"waiting": list(waiting[:SHOWN]), "done": list(done)}
    for row in [*rows["waiting"], *rows["done"]]:
        row.item = table.get(row.service)
    context = {
        "window": found,
        "visit": visit,
        "item": item,
        "form": form or (ResultForm(service=item, handed_in=hall_matters.handed_in(visit)) if item else None),
        "running": hall_matters.running(visit) if visit else None,
        "may_serve": hall.may_serve(found, request.user),
        **rows,
    }
    return page(request, "hall_window.html", "hall", context, status)


@staff(roles=MAY["hall.serve"])
@require_POST
def next_one(request, number):
    found = _window(request, number)
    if hall.call_next(found, by=request.user) is None:
        messages.info(request, "没有人在等这个窗口。")
    return redirect("reception_window", number)


def _visit(request, pk) -> HallVisit:
    return get_object_or_404(HallVisit.objects.visible_to(request.user).select_related("window"), pk=pk)


@staff(roles=MAY["hall.serve"])
@require_POST
def finish(request, pk):
    """What became of it; then the next one."""
    visit = _visit(request, pk)
    if visit.window is None:
        raise Refusal("这个号还没有叫到窗口。")
    service = services.get(request.user.office, visit.service)
    form = ResultForm(request.POST, service=service, handed_in=hall_matters.handed_in(visit))
    try:
        done = hall.finish(visit, form.given(), by=request.user)
    except Refusal as refusal:
        if "missing" in refusal.errors:
            refusal.errors["papers"] = refusal.errors.pop("missing")
        return _window_page(request, visit.window, form, take(form, refusal))
    said = f"，记在事项 {done.case.number}" if done.case else ""
    messages.success(
        request, f"{done.ticket} 号：{done.get_result_display()}{said}。请居民扫一扫纸号上的码，点一下评价。"
    )
    return redirect("reception_window", visit.window.number)


@staff(roles=MAY["hall.serve"])
@require_POST
def pass_over(request, pk):
    visit = hall.pass_over(_visit(request, pk), by=request.user)
    messages.info(request, f"{visit.ticket} 号记为过号。")
    return redirect("reception_window", visit.window.number)


@staff(roles=MAY["hall"])
@require_safe
def visits(request):
    """GET: the visits behind one number."""
    user, period = request.user, Period.read(request.GET, "day")
    names = ("result", "rating", "service", "state")
    given = {name: request.GET.get(name, "")[:20] for name in names}
    number = request.GET.get("window", "")
    given["window"] = number if number.isdigit() else ""
    rows = hall.narrowed(hall.visits(user, period), **given)
    found, more = keyset(request, rows.select_related("window", "officer", "case"), "entered_at")
    table = services.table(user.office)
    for row in found:
        row.item = table.get(row.service)
    return page(request, "hall_visits.html", "hall", {"period": period, "visits": found, "more": more})


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_ticket(request, code):
    """The person's own page of a ticket: how many wait before it, what came of it, one tap for the service."""
    code = clean_tracking_code(code)
    visit = HallVisit.objects.filter(code=code).select_related("window", "office").first() if code else None
    if visit is None:
        raise Http404("没有这个号。")
    at_work = request.user.is_authenticated
    if request.method == "POST":
        if at_work:
            raise Refusal("评价由居民在自己的手机上点，登录了工作台的人不能代点。", status=403)
        hall.rate(code, request.POST.get("rating", ""))
        return redirect("reception_ticket", code)
    context = {
        "visit": visit,
        "item": services.table(visit.office).get(visit.service),
        "ahead": hall.ahead_of(visit) if visit.state == TicketState.WAITING else 0,
        "ratings": () if at_work else Satisfied.choices,
    }
    return render(request, "reception/ticket.html", context)


public_patterns = [path("ticket/<str:code>/", own_ticket, name="reception_ticket")]
urlpatterns = [
    path("reception/hall/", overview, name="reception_hall"),
    path("reception/hall/tickets/", ticket, name="reception_hall_ticket"),
    path("reception/hall/visits/", visits, name="reception_hall_visits"),
    path("reception/hall/visits/<uuid:pk>/slip/", slip, name="reception_hall_slip"),
    path("reception/hall/visits/<uuid:pk>/finish/", finish, name="reception_hall_finish"),
    path("reception/hall/visits/<uuid:pk>/pass/", pass_over, name="reception_hall_pass"),
    path("reception/hall/windows/<int:number>/", window, name="reception_window"),
    path("reception/hall/windows/<int:number>/next/", next_one, name="reception_hall_next"),
]
