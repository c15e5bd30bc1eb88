"""Numbers without gaps: one counter row per office, series and year."""

from django.db import connection


def next_number(office_id, series: str, year: int) -> int:
    """The next number of the series. Holds the row until the transaction ends, so call it late."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rules_counter (office_id, series, year, last) VALUES (%s, %s, %s, 1) "
            "ON CONFLICT (office_id, series, year) DO UPDATE SET last = rules_counter.last + 1 RETURNING last",
            [office_id, series, year],
        )
        return cursor.fetchone()[0]
