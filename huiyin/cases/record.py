"""The whole record of one matter in a few queries; offers, evidence and limits then look in memory."""

from django.db.models import Prefetch, prefetch_related_objects

# relation → what each row needs beside itself.
RELATED = {
    "events": ("by",),
    "assignments": ("organisation", "handler"),
    "deadlines": ("assignment__organisation", "notice"),
    "notices": ("organisation", "answered_by"),
    "extensions": ("deadline", "asked_by", "decided_by"),
    "letters": ("organisation",),
    "pauses": (),
    "ratings": (),
    "merged_cases": (),
}
# relation → the verbs that make its rows. Where the history has no such event there is nothing to ask for.
MADE_BY = {
    "notices": {"supervise"},
    "extensions": {"ask_extension"},
    "letters": {"issue_letter"},
    "pauses": {"pause"},
    "ratings": {"rate", "call_back"},
    "merged_cases": {"receive_merged"},
}


def load(case):
    """Read everything that pages and offers ask about `case`. What was read before is not read again.

    A verb reads anew under its lock: refresh_from_db forgets all of this.
    """
    if is_loaded(case, "events") and is_loaded(case, "deadlines"):
        return case
    prefetch_related_objects(
        [case], *(_rows_of(case, name) for name in ("events", "assignments", "deadlines"))
    )
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
    return case


def is_loaded(row, name: str) -> bool:
    return name in getattr(row, "_prefetched_objects_cache", {})


def _rows_of(case, name: str) -> Prefetch:
    model = case._meta.get_field(name).related_model
    return Prefetch(name, model.objects.select_related(*RELATED[name]) if RELATED[name] else None)


def _nothing(row, name: str):
    cache = row.__dict__.setdefault("_prefetched_objects_cache", {})
    cache[name] = getattr(row, name).none()


def rows(case, name: str) -> list:
    """Rows of a relation of `case`: from memory when they were loaded, else from the database."""
    if is_loaded(case, name):
        return list(getattr(case, name).all())
    found = getattr(case, name).all()
    if RELATED[name]:
        found = found.select_related(*RELATED[name])
    if name == "deadlines":
        found = found.prefetch_related("extensions")
    return list(found)
