"""Numbers of matters and documents."""

from huiyin.rules import clock
from huiyin.rules.numbers import next_number


def case_number(office, at) -> str:
    """'26-00012': year and running number of the office."""
    year = clock.local(at).year
    return f"{year % 100:02d}-{next_number(office.pk, 'case', year):05d}"


def document_number(office, mark: str, at) -> str:
    """'鹤街督〔2026〕14号': full year, hexagonal brackets, no leading zero (GB/T 9704)."""
    year = clock.local(at).year
    return f"{office.document_mark}{mark}〔{year}〕{next_number(office.pk, mark, year)}号"
