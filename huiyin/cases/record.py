"""The whole record of one matter in a fixed number of queries; offers, evidence and limits then look in memory."""

from django.db.models import Prefetch, prefetch_related_objects

# relation → what each row needs beside itself.
RELATED = {
    "events": ("by",),
    "assignments": ("organisation", "handler"),
    "deadlines": ("assignment__organisation", "notice"),
    "notices": ("organisation", "answered_by"),
    "extensions": ("deadline", "asked_by", "decided_by"),
    "letters": ("organisation",),
}


def load(case):
    """Read everything that pages and offers ask about `case`. What was read before is not read again.

    A verb reads anew under its lock: refresh_from_db forgets all of this.
    """
    lookups = [_rows_of(case, name, related) for name, related in RELATED.items()]
    prefetch_related_objects(
        [case], *lookups, "deadlines__extensions", "letters__persons", "pauses", "ratings"
    )
    return case


def _rows_of(case, name: str, related) -> Prefetch:
    model = case._meta.get_field(name).related_model
    return Prefetch(name, model.objects.select_related(*related))


def rows(case, name: str) -> list:
    """Rows of a relation of `case`: from memory when they were loaded, else from the database."""
    if name in getattr(case, "_prefetched_objects_cache", {}):
        return list(getattr(case, name).all())
    found = getattr(case, name).select_related(*RELATED.get(name, ()))
    if name == "deadlines":
        found = found.prefetch_related("extensions")
    return list(found)
