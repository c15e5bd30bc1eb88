"""What rooms above show on the pages of areas: who a grid lacks, and sections on the page of one area."""

from collections.abc import Callable

# lacking(office id, areas) → {area id: what it lacks in words}; cheap, it runs on the page of the whole tree.
LACKING: list[Callable] = []
# (template, filler(area, user) → context or None): sections on the page of one area, in order.
PARTS: list[tuple[str, Callable]] = []


def lacking(office_id, areas) -> dict:
    """area id → words, for areas that lack something by any room's rule."""
    found: dict = {}
    for look in LACKING:
        for pk, words in look(office_id, areas).items():
            found[pk] = "；".join(filter(None, (found.get(pk), words)))
    return found


def parts(area, user) -> list[tuple[str, dict]]:
    rows = [(template, filler(area, user)) for template, filler in PARTS]
    return [(template, context) for template, context in rows if context is not None]
