"""The work list: views, filters, keyset pages, side preview; the same filter as the API."""

from urllib.parse import quote, urlencode

from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from huiyin.areas.models import Area
from huiyin.cases import categories, procedures
from huiyin.cases.filters import SORTS, VIEWS, CaseFilter
from huiyin.cases.rows import grouped, prepared, rows_of
from huiyin.cases.states import Channel, State
from huiyin.orgs.models import Organisation
from huiyin.shell.access import staff

NAMES = {
    "state": "状态", "kind": "种类", "channel": "渠道", "category": "分类", "area": "片区", "unit": "承办单位",
    "q": "搜索", "key": "重点", "group": "集体", "since": "登记自", "until": "登记至",
}  # fmt: skip
COUNTED = ("open", "mine", "received", "accepted", "late", "returned", "reported", "verified")


@staff
@require_safe
def case_list(request):
    """GET: one page of the list. For htmx with a cursor: only the further rows."""
    chosen = CaseFilter.from_query(request.GET)
    cases, cursor = chosen.page(request.user, narrow=prepared)
    rows = rows_of(cases)
    context = {
        "filter": chosen,
        "groups": grouped(rows) if chosen.sort == "due" and chosen.view != "ended" else [("", "", rows)],
        "more": _address(request, cursor=cursor) if cursor else "",
        "from": quote(request.GET.urlencode(), safe=""),
    }
    if request.htmx and chosen.cursor:
        return render(request, "cases/parts/list_rows.html", context)
    counts = CaseFilter.counts(request.user, COUNTED)
    is_plain_tab = chosen.view in counts and not chosen.chips()
    context |= {
        "total": counts[chosen.view] if is_plain_tab else chosen.count(request.user),
        "tabs": _tabs(chosen, counts),
        "chips": [_chip(request, name, value) for name, value in chosen.chips()],
        "choices": _choices(chosen, request.user.office),
        "sorts": [(code, label, _address(request, sort=code)) for code, (label, *_) in SORTS.items()],
        "preview": rows[0].case if rows else None,
    }
    return render(request, "cases/list.html", context)


def _address(request, **changes) -> str:
    """This list with some fields changed; an empty value drops the field. Any change starts at page one."""
    fields = {name: value for name, value in request.GET.items() if value and name != "cursor"} | changes
    return "?" + urlencode({name: value for name, value in fields.items() if value})


def _tabs(chosen, counts: dict) -> list[dict]:
    current = "" if chosen.state or chosen.q else chosen.view
    return [
        {
            "label": label,
            "url": f"?view={code}",
            "count": counts.get(code),
            "here": code == current,
            "code": code,
        }
        for code, label in VIEWS.items()
    ]


def _chip(request, name: str, value: str) -> dict:
    return {
        "name": NAMES[name],
        "value": _shown(request.user.office, name, value),
        "without": _address(request, **{name: ""}),
    }


def _shown(office, name: str, value: str) -> str:
    """A filter's value as people say it."""
    if name == "state":
        return State(value).label
    if name == "channel":
        return Channel(value).label
    if name == "kind":
        return procedures.kinds(office).get(value, value)
    if name == "category":
        return categories.path_name(office, value)
    if name in ("area", "unit"):
        model = Area if name == "area" else Organisation
        found = model.objects.filter(code=value).first()
        return str(found) if found else value
    return "是" if name in ("key", "group") else value


def _choices(chosen, office) -> list[tuple]:
    """(field, label, options) of the filter's lists; grids stand indented under their community."""
    areas = Area.objects.valid().filter(office=office, kind__in=["community", "grid"]).order_by("code")
    units = Organisation.objects.handling().filter(office=office).order_by("code")
    tree = categories.table(office).values()
    lists = {
        "state": State.choices,
        "kind": procedures.kinds(office).items(),
        "channel": Channel.choices,
        "category": [(row["code"], " › ".join(row["path"])) for row in tree if len(row["path"]) <= 2],
        "area": [
            (row.code, ("　" if row.kind == "grid" else "") + row.name)
            for row in areas.only("code", "name", "kind", "office")
        ],
        "unit": units.values_list("code", "short_name"),
    }
    return [(name, NAMES[name], _options(pairs, getattr(chosen, name))) for name, pairs in lists.items()]


def _options(pairs, current: str) -> list[dict]:
    return [{"value": value, "label": label, "here": value == current} for value, label in pairs]


urlpatterns = [path("cases/", case_list, name="desk_list")]
