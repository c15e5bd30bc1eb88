"""From a tracking code to its matter; wrong codes are counted, so that nobody can try them all."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import Http404, HttpRequest
from django.utils.crypto import salted_hmac

from huiyin.base.ids import clean_tracking_code
from huiyin.base.refusal import Refusal
from huiyin.cases.models import Case, CaseParty
from huiyin.portal import office as offices
from huiyin.portal.models import WrongCode
from huiyin.rules import clock

MOST_WRONG = 30
SPAN = timedelta(hours=1)


@dataclass(frozen=True)
class Found:
    """A matter as reached by one code. `voice` tells the representatives' verdicts apart."""

    case: Case
    code: str
    voice: str


def find(request: HttpRequest, text: str) -> Found | None:
    """The matter of a code as typed, or None. Raises Refusal 429 after too many wrong ones."""
    office = offices.current(request)
    source = _digest(request)
    code = clean_tracking_code(text)
    wrong = WrongCode.objects.filter(office=office, source=source)
    if wrong.filter(at__gt=clock.now() - SPAN)[:MOST_WRONG].count() >= MOST_WRONG:
        raise Refusal(
            f"这里一小时内输错太多次，先停一停，过一会儿再查；急事请打 {office.phone}。", status=429
        )
    found = _look_up(office, code) if code else None
    if found is None:
        WrongCode.objects.filter(at__lt=clock.now() - SPAN).delete()
        wrong.create(office=office, source=source, at=clock.now())
    return found


def find_or_404(request: HttpRequest, text: str) -> Found:
    found = find(request, text)
    if found is None:
        raise Http404("没有这个查询码")
    return found


def _look_up(office, code: str) -> Found | None:
    rows = Case.objects.filter(office=office).select_related("area", "office", "merged_into__office")
    case = rows.filter(tracking_code=code).first()
    if case:
        return Found(case, code, "")
    party = CaseParty.objects.filter(office=office, tracking_code=code).exclude(role="respondent").first()
    return Found(rows.get(pk=party.case_id), code, str(party.pk)) if party else None


def _digest(request: HttpRequest) -> str:
    return salted_hmac(
        "huiyin.portal.codes", request.META.get("REMOTE_ADDR", ""), algorithm="sha256"
    ).hexdigest()
