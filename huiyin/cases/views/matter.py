"""The page of one matter, and its preview beside the list."""

from datetime import datetime, time, timedelta

from django.http import Http404
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases import access, beside, categories, duties, early_signs, particulars, procedures, record
from huiyin.cases.evidence import evidence_of
from huiyin.cases.joining import JOINED
from huiyin.cases.models import Case, EarlySign
from huiyin.cases.neighbours import neighbours
from huiyin.cases.panel import panel_of
from huiyin.cases.sketch import sketch_of
from huiyin.cases.standing import standing_of
from huiyin.cases.states import Act
from huiyin.cases.timeline import day_count, story_of
from huiyin.orgs.models import Post, Role
from huiyin.rules import clock
from huiyin.shell.access import staff

ROLES = ("raiser", "representative", JOINED, "respondent")
PURPOSES = ("电话联系", "上门走访", "书面送达", "核对身份")


def visible(user, number: str) -> Case:
    """The matter of this number if `user` may read it, with its whole record; 404 otherwise."""
    rows = Case.objects.visible_to(user).filter(number=number)
    rows = rows.select_related("area__parent", "office", "in_charge", "received_by", "merged_into")
    case = rows.defer("area__parent__boundary", "words").first()
    if case is None:
        raise Http404("没有这件事，或者您看不到它。")
    return record.load(case)


@staff
@require_safe
def case_page(request, number):
    """GET: everything about one matter. `at` = a day: the limits as of then; `from` = the list one came from."""
    case = visible(request.user, number)
    access.note_reading(case, request.user, request)
    at = moment_of(request.GET.get("at", ""))
    context = {
        **page_context(case, request.user),
        "at": at,
        "standing": standing_of(case, at),
        "story": story_of(
            case, only_told=request.GET.get("only") == "told", rows=beside.story_rows(case, request.user)
        ),
        "only_told": request.GET.get("only") == "told",
        "saying": "tell" if request.GET.get("say") == "tell" else "record",
        "beside": neighbours(case, request.user, request.GET.get("from")),
        "parts": beside.MATTER.parts(case, request.user),
        "rail_current": "cases",
    }
    return render(request, "cases/case.html", context)


def page_context(case, user) -> dict:
    five = evidence_of(case)
    parties = sorted(case.parties.select_related("party"), key=lambda row: (ROLES.index(row.role), row.pk))
    return {
        "case": case,
        "panel": panel_of(case, user),
        "five": five,
        "five_there": sum(item.is_there for item in five),
        "five_asked": sum(item.applies for item in five),
        "sign": sign_of(case),
        "day": day_count(case),
        "kind_name": procedures.kind_name(case),
        "particulars": particulars.shown(case),
        "category": categories.path_name(case.office, case.category),
        "duty": duty_of(case),
        "parties": parties,
        "joined": sum(row.role == JOINED for row in parties),
        "may_reveal": access.may_contact(case, user),
        "purposes": PURPOSES,
        "worker": worker_of(case),
        "sketch": sketch_of(case),
        "sources": record.rows(case, "sources"),
        "merged": merged_into(case, user),
        "acts": Act.choices,
    }


@staff
@require_safe
def preview(request, number):
    """GET: the matter in short; for htmx the part alone, else a page of its own."""
    case = visible(request.user, number)
    access.note_reading(case, request.user, request)
    five = evidence_of(case)
    context = {
        "case": case,
        "panel": panel_of(case, request.user),
        "standing": standing_of(case),
        "latest": story_of(case).entries[:2],
        "missing": [item for item in five if item.applies and not item.is_there],
        "whole": not request.htmx,
    }
    return render(request, "cases/parts/peek.html" if request.htmx else "cases/preview.html", context)


def moment_of(text: str) -> datetime | None:
    """The end of a day written 2026-11-01; None for today and for nothing. Refused when it is no day."""
    if not text:
        return None
    try:
        day = clock.local(text).date()
    except ValueError as error:
        raise Refusal("日期要写成 2026-11-01。", status=400) from error
    if day >= clock.today():
        return None
    return clock.local(datetime.combine(day + timedelta(days=1), time())) - timedelta(microseconds=1)


def duty_of(case) -> tuple[str, str]:
    """(where it stands, what it says) of the clause by which the lead unit handles this; empty without one."""
    lead = case.lead
    text = lead.duty_item if lead else ""
    if not text:
        row = categories.table(case.office).get(case.category) or {}
        clause = duties.clauses(case.office).get(row.get("clause", ""))
        text = duties.wording(clause) if clause else ""
    title, _, words = text.partition("：")
    return title, words


def sign_of(case):
    """Of an early sign (苗头性问题): its level in words and the next contact; None for other kinds."""
    levels = early_signs.levels_of(case)
    if not levels:
        return None
    sign = EarlySign.objects.filter(case=case).first()
    if sign:
        sign.level_name = early_signs.level_of(case, sign.level)["name"]
        sign.is_missed = sign.next_on < clock.today()
    return sign


def merged_into(case, user) -> list[Case]:
    """Matters that were joined to this one, as far as `user` may read them."""
    if not any(event.verb == "receive_merged" for event in record.rows(case, "events")):
        return []
    rows = Case.objects.visible_to(user).filter(merged_into=case)
    return list(rows.only("number").order_by("number"))


def worker_of(case):
    """The post of the grid's worker today, if the matter lies in a grid."""
    posts = Post.objects.current().filter(area_id=case.area_id, role=Role.GRID_WORKER)
    return posts.select_related("user").first()


urlpatterns = [
    path("cases/<str:number>/", case_page, name="desk_case"),
    path("cases/<str:number>/preview/", preview, name="desk_preview"),
]
