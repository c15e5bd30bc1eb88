"""The frame of the room's pages: tabs of what this post may open, one way for every form, pages by keyset."""

from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from huiyin.base.refusal import Refusal
from huiyin.cases.workflow import CENTRE, CHIEF, UNIT
from huiyin.orgs.models import Role
from huiyin.rectification.models import MAY_READ_DECISIONS
from huiyin.rules import clock

PAGE = 50
READERS = frozenset(str(role) for role in (CENTRE | CHIEF | UNIT | {Role.SUPERVISOR, Role.GRID_WORKER}))
SCREENERS = READERS
WRITERS = frozenset(str(role) for role in (CENTRE | CHIEF | {Role.UNIT_HEAD, Role.SUPERVISOR}))
LEADERS = frozenset(str(role) for role in CHIEF)
DUTY_READERS = frozenset(str(role) for role in (CENTRE | CHIEF | {Role.SUPERVISOR} | MAY_READ_DECISIONS))
TABS = (
    ("plans", "方案措施", "desk_plans", READERS),
    ("specifics", "任务清单", "desk_specifics", READERS),
    ("hazards", "隐患", "desk_hazards", READERS),
    ("screenings", "隐患排查", "desk_hazard_screenings", READERS),
    ("look_backs", "回头看", "desk_look_backs", READERS),
    ("work", "工作方案", "desk_work_plans", READERS),
    ("duties", "一岗双责", "desk_duties", DUTY_READERS),
)


def page(request, template: str, tab: str, context: dict, status: int = 200):
    roles = request.user.roles
    tabs = [(label, reverse(name), code == tab) for code, label, name, allowed in TABS if roles & allowed]
    context = {"tabs": tabs, "rail_current": "rectification", "today": clock.today(), **context}
    return render(request, f"rectification/{template}", context, status=status)


def may_enter(user) -> bool:
    return bool(getattr(user, "roles", frozenset()) & (READERS | DUTY_READERS))


def act(request, form, doing, said: str, goal, again):
    """`doing(**cleaned)` → redirect to `goal` (address, or made from what came back); otherwise `again(form, status)`."""
    status = 400
    if form.is_valid():
        try:
            made = doing(**form.cleaned_data)
            messages.success(request, said)
            return HttpResponseRedirect(goal(made) if callable(goal) else goal)
        except Refusal as refusal:
            put(form, refusal)
            status = refusal.status
    return again(form, status)


def put(form, refusal: Refusal):
    """A refusal's words into the form, by field where it names one."""
    named = {name: words for name, words in (refusal.errors or {}).items() if name in form.fields}
    for name, words in named.items():
        form.add_error(name, words)
    form.add_error(None, refusal.message)


def keyset(request, rows, column: str, *, falling: bool = True) -> tuple[list, str]:
    """(one page by `column`, address of the next page or '')."""
    sign = "-" if falling else ""
    rows = rows.order_by(f"{sign}{column}", f"{sign}pk")
    if request.GET.get("after"):
        rows = rows.filter(_beyond(column, request.GET["after"], "lt" if falling else "gt"))
    found = list(rows[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    query = {**request.GET.dict(), "after": f"{getattr(last, column).isoformat()}~{last.pk}"}
    return found[:PAGE], "?" + urlencode(query)


def _beyond(column: str, cursor: str, side: str) -> Q:
    text, _, pk = cursor.partition("~")
    try:
        value = clock.local(text) if "T" in text else date.fromisoformat(text)
        return Q(**{f"{column}__{side}": value}) | Q(**{column: value, f"pk__{side}": UUID(pk)})
    except ValueError as error:
        raise Refusal("翻页记号不对，请从第一页重新看。", status=400) from error


def chips(name: str, rows, current: str, key: str, **kept) -> list[tuple]:
    """[(label, address, is current)] of a row of choices."""
    kept = {word: value for word, value in kept.items() if value}
    return [
        (label, f"{reverse(name)}?{urlencode({**kept, **({key: code} if code else {})})}", code == current)
        for code, label in rows
    ]
