"""隐患: the register by grade, by who found it and by where it stands; what is stopped, what was referred."""

from django.db.models import Exists, OuterRef, Q
from django.urls import path
from django.views.decorators.http import require_safe

from huiyin.cases.models import Case
from huiyin.cases.rows import prepared, rows_of
from huiyin.cases.states import OPEN, State
from huiyin.rectification import hazards
from huiyin.rectification.models import EnforcementReferral, StopOrder
from huiyin.rectification.views.frame import READERS, chips, keyset, page
from huiyin.rules import clock
from huiyin.shell.access import staff

GRADES = [("", "全部"), ("major", "重大"), ("minor", "一般"), ("none", "没定级")]
SIDES = [("", "不论谁查出"), ("government", "政府检查"), ("own", "单位自查"), ("public", "群众反映")]
VIEWS = {
    "open": ("没销号", lambda: Q(state__in=sorted(OPEN))),
    "late": ("超期", lambda: Q(state__in=sorted(OPEN), due_at__lt=clock.now(), paused_at=None)),
    "stopped": (
        "停着的",
        lambda: Q(Exists(StopOrder.objects.filter(case_id=OuterRef("pk"), lifted_at=None))),
    ),
    "referred": ("移送执法", lambda: Q(Exists(EnforcementReferral.objects.filter(case_id=OuterRef("pk"))))),
    "relapsed": ("反弹过", lambda: Q(look_backs__result="relapsed")),
    "closed": ("已销号", lambda: Q(state=State.CLOSED)),
}


@staff(roles=READERS)
@require_safe
def register(request):
    """GET: hazards that the user may read."""
    view, grade, side = (request.GET.get(name, "")[:20] for name in ("view", "grade", "side"))
    view = view if view in VIEWS else "open"
    rows = Case.objects.visible_to(request.user).filter(VIEWS[view][1](), kind="hazard")
    rows = rows.distinct() if view == "relapsed" else rows
    if grade in ("major", "minor"):
        rows = rows.filter(particulars__grade=grade)
    elif grade == "none":
        rows = rows.exclude(particulars__has_key="grade")
    if side in dict(SIDES):
        rows = rows.filter(particulars__side=side) if side else rows
    found, more = keyset(request, prepared(rows), "registered_at")
    shown = rows_of(found)
    for row in shown:
        row.grade = hazards.grade_name(row.case)
        row.is_major = row.case.particulars.get("grade") == hazards.MAJOR
    kept = {"view": view, "grade": grade, "side": side}
    context = {
        "rows": shown,
        "more": more,
        "views": chips(
            "desk_hazards", [(c, n) for c, (n, _) in VIEWS.items()], view, "view", **_without(kept, "view")
        ),
        "grades": chips("desk_hazards", GRADES, grade, "grade", **_without(kept, "grade")),
        "sides": chips("desk_hazards", SIDES, side, "side", **_without(kept, "side")),
    }
    return page(request, "hazards.html", "hazards", context)


def _without(kept: dict, name: str) -> dict:
    return {key: value for key, value in kept.items() if key != name}


urlpatterns = [path("rectification/hazards/", register, name="desk_hazards")]
