"""By a tracking code alone: find its matter, and what the person may do with it. For page and API."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.http import HttpRequest

from huiyin.base.ids import clean_tracking_code
from huiyin.base.refusal import Refusal
from huiyin.cases import allowance, joining
from huiyin.cases.models import Case, CaseParty
from huiyin.cases.moving import check
from huiyin.cases.states import State
from huiyin.cases.workflow import MOVES

WRONG = "没有查到这个查询码。请对着回执再看一遍：一共 9 位，字母和数字，没有字母 O、I 和数字 0、1。"
RATED = "这一次的答复您已经评过了，谢谢。没办好的话，可以重新打开。"
NOT_YOURS = "这件事是别人先说的，您是一同反映的，不能替他撤回。您不用再办了，打电话告诉我们就行。"
MOVED_ON = "这件事刚刚有了变化，这一步现在做不了，请看最新的进度。"
VERBS = ("urge", "supplement", "rate", "reopen", "withdraw")


@dataclass(frozen=True)
class Found:
    """A matter as reached by one code. `voice` tells the representatives' verdicts apart ('' is the first)."""

    case: Case
    code: str
    voice: str
    role: str = "raiser"

    @property
    def is_late_comer(self) -> bool:
        """They joined the matter of somebody else, whom they do not know."""
        return self.role == joining.JOINED

    @property
    def rating(self):
        """The verdict of this voice on this round, or None."""
        return self.case.ratings.filter(round=self.case.round, voice=self.voice).first()


def find(request: HttpRequest, text: str) -> Found | None:
    """The matter of a code as typed, or None. Wrong ones are counted; Refusal 429 after too many."""
    allowance.refuse_more(request, allowance.WRONG_CODE)
    found = look_up(text)
    if found is None:
        allowance.note(request, allowance.WRONG_CODE)
    return found


def find_or_refuse(request: HttpRequest, text: str) -> Found:
    found = find(request, text)
    if found is None:
        raise Refusal(WRONG, status=404)
    return found


def look_up(text: str) -> Found | None:
    """Without counting, for a code already known to be right."""
    code = clean_tracking_code(text[:40])
    if not code:
        return None
    rows = Case.objects.select_related("area", "office", "merged_into__office")
    case = rows.filter(tracking_code=code).first()
    if case:
        return Found(case, code, "")
    party = CaseParty.objects.filter(tracking_code=code).exclude(role="respondent").first()
    return Found(rows.get(pk=party.case_id), code, str(party.pk), party.role) if party else None


def photos_of(found: Found) -> list:
    """What the holder of this code gave: with the matter, for those who did not join later, or afterwards."""
    later = ("supplement", "urge")
    own = Q(event__verb__in=later, event__data__voice=found.voice)
    if not found.is_late_comer:
        own |= ~Q(event__verb__in=later)
    rows = found.case.attachments.filter(own, is_from_person=True)
    return list(rows.order_by("uploaded_at"))


def allowed(found: Found, rating=None) -> dict[str, bool]:
    """Verb → may the person do it now? `rating`: the verdict already given, when there is one."""
    may = {verb: _can(found.case, verb) and not _not_theirs(found, verb) for verb in VERBS}
    may["urge"] = may["urge"] and not joining.too_soon(found.case, found.voice)
    may["rate"] = may["rate"] and rating is None
    return may


def refusal(found: Found, verb: str) -> str:
    """Why the person may not do it now, or ''. In words of our own: those of the verb name staff."""
    if not _can(found.case, verb):
        return MOVED_ON
    if _not_theirs(found, verb):
        return NOT_YOURS
    if verb == "urge":
        return joining.too_soon(found.case, found.voice)
    return RATED if verb == "rate" and found.rating else ""


def do(found: Found, verb: str, **words):
    """Run one of the person's verbs. Raises Refusal 409 as `refusal` says, 400 for what was entered."""
    said = refusal(found, verb)
    if said:
        raise Refusal(said)
    if verb in ("rate", "urge", "supplement"):
        words["voice"] = found.voice
    try:
        getattr(found.case, verb)(by=None, **words)
    except Refusal as problem:
        if problem.status == 400:
            raise
        raise Refusal(refusal(look_up(found.code), verb) or MOVED_ON) from None


def _not_theirs(found: Found, verb: str) -> bool:
    return found.is_late_comer and verb in joining.JOINER_MAY_NOT


def _can(case, verb: str) -> bool:
    row = MOVES[verb]
    if case.state not in row.sources:
        return False
    try:
        check(case, row, None)
    except Refusal:
        return False
    return True


def rate_until(history) -> date | None:
    """The last day on which the verdict is waited for, as far as a rule sets one."""
    if history.case.state not in (State.ANSWERED, State.CLOSED):
        return None
    reading = history.reading("rate")
    return reading.due_on if reading and not reading.is_met else None
