"""Numbers of matters and documents, written as the office's rule `numbers` says."""

from huiyin.rules import clock
from huiyin.rules.models import RuleSet
from huiyin.rules.numbers import next_number, series_of, written

PAPER = "{mark}{paper}〔{year}〕{seq}号"


def case_number(office, at, kind: str = "") -> str:
    """'26-00012', or what the pattern of this kind in that year gives."""
    at = clock.local(at)
    pattern = pattern_of(_rules(office, at)["matters"], kind)
    number = next_number(office.pk, series_of(pattern), at.year)
    return written(pattern, at.year, number, mark=office.document_mark)


def document_number(office, mark: str, at) -> str:
    """'鹤街督〔2026〕14号': full year, hexagonal brackets, no leading zero (GB/T 9704)."""
    at = clock.local(at)
    pattern = _rules(office, at)["documents"]["default"]
    number = next_number(office.pk, mark, at.year)
    return written(pattern, at.year, number, mark=office.document_mark, paper=mark)


def pattern_of(matters: dict, kind: str) -> str:
    return matters.get("kinds", {}).get(kind) or matters["default"]


def _rules(office, at) -> dict:
    return RuleSet.objects.current("numbers", office, at.date()).content
