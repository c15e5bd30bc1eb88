"""The frame of the room's pages: who may open what, tabs, one page of a list, links of sums."""

from urllib.parse import quote, urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from huiyin.base.ids import uuid7
from huiyin.base.refusal import Refusal
from huiyin.cases.workflow import CENTRE, CHIEF, UNIT
from huiyin.orgs.models import Role
from huiyin.sheets.template import XLSX

OVERSEE = CENTRE | CHIEF | {Role.SUPERVISOR}
READERS = OVERSEE | UNIT
CALLERS = CENTRE | {Role.SUPERVISOR}
PAGE = 50
TABS = (
    ("orders", "工单", "upstream_orders", READERS),
    ("imports", "导入", "upstream_imports", CENTRE),
    ("replies", "回复上级", "upstream_replies", CENTRE),
    ("calls", "回访台", "upstream_calls", CALLERS),
    ("rates", "三率", "upstream_rates", OVERSEE),
)


def page(request, template: str, tab: str, context: dict, status: int = 200):
    roles = request.user.roles
    tabs = [(label, reverse(name), code == tab) for code, label, name, may in TABS if roles & may]
    context = {"tabs": tabs, "rail_current": "upstream", **context}
    return render(request, f"upstream/{template}", context, status=status)


def keyset(request, rows) -> tuple[list, str]:
    """(one page, the newest first, address of the next page or ''); keys are made in order of time."""
    after = request.GET.get("after", "")
    if after:
        try:
            rows = rows.filter(pk__lt=UUID(after))
        except ValueError as error:
            raise Refusal("翻页记号不对，请从第一页重新看。", status=400) from error
    found = list(rows.order_by("-pk")[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    query = {**request.GET.dict(), "after": str(found[PAGE - 1].pk)}
    return found[:PAGE], "?" + urlencode(query)


def link(name: str, period=None, **query) -> str:
    """Address of the records behind a number."""
    parts = [period.query] if period else []
    parts += [urlencode({key: value for key, value in query.items() if value != ""})]
    return f"{reverse(name)}?{'&'.join(part for part in parts if part)}"


def fresh_key(request) -> str:
    """The key of an empty form: sent twice, it makes one record."""
    return request.POST.get("key", "")[:60] or str(uuid7())


def table_file(raw: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(raw, content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "no-store"
    return answer
