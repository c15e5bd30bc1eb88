"""Chinese search without a search server: single characters and pairs in a tsvector made in Python."""

import re

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Q

_RUNS = re.compile(r"[a-z0-9]+|[\u3400-\u9fff\U00020000-\U0003134f]+", re.IGNORECASE)


def tokens(text: str) -> set[str]:
    """Words of Latin letters and digits, and every character and pair of characters of Chinese."""
    found = set()
    for run in _RUNS.findall(text.lower()):
        if run[0].isascii():
            found.add(run)
        else:
            found.update(run)
            found.update(run[i : i + 2] for i in range(len(run) - 1))
    return found


def index(case):
    """Fill the search document of `case` from what was said and where. The caller saves the row."""
    words = tokens(f"{case.number} {case.title} {case.description} {case.wants} {case.place}")
    quoted = " ".join("'" + word.replace("'", "''") + "'" for word in sorted(words))
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector::text", [quoted])
        case.words = cursor.fetchone()[0]


def matching(queryset, text: str):
    """`queryset` narrowed to rows that hold every run of `text` as it was typed, or its number."""
    text = text.strip()
    parts = [part for part in _RUNS.findall(text.lower()) if part]
    if not parts:
        return queryset.none()
    wanted = set()
    for part in parts:
        pairs = {part[i : i + 2] for i in range(len(part) - 1)} if not part[0].isascii() else {part}
        wanted |= pairs or {part}
    query = None
    for word in sorted(wanted):
        term = SearchQuery(word, config="simple", search_type="raw") if word.isalnum() else None
        query = term if query is None else query & term
    exact = Q()
    for part in parts:
        if len(part) > 2 and not part[0].isascii():
            exact &= (
                Q(title__contains=part)
                | Q(description__contains=part)
                | Q(wants__contains=part)
                | Q(place__contains=part)
            )
    return queryset.filter(Q(number=text) | (Q(words=query) & exact))
