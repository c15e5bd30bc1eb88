"""The matters before and after one in the list that the user came from: for J and K."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from huiyin.base.refusal import Refusal
from huiyin.cases.filters import SORTS, VIEWS, CaseFilter


@dataclass
class Neighbours:
    """`query`: the list's own query string as it stood in its address; None when one came from elsewhere."""

    query: str | None = None
    name: str = ""
    previous: str = ""
    following: str = ""

    @property
    def tail(self) -> str:
        """What keeps the list in the addresses of this page: '?from=…'."""
        return "" if self.query is None else "?" + urlencode({"from": self.query})


def neighbours(case, user, query: str | None) -> Neighbours:
    """Numbers before and after `case`; empty at the ends, without a list, or when it is no longer valid."""
    if query is None:
        return Neighbours()
    try:
        chosen = CaseFilter.from_query(QueryDict(query))
    except Refusal:
        return Neighbours()
    _, column, is_falling = SORTS[chosen.sort]
    rows = chosen.queryset(user).order_by()
    previous, following = (_nearest(rows, case, column, way) for way in (not is_falling, is_falling))
    name = VIEWS.get(chosen.view, "") if not (chosen.q or chosen.state) else "筛选结果"
    return Neighbours(query, name, previous, following)


def _nearest(rows, case, column: str, is_falling: bool) -> str:
    """The next number in that direction. An empty column stands last when rising, first when falling."""
    value, step = getattr(case, column), "lt" if is_falling else "gt"
    if value is None:
        further = Q(**{column: None, f"id__{step}": case.pk})
        further |= Q(**{f"{column}__isnull": False}) if is_falling else Q()
    else:
        further = Q(**{f"{column}__{step}": value}) | Q(**{column: value, f"id__{step}": case.pk})
        further |= Q() if is_falling else Q(**{column: None})
    order = "-" if is_falling else ""
    found = rows.filter(further).order_by(f"{order}{column}", f"{order}id").values_list("number", flat=True)
    return found.first() or ""
