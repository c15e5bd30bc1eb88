"""The problems of a census: the records behind each number, the quick entry, a sheet, hard ones and their champions."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.areas.models import Area
from huiyin.base.refusal import Refusal
from huiyin.cooperation.models import Champion
from huiyin.inspections import census, census_sheet
from huiyin.inspections.doors import INSPECTORS
from huiyin.inspections.forms import ChampionForm, HardForm, ProblemForm
from huiyin.inspections.models import CensusProblem, Subject
from huiyin.inspections.views.acting import Pictures, act, fresh_key, paged
from huiyin.inspections.views.census import census_of
from huiyin.sheets import marked, template
from huiyin.shell.access import staff

STAYS = ("standard", "subject_kind", "subject", "area", "cadre")  # from one problem to the next


def _narrowed(request, row):
    """(queryset, [(what it is narrowed to)]) as the query string says."""
    get = request.GET.get
    area = (
        Area.objects.filter(office=request.user.office, code=get("area", "")).first() if get("area") else None
    )
    status, kind = get("status", ""), get("kind", "")
    if status and status not in census.STATUSES or kind and kind not in Subject.values:
        raise Refusal("没有这样的问题，请从总表点进来。", status=400)
    standard, subject, hard = get("standard", "")[:10], get("subject", "")[:60], get("hard") == "1"
    rows = census.problems(
        row,
        request.user,
        area=area,
        standard=standard,
        subject=subject,
        subject_kind=kind,
        status=status,
        hard=hard,
    )
    chips = [area.name if area else "", f"标准 {standard}" if standard else "", subject, census.STATUSES[status][0] if status else "",
             Subject(kind).label if kind and not subject else "", "重难点" if hard else ""]  # fmt: skip
    return rows, [chip for chip in chips if chip]


@staff(roles=INSPECTORS)
@require_safe
def list_problems(request, pk):
    """GET: the records behind a number of the totals, or all of them."""
    row = census_of(request, pk)
    rows, chips = _narrowed(request, row)
    found, more = paged(
        rows.select_related("case", "standard", "area", "cadre").defer("area__boundary", "case__words"),
        request,
    )
    held = {
        champion.case_id: champion
        for champion in Champion.objects.filter(
            case__in=[p.case_id for p in found], ended_at=None
        ).select_related("leader")
    }
    query = request.GET.copy()
    query.pop("after", None)
    for problem in found:
        problem.champion = held.get(problem.case_id)
    context = {
        "census": row, "rows": found, "more": more, "chips": chips, "tail": query.urlencode(),
        "may_keep": bool(request.user.roles & census.KEEPERS), "rail_current": "inspections",
    }  # fmt: skip
    return render(request, "inspections/problems.html", context)


def _entry(request, row, form, pictures, status=200):
    mine = CensusProblem.objects.visible_to(request.user).filter(census=row, found_by=request.user)
    context = {
        "census": row, "form": form, "kept": pictures.kept, "rail_current": "inspections",
        "latest": mine.select_related("case", "standard").order_by("-pk")[:6],
        "subjects": row.problems.order_by().values_list("subject", flat=True).distinct()[:200],
    }  # fmt: skip
    return render(request, "inspections/problem_new.html", context, status=status)


@staff(roles=INSPECTORS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_problem(request, pk):
    """GET: the quick entry, with what stays the same already there. POST: one problem, and the next."""
    row, pictures = census_of(request, pk), Pictures(request, "photos")
    if not census.may_record(row, request.user):
        raise Refusal("这次普查没有派您，请找街道的人把您派到片区。", status=403)
    if request.method != "POST":
        kept = {name: request.GET[name] for name in STAYS if request.GET.get(name)}
        return _entry(
            request,
            row,
            ProblemForm(user=request.user, of=row, initial={"key": fresh_key(), **kept}),
            pictures,
        )
    form = ProblemForm(request.POST, user=request.user, of=row)
    try:
        pictures.take()
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _entry(request, row, form, pictures, 400)
    key = f"{request.user.pk.hex[-12:]}:{request.POST.get('key', '')[:36]}"
    doing = lambda **given: census.record(row, by=request.user, key=key, photos=pictures["photos"], **given)  # noqa: E731
    return act(
        request,
        form,
        doing,
        "记下了，接着记下一个。",
        lambda made: _next(request, row),
        lambda f, s: _entry(request, row, f, pictures, s),
    )


def _next(request, row) -> str:
    query = request.POST.copy()
    for name in list(query):
        if name not in STAYS:
            del query[name]
    return f"{reverse('desk_problem_new', args=[row.pk])}?{query.urlencode()}"


@staff(roles=census.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def champion(request, pk, number):
    """GET and POST: rate a problem hard, and put a leader behind it."""
    row = census_of(request, pk)
    problem = get_object_or_404(
        CensusProblem.objects.visible_to(request.user).filter(census=row).select_related("case", "standard"),
        case__number=number,
    )
    what = request.POST.get("what", "")
    hard = HardForm(request.POST if what == "hard" else None, user=request.user, prefix="hard")
    named = ChampionForm(request.POST if what == "champion" else None, user=request.user, prefix="champion")
    held = (
        Champion.objects.filter(case=problem.case, ended_at=None)
        .select_related("leader", "secretary")
        .first()
    )

    def page(form=None, status=200):
        context = {
            "census": row,
            "problem": problem,
            "hard": hard,
            "named": named,
            "held": held,
            "rail_current": "inspections",
        }
        return render(request, "inspections/champion.html", context, status=status)

    goal = reverse("desk_problem_champion", args=[pk, number])
    if what == "hard":
        return act(
            request,
            hard,
            lambda why: census.mark_hard(problem, by=request.user, why=why),
            "列为重难点了。",
            goal,
            page,
        )
    if what == "champion":
        doing = lambda **given: census.name_champion(problem, by=request.user, **given)  # noqa: E731
        return act(request, named, doing, "包靠的人定了，也告诉了他们。", goal, page)
    return page()


@staff(roles=INSPECTORS)
@require_safe
def sheet(request, pk):
    """GET: the table to fill in."""
    row = census_of(request, pk)
    answer = HttpResponse(template.write(census_sheet.sheet(row)), content_type=template.XLSX)
    answer["Content-Disposition"] = 'attachment; filename="census.xlsx"'
    return answer


@staff(roles=INSPECTORS)
@require_POST
def upload(request, pk):
    """POST: a filled table: all of it, or the table back with what is wrong in it."""
    row = census_of(request, pk)
    if not census.may_record(row, request.user):
        raise Refusal("这次普查没有派您，请找街道的人把您派到片区。", status=403)
    file = request.FILES.get("file")
    if file is None:
        raise Refusal("请先选填好的表。", status=400)
    reading, made = census_sheet.take(row, file.read(), file.name, by=request.user)
    context = {"census": row, "reading": reading, "made": made, "rail_current": "inspections"}
    if reading.problems and request.POST.get("want") == "marked":
        answer = HttpResponse(marked.mark(reading), content_type=template.XLSX)
        answer["Content-Disposition"] = 'attachment; filename="marked.xlsx"'
        return answer
    return render(request, "inspections/uploaded.html", context, status=400 if reading.problems else 200)


urlpatterns = [
    path("inspections/censuses/<uuid:pk>/problems/", list_problems, name="desk_problems"),
    path("inspections/censuses/<uuid:pk>/problems/new/", new_problem, name="desk_problem_new"),
    path(
        "inspections/censuses/<uuid:pk>/problems/<str:number>/champion/",
        champion,
        name="desk_problem_champion",
    ),
    path("inspections/censuses/<uuid:pk>/sheet/", sheet, name="desk_census_sheet"),
    path("inspections/censuses/<uuid:pk>/upload/", upload, name="desk_census_upload"),
]
