"""The whole record of one matter in a few queries; offers, evidence and limits then look in memory."""

from functools import lru_cache

from django.db import connection
from django.db.models import Prefetch, prefetch_related_objects

# relation → what each row needs beside itself.
RELATED = {
    "events": ("by",),
    "assignments": ("organisation", "handler"),
    "deadlines": (),
    "notices": ("organisation", "answered_by"),
    "extensions": ("asked_by", "decided_by"),
    "letters": ("organisation",),
    "pauses": (),
    "ratings": (),
    "sources": (),
    "attachments": (),
}
ALWAYS = ("events", "assignments", "deadlines", "sources", "attachments")
# relation → the verbs that make its rows. Where the history has no such event there is nothing to ask for.
MADE_BY = {
    "notices": {"supervise"},
    "extensions": {"ask_extension"},
    "letters": {"issue_letter"},
    "pauses": {"pause"},
    "ratings": {"rate", "call_back"},
}


def load(case):
    """Read everything that pages and offers ask about `case`. What was read before is not read again.

    A verb reads anew under its lock: refresh_from_db forgets all of this.
    """
    if is_loaded(case, "events") and is_loaded(case, "deadlines"):
        return case
    prefetch_related_objects([case], *(_rows_of(case, name) for name in ALWAYS))
    verbs = {event.verb for event in case.events.all()}
    wanted = [name for name, makers in MADE_BY.items() if makers & verbs]
    lookups = [_rows_of(case, name) for name in wanted]
    if "letters" in wanted:
        lookups.append("letters__persons")
    if "extensions" in wanted:
        lookups.append("deadlines__extensions")
    prefetch_related_objects([case], *lookups)
    for name in MADE_BY.keys() - set(wanted):
        _nothing(case, name)
    if "extensions" not in wanted:
        for row in case.deadlines.all():
            _nothing(row, "extensions")
    _link(case)
    return case


# Relations between rows of the record: the same objects as in their own lists, without joins.
LINKS = (
    ("deadlines", "assignment", "assignments"),
    ("deadlines", "notice", "notices"),
    ("extensions", "deadline", "deadlines"),
)


def _link(case):
    for name, field, target in LINKS:
        found = {row.pk: row for row in getattr(case, target).all()}
        for row in getattr(case, name).all():
            one = found.get(getattr(row, f"{field}_id"))
            if one is not None:
                setattr(row, field, one)


def is_loaded(row, name: str) -> bool:
    return name in getattr(row, "_prefetched_objects_cache", {})


def _rows_of(case, name: str) -> Prefetch:
    model = case._meta.get_field(name).related_model
    return Prefetch(name, model.objects.select_related(*RELATED[name]) if RELATED[name] else None)


def _nothing(row, name: str):
    cache = row.__dict__.setdefault("_prefetched_objects_cache", {})
    cache[name] = _empty(row._meta.get_field(name).related_model)


@lru_cache(maxsize=32)
def _empty(model):
    """No rows, and known to be none: reading it does not even build a query."""
    found = model._default_manager.none()
    found._result_cache = []
    return found


def rows(case, name: str) -> list:
    """Rows of a relation of `case`: from memory when they were loaded, else from the database."""
    if is_loaded(case, name):
        return list(getattr(case, name).all())
    found = getattr(case, name).all()
    if RELATED[name]:
        found = found.select_related(*RELATED[name])
    if name == "deadlines":
        found = found.select_related("assignment__organisation", "notice").prefetch_related("extensions")
    if name == "extensions":
        found = found.select_related("deadline")
    return list(found)


def has(case, model) -> bool:
    """Are there rows of `model`, one with a `case`, about this matter? One question for all rooms together.

    Most matters have no papers, mediation, thanks …, and each of these would be a query that finds nothing.
    """
    known = case.__dict__.setdefault("_prefetched_objects_cache", {})  # forgotten by refresh_from_db
    if "traces" not in known:
        tables = _tables_about(type(case))
        asked = ", ".join(f'EXISTS (SELECT FROM "{table}" WHERE "{column}" = %s)' for table, column in tables)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {asked}", [case.pk] * len(tables))
            found = cursor.fetchone()
        known["traces"] = {table for (table, _), is_there in zip(tables, found, strict=True) if is_there}
    return model._meta.db_table in known["traces"]


@lru_cache(maxsize=2)
def _tables_about(model) -> list[tuple[str, str]]:
    """(table, column) of every row of other rooms that points at a matter by its field `case`."""
    own = model._meta.app_label
    return [
        (other.related_model._meta.db_table, other.field.column)
        for other in model._meta.related_objects
        if other.field.name == "case" and other.related_model._meta.app_label != own
    ]
