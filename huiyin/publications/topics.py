"""What many people speak of now, in numbers too large to point at anybody, and what was done about it."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Q

from huiyin.areas.models import Area, AreaKind
from huiyin.cases import categories
from huiyin.cases.models import Case
from huiyin.cases.states import State
from huiyin.publications.models import PublicationState, PublishedAnswer, TopicNote
from huiyin.publications.record import rules
from huiyin.rules import clock

MOST = 8
DEPTH = 4  # a topic is a category of the middle level: two digits each
MOST_CELLS = 5000
MOST_ANSWERS = 3


@dataclass
class Topic:
    """`count` matters in the last `days`; `before` in as many days before, None when too few to tell.

    `communities` names only those with enough matters of their own, without numbers.
    """

    code: str
    name: str
    above: str
    count: int
    before: int | None
    days: int
    communities: list[str] = field(default_factory=list)
    notes: list = field(default_factory=list)
    answers: list = field(default_factory=list)

    @property
    def change(self) -> str:
        if self.before is None:
            return f"前 {self.days} 天很少有人说"
        more = self.count - self.before
        if not more:
            return f"和前 {self.days} 天一样多"
        return f"比前 {self.days} 天{'多' if more > 0 else '少'} {abs(more)} 件"

    @property
    def is_rising(self) -> bool:
        return self.before is None or self.count > self.before


def hot(office, most: int = MOST, topics: list[Topic] | None = None) -> list[Topic]:
    """The topics with the most matters in the last days, each with what was done about it.

    `topics`: what `counted` gave a while ago; what was done is always looked up anew.
    """
    found = (counted(office) if topics is None else topics)[:most]
    _tell_what_was_done(office, found)
    return found


def counted(office) -> list[Topic]:
    """All topics large enough to be told, the largest first, among equals the one that rises fastest.

    Restricted matters and what the rules keep from the public do not count; a topic with fewer than the
    smallest cell of matters is not shown, so that nobody can be picked out.
    """
    content, now = rules(office), clock.now()
    days, least = content["topic_days"], content["smallest_cell"]
    counts, before, places = _count(office, content, now, timedelta(days=days))
    table = categories.table(office)
    found = [
        Topic(
            code=code,
            name=table[code]["name"],
            above=table[code]["path"][0],
            count=number,
            before=before[code] if before[code] >= least else None,
            days=days,
            communities=sorted(name for name, part in places[code].items() if part >= least),
        )
        for code, number in counts.items()
        if number >= least and code in table
    ]
    return sorted(found, key=lambda topic: (-topic.count, topic.before or 0, topic.code))


def _count(office, content, now, span) -> tuple[Counter, Counter, dict]:
    rows = Case.objects.filter(
        office=office,
        registered_at__gte=now - 2 * span,
        registered_at__lte=now,
        is_restricted=False,
        kind__in=content["kinds"],
    ).exclude(Q(state=State.VOID) | Q(category=""))
    for start in content["categories_never"]:
        rows = rows.exclude(category__startswith=start)
    recent = Q(registered_at__gt=now - span)
    cells = (
        rows.order_by()
        .values_list("category", "area")
        .annotate(now=Count("pk", recent), before=Count("pk", ~recent))
    )
    cells = list(cells[:MOST_CELLS])
    names = _communities({area for _, area, *_ in cells})
    counts, before, places = Counter(), Counter(), defaultdict(Counter)
    for category, area, number, earlier in cells:
        code = category[:DEPTH]
        counts[code] += number
        before[code] += earlier
        if area in names:
            places[code][names[area]] += number
    return counts, before, places


def _communities(areas: set) -> dict:
    """Area id → name of its community."""
    rows = dict(Area.objects.filter(pk__in=areas).values_list("pk", "ancestors"))
    above = {pk for pk in areas} | {one for path in rows.values() for one in path}
    names = dict(Area.objects.filter(pk__in=above, kind=AreaKind.COMMUNITY).values_list("pk", "name"))
    return {pk: names[one] for pk, path in rows.items() for one in (*path, pk) if one in names}


def _tell_what_was_done(office, topics: list[Topic]):
    by_code = {topic.code: topic for topic in topics}
    if not by_code:
        return
    wanted = Q()
    for code in by_code:
        wanted |= Q(category__startswith=code)
    answers = PublishedAnswer.objects.public(office).filter(wanted).defer("words", "said", "answer")
    for row in answers.order_by("-finished_on", "-pk")[: 20 * len(by_code)]:
        told = by_code[row.category[:DEPTH]].answers
        if len(told) < MOST_ANSWERS:
            told.append(row)
    notes = TopicNote.objects.filter(wanted, office=office, state=PublicationState.PUBLISHED)
    notes = notes.select_related("community").defer("community__boundary").order_by("-published_at")
    seen = set()
    for row in notes[:100]:
        key = (row.category[:DEPTH], row.community_id)
        if key not in seen:
            seen.add(key)
            by_code[key[0]].notes.append(row)
