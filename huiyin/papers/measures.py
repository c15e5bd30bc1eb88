"""Millimetres, points and twips; and where the standard puts things, for the Word renderer."""

from huiyin.papers.blocks import Page
from huiyin.papers.text import width_of

MM = 72 / 25.4  # points
MARK_PT = 46.0
MARK_BELOW_TOP_MM = 35  # the red mark's upper edge below that of the type area
RULE_BELOW_NUMBER_MM = 4
LETTER_MARK_MM = 30  # from the page's edge
LETTER_RULE_MM = 170
LETTER_FOOT_MM = 20
PAGE_NUMBER_PT = 14
PAGE_NUMBER_BELOW_MM = 7


def twips(mm: float) -> int:
    return round(mm * MM * 20)


def advance_pt(page: Page) -> float:
    """How far one character takes the line: 28 of them fill it."""
    if not page.characters:
        return page.size_pt
    return page.text_width_mm * MM / page.characters


def mark_pt(mark: str, room_mm: float) -> float:
    """Size of the red mark: as large as the line allows, at most MARK_PT."""
    return round(min(MARK_PT, (room_mm - 4) * MM / max(width_of(mark), 1)) * 2) / 2


def signature_indents(organ: str, day: str, sealed: bool) -> tuple[float, float]:
    """(organ, date): how many characters each keeps from the right edge."""
    organ_width, day_width = width_of(organ), width_of(day)
    if sealed:
        from_right = 4.0
        return max(0.0, from_right + day_width / 2 - organ_width / 2), from_right
    from_right = max(2.0, day_width + 4 - organ_width)
    return from_right, max(0.0, from_right + organ_width - 2 - day_width)
