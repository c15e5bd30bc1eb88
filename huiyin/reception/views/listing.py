"""The matters behind a number: one plain list for every sum of the room, in pages by keyset."""

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q

from huiyin.base.refusal import Refusal
from huiyin.cases.rows import prepared, rows_of
from huiyin.reception.views.frame import page
from huiyin.rules import clock

PAGE = 50


def matters(request, tab: str, title: str, queryset, *, back: str, note: str = ""):
    """A page of `queryset` (matters visible to the user), the latest first."""
    found, more = keyset(request, prepared(queryset), "registered_at")
    context = {"title": title, "rows": rows_of(found), "more": more, "back": back, "note": note}
    return page(request, "matters.html", tab, context)


def keyset(request, queryset, column: str) -> tuple[list, str]:
    """(one page falling by `column`, address of the next page or '')."""
    rows = queryset.order_by(f"-{column}", "-pk")
    if request.GET.get("after"):
        rows = rows.filter(_older(column, request.GET["after"]))
    found = list(rows[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    value = getattr(last, column)
    query = {**request.GET.dict(), "after": f"{value.isoformat()}~{last.pk}"}
    return found[:PAGE], "?" + urlencode(query)


def _older(column: str, cursor: str) -> Q:
    text, _, pk = cursor.partition("~")
    try:
        value = clock.local(text) if "T" in text else datetime.fromisoformat(text).date()
        return Q(**{f"{column}__lt": value}) | Q(**{column: value, "pk__lt": UUID(pk)})
    except ValueError as error:
        raise Refusal("翻页记号不对，请从第一页重新看。", status=400) from error
