"""A new database made at once from the models is the one that all migrations lead to."""

import pytest
from django.core.management import call_command
from django.db import connection

from huiyin.shell import tables

COLUMNS = """
select table_name, column_name, data_type, is_nullable, coalesce(character_maximum_length, numeric_precision), udt_name
from information_schema.columns where table_schema = 'public' order by 1, 2
"""
INDEXES = "select tablename, regexp_replace(indexdef, '(INDEX|ON) (public\\.)?\\S+', '\\1') from pg_indexes where schemaname = 'public' order by 1, 2"
KEYS = """
select conrelid::regclass::text, contype, pg_get_constraintdef(oid) from pg_constraint
where connamespace = 'public'::regnamespace order by 1, 2, 3
"""


def shape() -> dict:
    """Columns, indexes and keys of every table; the names that Django makes up for keys do not count."""
    found = {}
    for name, query in (("columns", COLUMNS), ("indexes", INDEXES), ("keys", KEYS)):
        with connection.cursor() as cursor:
            cursor.execute(query)
            found[name] = cursor.fetchall()
    return found


def empty():
    with connection.cursor() as cursor:
        cursor.execute("drop schema public cascade; create schema public")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_made_at_once_or_step_by_step_the_tables_are_the_same(django_db_blocker):
    with django_db_blocker.unblock():
        empty()
        assert tables.make() and not tables.make()
        assert not tables.is_behind()
        at_once = shape()
        empty()
        call_command("migrate", interactive=False, verbosity=0)
        step_by_step = shape()
    assert len(at_once["columns"]) > 500
    for name, rows in at_once.items():
        assert sorted(set(map(str, rows)) ^ set(map(str, step_by_step[name]))) == [], name


@pytest.mark.django_db
def test_a_database_with_tables_is_not_new():
    assert not tables.is_new() and not tables.make()
