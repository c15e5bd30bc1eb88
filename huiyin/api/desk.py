"""For staff: the list, one matter with the moves open to the caller, and the moves themselves."""

from urllib.parse import urlencode

from django.http import HttpRequest
from ninja import Query

from huiyin.api import answers as said
from huiyin.api.app import v1
from huiyin.api.bodies import ListQuery, answers
from huiyin.api.doors import token
from huiyin.api.fill import form_data
from huiyin.api.reading import parse_object
from huiyin.base.refusal import Refusal
from huiyin.cases import access, moving
from huiyin.cases.filters import COUNT_CAP, CaseFilter
from huiyin.cases.models import Case
from huiyin.cases.offers import offer_for

STAFF = {"tags": ["工作人员"], "auth": token}
MOVE_BODY = {
    "requestBody": {
        "content": {"application/json": {"schema": {"type": "object"}}},
        "description": "按 moves 里的 fields 填",
    }
}
MOVED = answers(200, dict, 400, 401, 403, 404, 409, 413, 422)


@v1.get(
    "/cases",
    response=answers(200, dict, 400, 401, 403, 422),
    **STAFF,
    operation_id="list_cases",
    summary="看得到的事项，按条件筛选，一页一页地取",
)
def list_cases(request: HttpRequest, query: Query[ListQuery]):
    unknown = [name for name in request.GET if name not in ListQuery.model_fields]
    if unknown:
        errors = dict.fromkeys(unknown, "没有这个条件")
        raise Refusal(f"没有这些筛选条件：{'、'.join(unknown)[:200]}。", status=400, errors=errors)
    asked = CaseFilter.from_query(request.GET)
    rows, cursor = asked.page(request.auth, query.limit)
    count = asked.count(request.auth)
    following = {**{name: value for name, value in request.GET.items() if value}, "cursor": cursor}
    return {
        "results": [said.row(case) for case in rows],
        "count": min(count, COUNT_CAP),
        "count_is_capped": count > COUNT_CAP,
        "cursor": cursor or None,
        "next": f"{said.PREFIX}?{urlencode(following)}" if cursor else None,
    }


@v1.get(
    "/cases/{number}",
    response=answers(200, dict, 401, 403, 404, 422),
    **STAFF,
    operation_id="get_case",
    summary="一件事的全部，以及您现在能做的动作 moves",
)
def get_case(request: HttpRequest, number: str):
    case = _visible(request, number)
    access.note_reading(case, request.auth, request)
    return said.whole(case, request.auth)


@v1.post(
    "/cases/{number}/{verb}",
    response=MOVED,
    **STAFF,
    operation_id="make_move",
    summary="做一个动作",
    openapi_extra=MOVE_BODY,
)
def make_move(request: HttpRequest, number: str, verb: str):
    return _move(request, number, verb, None)


@v1.post(
    "/cases/{number}/{verb}/{subject}",
    response=MOVED,
    **STAFF,
    operation_id="make_move_on",
    summary="对其中一项（某家单位、某份通知）做一个动作",
    openapi_extra=MOVE_BODY,
)
def make_move_on(request: HttpRequest, number: str, verb: str, subject: str):
    return _move(request, number, verb, subject)


def _move(request: HttpRequest, number: str, verb: str, subject: str | None) -> dict:
    """Door, state and role are checked before the fields, so that nobody learns fields that are not theirs."""
    case, user = _visible(request, number), request.auth
    offer = offer_for(case, user, verb, subject)
    if subject and offer.subject is None:
        raise Refusal(f"“{offer.label}”不用指明哪一项，地址到 {verb} 为止。", status=404)
    moving.check(case, offer.move, user, offer.subject)
    body = parse_object(request.body)
    offer.form(form_data(offer.form(), body)).perform()
    fresh = Case.objects.visible_to(user).filter(pk=case.pk).first()
    return said.whole(fresh, user) if fresh else said.gone(Case.objects.get(pk=case.pk))


def _visible(request: HttpRequest, number: str) -> Case:
    rows = Case.objects.visible_to(request.auth).select_related(
        "area", "office", "in_charge", "next_deadline", "merged_into"
    )
    case = None if "\x00" in number else rows.filter(number=number).first()
    if case is None:
        raise Refusal("没有这件事，或者您看不到它。请核对编号。", status=404)
    return case
