"""One filter builds every list, map, export and API answer."""

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from huiyin.areas.models import Area
from huiyin.base.refusal import Refusal
from huiyin.cases import search
from huiyin.cases.models import Assignment, Case, CaseEvent
from huiyin.cases.states import OPEN, AssignmentState, Channel, State
from huiyin.rules import clock

PAGE = 50
COUNT_CAP = 1000

VIEWS = {
    "open": "在办",
    "mine": "我的",
    "received": "待受理",
    "accepted": "待派单",
    "late": "超期",
    "returned": "退回来的",
    "reported": "待核实",
    "verified": "待答复",
    "key": "重点",
    "unanswered": "没答复的",
    "escalated": "上报待定",
    "ended": "已结束",
}
SORTS = {
    "due": ("时限从近到远", "due_at", False),
    "updated": ("最近有动作", "updated_at", True),
    "new": ("最近登记", "registered_at", True),
}


@dataclass
class CaseFilter:
    """What was asked for, checked. `queryset(user)` is bounded by what the user may read."""

    view: str = "open"
    state: str = ""
    kind: str = ""
    channel: str = ""
    category: str = ""
    area: str = ""
    unit: str = ""
    q: str = ""
    key: str = ""
    group: str = ""
    since: str = ""
    until: str = ""
    sort: str = "due"
    cursor: str = ""
    problems: dict = field(default_factory=dict)
    _since: datetime | None = None
    _until: datetime | None = None

    @classmethod
    def from_query(cls, data) -> "CaseFilter":
        """From a query string; unknown values are a Refusal 400 that names them."""
        names = [name for name in cls.__dataclass_fields__ if name[0] != "_" and name != "problems"]
        made = cls(
            **{name: data.get(name, "").replace("\x00", "").strip()[:200] for name in names if data.get(name)}
        )
        made._check()
        return made

    def _check(self):
        choices = {"view": VIEWS, "sort": SORTS, "state": State.values, "channel": Channel.values}
        for name, known in choices.items():
            value = getattr(self, name)
            if value and value not in known:
                self.problems[name] = f"没有“{value}”这个选项"
        for name in ("since", "until"):
            try:
                setattr(self, f"_{name}", _day(getattr(self, name)))
            except (ValueError, OverflowError):
                self.problems[name] = "日期要写成 2026-11-22"
        if self.problems:
            raise Refusal(
                "筛选条件有误：" + "；".join(self.problems.values()) + "。", status=400, errors=self.problems
            )

    def queryset(self, user):
        """Visible rows that fit, in order, before paging."""
        rows = self._narrow(Case.objects.visible_to(user), user)
        _, column, is_falling = SORTS[self.sort]
        return rows.order_by(f"{'-' if is_falling else ''}{column}", "-id" if is_falling else "id")

    def _narrow(self, rows, user):
        rows = rows.filter(self._view(user))
        for name in ("state", "kind", "channel"):
            if getattr(self, name):
                rows = rows.filter(**{name: getattr(self, name)})
        if self.category:
            rows = rows.filter(category__startswith=self.category)
        if self.area:
            area = Area.objects.filter(code=self.area).first()
            rows = rows.filter(area__in=Area.objects.within(area)) if area else rows.none()
        if self.unit:
            rows = rows.filter(_assigned(Q(organisation__code=self.unit) & ~Q(state__in=GONE)))
        if self.key:
            rows = rows.filter(is_key=True)
        if self.group:
            rows = rows.filter(group_size__gte=5)
        if self._since:
            rows = rows.filter(registered_at__gte=self._since)
        if self._until:
            rows = rows.filter(registered_at__lt=self._until + timedelta(days=1))
        return search.matching(rows, self.q) if self.q else rows

    def _view(self, user) -> Q:
        if self.q or self.state:
            return Q()
        if self.view == "mine":
            return Q(state__in=OPEN) & (
                Q(in_charge=user) | _assigned(Q(handler=user, state=AssignmentState.ACCEPTED))
            )
        if self.view == "late":
            return Q(state__in=OPEN, due_at__lt=clock.now(), paused_at=None)
        if self.view == "returned":
            return Q(state__in=OPEN) & _assigned(Q(state=AssignmentState.RETURNED))
        if self.view == "key":
            return Q(state__in=OPEN, is_key=True)
        if self.view == "unanswered":
            return Q(state__in=OPEN, answered_at=None)
        if self.view == "escalated":
            told = CaseEvent.objects.filter(case_id=OuterRef("pk"), verb="escalate", round=OuterRef("round"))
            return Q(state__in=OPEN) & Q(Exists(told))
        if self.view == "ended":
            return ~Q(state__in=OPEN)
        if self.view in ("received", "accepted", "reported", "verified"):
            return Q(state=self.view)
        return Q(state__in=OPEN)

    def page(self, user, size: int = PAGE, narrow=None) -> tuple[list, str]:
        """One page of matters and the cursor of the next ('' at the end). Reads size + 1 rows, no more.

        `narrow` adds what the page reads of related rows (rows.prepared).
        """
        rows = (narrow or plain)(self.queryset(user))
        _, column, is_falling = SORTS[self.sort]
        if self.cursor:
            rows = rows.filter(_after(column, is_falling, *_decode(self.cursor)))
        found = list(rows[: size + 1])
        more = _encode(getattr(found[size - 1], column), found[size - 1].pk) if len(found) > size else ""
        return found[:size], more

    def count(self, user) -> int:
        """How many, but at most COUNT_CAP + 1: the list shows '1000+' beyond."""
        return self.queryset(user).order_by()[: COUNT_CAP + 1].count()

    @staticmethod
    def counts(user, views) -> dict[str, int]:
        """view → how many, each capped at COUNT_CAP + 1, in one round trip; counted once in a request."""
        known = user.__dict__.setdefault("view_counts", {})
        parts, params = [], []
        for view in set(views) - set(known):
            rows = CaseFilter(view=view).queryset(user).order_by().values("pk")[: COUNT_CAP + 1]
            sql, values = rows.query.sql_with_params()
            parts.append(f"SELECT %s, count(*) FROM ({sql}) AS found")
            params += [view, *values]
        if parts:
            with connection.cursor() as cursor:
                cursor.execute(" UNION ALL ".join(parts), params)
                known.update(cursor.fetchall())
        return {view: known[view] for view in views}

    def chips(self) -> list[tuple[str, str]]:
        """(name, value) of the narrowing fields in force."""
        names = (
            "state",
            "kind",
            "channel",
            "category",
            "area",
            "unit",
            "q",
            "key",
            "group",
            "since",
            "until",
        )
        return [(name, getattr(self, name)) for name in names if getattr(self, name)]


def plain(queryset):
    return queryset.select_related("area", "in_charge", "next_deadline")


GONE = (AssignmentState.RETURNED, AssignmentState.RELEASED)


def _day(text: str):
    moment = clock.local(text) if text else None
    if moment and not 1900 <= moment.year <= 2200:
        raise ValueError(text)
    return moment


def _assigned(condition: Q) -> Q:
    rows = Assignment.objects.filter(condition, office_id=OuterRef("office_id"), case_id=OuterRef("pk"))
    return Q(Exists(rows))


def _after(column: str, is_falling: bool, value, pk) -> Q:
    step = "lt" if is_falling else "gt"
    if value is None:
        return Q(**{column: None, f"id__{step}": pk})
    later = Q(**{f"{column}__{step}": value}) | Q(**{column: value, f"id__{step}": pk})
    return later | Q(**{column: None}) if not is_falling else later


def _encode(value, pk) -> str:
    raw = json.dumps([value.isoformat() if value else None, str(pk)])
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def _decode(cursor: str):
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return _day(value), UUID(pk)
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise Refusal("翻页记号不对，请从第一页重新看。", status=400) from error
