"""Work that only one process may do at a time: a PostgreSQL advisory lock by name."""

from contextlib import contextmanager

from django.db import connection


@contextmanager
def only_one(name: str):
    """Yields True while this session alone holds `name`, False when another one does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])
