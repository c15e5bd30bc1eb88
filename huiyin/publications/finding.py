"""What everybody may read, by words, kind of thing and community, a page at a time; and how much there is."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Q

from huiyin.base.refusal import Refusal
from huiyin.cases.models import Case
from huiyin.cases.search import tokens
from huiyin.cases.states import State
from huiyin.publications.models import PublishedAnswer
from huiyin.rules import clock

PAGE = 20
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Wanted:
    """What a reader asked for. `category` is the beginning of a code, `community` an area's code."""

    q: str = ""
    category: str = ""
    community: str = ""
    after: str = ""

    @classmethod
    def read(cls, data) -> "Wanted":
        return cls(
            **{name: data.get(name, "").replace("\x00", "").strip()[:60] for name in cls.__annotations__}
        )

    @property
    def is_narrow(self) -> bool:
        return bool(self.q or self.category or self.community)


def document(text: str) -> str:
    """The search document of a text, as PostgreSQL writes it."""
    quoted = " ".join("'" + word.replace("'", "''") + "'" for word in sorted(tokens(text)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector::text", [quoted])
        return cursor.fetchone()[0]


def page(office, wanted: Wanted, most: int = PAGE) -> tuple[list[PublishedAnswer], str]:
    """One page of what is public, the newest first, and the cursor of the next ('' at the end)."""
    rows = (
        PublishedAnswer.objects.public(office)
        .select_related("community")
        .defer("community__boundary", "words", "said", "answer")
    )
    if wanted.category:
        rows = rows.filter(category__startswith=wanted.category)
    if wanted.community:
        rows = rows.filter(community__code=wanted.community)
    if wanted.q:
        rows = _matching(rows, wanted.q)
    if wanted.after:
        day, pk = _decode(wanted.after)
        rows = rows.filter(Q(finished_on__lt=day) | Q(finished_on=day, pk__lt=pk))
    found = list(rows.order_by("-finished_on", "-pk")[: most + 1])
    last = found[most - 1] if len(found) > most else None
    return found[:most], f"{last.finished_on}~{last.pk}" if last else ""


def _matching(rows, text: str):
    words = {word for word in tokens(text) if len(word) > 1 or word.isascii()} or tokens(text)
    if not words:
        return rows.none()
    query = None
    for word in sorted(words)[:40]:
        term = SearchQuery(word, config="simple", search_type="raw")
        query = term if query is None else query & term
    return rows.filter(words=query)


def _decode(cursor: str):
    try:
        day, _, pk = cursor.partition("~")
        return date.fromisoformat(day), UUID(pk)
    except ValueError as error:
        raise Refusal("翻页记号不对，请从第一页重新看。", status=400) from error


def figures(office) -> dict[str, int]:
    """Of the matters registered in the last 365 days, mistaken entries left out: said, answered; and published now."""
    year = Case.objects.filter(office=office, registered_at__gte=clock.now() - YEAR).exclude(state=State.VOID)
    return {
        "said": year.count(),
        "answered": year.filter(answered_at__isnull=False).count(),
        "published": PublishedAnswer.objects.public(office)
        .filter(finished_on__gte=clock.today() - YEAR)
        .count(),
    }
