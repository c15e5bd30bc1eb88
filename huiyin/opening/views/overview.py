"""开办: the steps with what is there, the subdistrict's own data, the check-list, the number formats."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.accounts.models import User
from huiyin.base.refusal import Refusal
from huiyin.opening import founding, missing, numbering, steps
from huiyin.opening.forms import OfficeForm
from huiyin.opening.models import Import
from huiyin.rules import clock
from huiyin.shell.access import staff

ADMIN = {"admin"}
RAIL = "settings"


@staff(roles=ADMIN)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """GET: every step, what is there now, and what still lacks."""
    office = request.user.office
    rows = missing.look(office)
    lacks = [row for row in rows if row["gap"]]
    context = {
        "office": office,
        "steps": [_step(step(), office) for step in steps.ORDER],
        "lacking": lacks,
        "must": [row for row in lacks if row["line"].must],
        "lines": len(rows),
        "waiting": User.objects.filter(office=office, is_active=True, last_login=None).count(),
        "patterns": numbering.current(office).content["matters"],
        "recent": _recent(request.user),
        "rail_current": RAIL,
    }
    return render(request, "opening/home.html", context)


def _recent(user) -> list[Import]:
    """The last imports, each with the title of its step."""
    rows = Import.objects.visible_to(user).exclude(imported_at=None).select_related("by")
    rows = list(rows.defer("content", "findings").order_by("-imported_at")[:8])
    for row in rows:
        row.title = steps.BY_NAME[row.step].title
    return rows


def _step(step, office) -> dict:
    standing = [(words, number) for words, number in step.standing(office) if number]
    return {"step": step, "standing": standing[:6], "url": reverse("opening_step", args=[step.name])}


@staff(roles=ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def office_page(request: HttpRequest) -> HttpResponse:
    """The subdistrict's own data."""
    office = request.user.office
    form = OfficeForm(
        request.POST or None, initial={name: getattr(office, name) for name in OfficeForm.base_fields}
    )
    status = 200 if not form.errors else 400
    if request.method == "POST" and form.is_valid():
        try:
            founding.revise(office, by=request.user, **form.cleaned_data)
            messages.success(request, "街道的资料改好了，改前改后都记在审计里。")
            return HttpResponseRedirect(reverse("opening_home"))
        except Refusal as refusal:
            form.add_error("code", refusal.message)
            status = refusal.status
    return render(request, "opening/office.html", {"form": form, "rail_current": RAIL}, status=status)


@staff(roles=ADMIN)
@require_safe
def checklist(request: HttpRequest) -> HttpResponse:
    """GET: what is still missing, to be printed."""
    rows = missing.look(request.user.office)
    context = {
        "office": request.user.office,
        "open": [row for row in rows if row["gap"]],
        "done": [row for row in rows if not row["gap"] and not row["waits"]],
        "waiting": [row for row in rows if row["waits"]],
        "at": clock.now(),
    }
    return render(request, "opening/checklist.html", context)


@staff(roles=ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def numbers_page(request: HttpRequest) -> HttpResponse:
    """The formats of numbers with the next number of each; 先看看 changes nothing."""
    office = request.user.office
    form = numbering.NumbersForm(request.POST or None, office=office)
    if request.method == "POST" and form.is_valid() and "try" not in request.POST:
        row = numbering.put_in_force(form, by=request.user)
        messages.success(
            request, f"新的编号格式从 {row.valid_from} 起用。" if row else "和现在的一样，没有改动。"
        )
        return HttpResponseRedirect(reverse("opening_numbers"))
    values = {name: form[name].value() or "" for name in form.fields}
    day = form.cleaned_data.get("valid_from") if form.is_bound and form.is_valid() else None
    context = {
        "form": form,
        "rail_current": RAIL,
        "rules": numbering.current(office),
        "kinds": [form[name] for name in form.fields if name.startswith("kind_")],
        "previews": numbering.previews(office, values, day if isinstance(day, date) else clock.today()),
        "tried": "try" in request.POST,
    }
    return render(request, "opening/numbers.html", context, status=400 if form.errors else 200)


urlpatterns = [
    path("opening/", home, name="opening_home"),
    path("opening/office/", office_page, name="opening_office"),
    path("opening/checklist/", checklist, name="opening_checklist"),
    path("opening/numbers/", numbers_page, name="opening_numbers"),
]
