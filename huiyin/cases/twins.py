"""Is it the same thing again? Words, sort, place, person and time, weighed openly; the reasons are shown.

Only matters that the asking user may read are compared; what cannot be read gives no hint. Open matters of the
last year and those that ended within sixty days count. However many matters there are: three queries over at
most 4 × CANDIDATES rows found by index.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from huiyin.areas.models import AreaKind
from huiyin.base.crypto import blind_index
from huiyin.cases import twin_words
from huiyin.cases.models import Case, CaseParty
from huiyin.cases.states import OPEN, State
from huiyin.people.models import Party
from huiyin.rules import clock

OPEN_DAYS, ENDED_DAYS = 365, 60
CANDIDATES = 150
SHOWN = 5
SAME_PLACE, SAME_HOME, SAME_SORT, SIMILAR_WORDS, SAME_PERSON = (
    "同一处",
    "同小区",
    "同一类",
    "话相近",
    "同一人",
)

# Weights and the bar, chosen on half a of tests/cases/twins.yaml; half b was only measured.
WORDS, SORT, NEAR_SORT, OTHER_SORT = 4.0, 1.6, 0.4, -0.5
PLACE, HOME, ELSEWHERE = 1.6, 0.9, -3.0
PERSON = 0.8
LEAST_WORDS = 0.08
WORDS_SHOWN = 0.16
NAME = 3  # characters in a row that two spellings of one place share
BAR = 2.7


@dataclass
class Twin:
    """A matter that may be the same one, with the reasons in words."""

    case: Case
    score: float
    reasons: list[str]
    is_same_person: bool = False


@dataclass
class _Told:
    """What is being registered, taken apart once."""

    words: dict[str, float]
    home: str
    house: str
    text: str
    category: str


def likely(user, *, text: str, area=None, place: str = "", category: str = "", phone: str = "") -> list[Twin]:
    """The likeliest twins of what is being registered, the best first, at most SHOWN."""
    office = user.office
    features = twin_words.features(office, text)
    if not features:
        return []
    weigh = twin_words.rarity(office)
    home, house = twin_words.house_of(place)
    told = _Told(weigh.weigh(features), home, house, twin_words.plain(f"{place} {text}"), category)
    index = blind_index(phone, "phone")
    cases = _candidates(user, area, category, weigh.rarest(features, 5), index)
    persons = _with_phone(cases, index)
    found = [_compare(case, told, weigh, case.pk in persons) for case in cases]
    twins = [twin for twin in found if twin]
    return sorted(twins, key=lambda twin: (-twin.score, not twin.case.is_open, -_age(twin.case)))[:SHOWN]


def _candidates(user, area, category, rare: list[str], phone_index: str) -> list[Case]:
    """Newest of the same grid, of the same sort, with two of the rare words, of the same telephone. Two queries."""
    now = clock.now()
    rows = Case.objects.visible_to(user).filter(
        Q(state__in=OPEN) | Q(ended_at__gte=now - timedelta(days=ENDED_DAYS)),
        office=user.office,
        registered_at__gte=now - timedelta(days=OPEN_DAYS),
    )
    rows = rows.exclude(state__in=[State.MERGED, State.VOID]).order_by("-registered_at")
    parts = []
    if area is not None and area.kind == AreaKind.GRID:
        parts.append(rows.filter(area=area))
    if category:
        parts.append(rows.filter(category=category))
    if len(rare) > 1:
        query = None
        for pair in combinations(rare, 2):
            both = _raw(pair[0]) & _raw(pair[1])
            query = both if query is None else query | both
        parts.append(rows.filter(words=query))
    if phone_index:
        told = CaseParty.objects.filter(office=user.office, party__phone_index=phone_index)
        parts.append(rows.filter(pk__in=told.values("case_id")[:CANDIDATES]))
    if not parts:
        return []
    ids = [part.values_list("pk", flat=True)[:CANDIDATES] for part in parts]
    keys = set(ids[0].union(*ids[1:]) if len(ids) > 1 else ids[0])
    return list(Case.objects.filter(pk__in=keys).select_related("area").defer("words", "area__boundary"))


def _raw(word: str) -> SearchQuery:
    return SearchQuery(word, config="simple", search_type="raw")


def _with_phone(cases, phone_index: str) -> set:
    if not phone_index or not cases:
        return set()
    rows = CaseParty.objects.filter(case__in=[case.pk for case in cases], party__phone_index=phone_index)
    return set(rows.exclude(role="respondent").values_list("case_id", flat=True))


def _compare(case, told: _Told, weigh, is_same_person: bool) -> Twin | None:
    theirs = weigh.weigh(twin_words.features(case.office_id, f"{case.title} {case.description}"))
    alike = twin_words.likeness(told.words, theirs)
    sort, reasons = _sort(case.category, told.category)
    where, more = _place(case.place, told)
    reasons = [*more, *reasons]
    score = WORDS * alike + sort + where + PERSON * is_same_person
    if alike >= WORDS_SHOWN:
        reasons.append(SIMILAR_WORDS)
    if is_same_person:
        reasons.append(SAME_PERSON)
    least = 0.0 if SAME_PLACE in reasons and SAME_SORT in reasons and told.house else LEAST_WORDS
    return Twin(case, score, reasons, is_same_person) if score >= BAR and alike >= least else None


def _sort(theirs: str, ours: str) -> tuple[float, list[str]]:
    if not theirs or not ours:
        return 0.0, []
    if theirs == ours:
        return SORT, [SAME_SORT]
    return (NEAR_SORT if theirs[:4] == ours[:4] else OTHER_SORT), []


def _place(place: str, told: _Told) -> tuple[float, list[str]]:
    """Same door, same compound, somewhere else, or nothing said of it."""
    home, house = twin_words.house_of(place)
    if not home or not (told.home or told.text):
        return 0.0, []
    is_home = _is_home(home, told)
    if not is_home:
        return (ELSEWHERE, []) if told.home else (0.0, [])
    if house and told.house and told.home and house != told.house:
        return ELSEWHERE, []
    if house == told.house:
        return PLACE, [SAME_PLACE]
    return HOME, [SAME_HOME]


def _is_home(home: str, told: _Told) -> bool:
    """柳湾里 and 柳湾里小区, 纺织机械厂宿舍 and 纺机宿舍: one name in the other, or its characters in order."""
    if not told.home:
        return home in told.text
    short, long = sorted((home, told.home), key=len)
    if short in long or home in told.text:
        return True
    if any(short[at : at + NAME] in long for at in range(len(short) - NAME + 1)):
        return True
    rest = iter(long)
    return len(short) >= 4 and short[0] == long[0] and all(char in rest for char in short)


def _age(case) -> float:
    return case.registered_at.timestamp()


def of_phone(user, phone: str) -> list[Case]:
    """Earlier matters raised from this telephone, as far as the user may read them."""
    parties = list(Party.objects.with_phone(user.office, phone).values_list("pk", flat=True)[:50])
    if not parties:
        return []
    rows = Case.objects.visible_to(user).filter(office=user.office, parties__party_id__in=parties)
    return list(rows.exclude(state=State.VOID).distinct().order_by("-registered_at")[:6])


def at_place(user, area, place: str) -> list[Case]:
    """Matters of the past year at this place, the newest first (at most 30)."""
    name = place.strip()
    if area is None or len(name) < 2:
        return []
    rows = Case.objects.visible_to(user).filter(
        Q(place__startswith=name) | Q(place__startswith="".join(name.split())),
        office=user.office,
        area=area,
        registered_at__gte=clock.now() - timedelta(days=365),
    )
    return list(rows.exclude(state=State.VOID).order_by("-registered_at")[:30])
