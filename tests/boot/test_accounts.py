"""The two database accounts: what the runtime account cannot do, whatever the program asks."""

import psycopg
import pytest
from django.apps import apps

from huiyin.shell.grants import append_only_tables, grant

DENIED = psycopg.errors.InsufficientPrivilege


def refused(account, statement: str) -> bool:
    try:
        account.execute(statement)
    except DENIED:
        return True
    finally:
        account.rollback()
    return False


def test_every_append_only_model_is_known():
    assert {"cases_caseevent", "audit_auditrecord"} <= set(append_only_tables())


def test_append_only_rows_cannot_be_changed_or_removed(runtime):
    for table in append_only_tables():
        column = runtime.execute(
            "select column_name from information_schema.columns where table_name = %s limit 1", [table]
        ).fetchone()[0]
        assert refused(runtime, f'update {table} set "{column}" = "{column}"'), table
        assert refused(runtime, f"delete from {table}"), table
        assert refused(runtime, f"truncate {table}"), table
        assert not refused(runtime, f"select 1 from {table}"), table


def test_other_tables_can_be_written(runtime):
    for model in apps.get_models():
        table = model._meta.db_table
        if model._meta.managed and table not in append_only_tables():
            assert not refused(runtime, f"delete from {table} where false"), table


@pytest.mark.parametrize(
    "statement",
    [
        "create table extra (a int)",
        "alter table cases_caseevent add column extra int",
        "drop table cases_caseevent",
        "grant update on cases_caseevent to huiyin_app",
        "alter table cases_caseevent disable trigger all",
        "create function public.extra() returns int language sql as 'select 1'",
        "delete from django_migrations",
        "set role huiyin_owner",
        "create role extra",
        "copy (select 1) to '/tmp/extra'",
        "select pg_read_file('PG_VERSION')",
    ],
)
def test_the_runtime_account_changes_no_schema_and_no_rights(runtime, statement):
    # `grant` by someone without the right only warns; what counts is that nothing was granted.
    if statement.startswith("grant"):
        runtime.execute(statement)
        assert refused(runtime, "update cases_caseevent set id = id")
    else:
        assert refused(runtime, statement)


def test_rights_are_taken_back_however_often_setup_runs(db, runtime):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("grant update, delete on cases_caseevent to huiyin_app")
        grant()
        cursor.execute("select has_table_privilege('huiyin_app', 'cases_caseevent', 'update, delete')")
        assert cursor.fetchone() == (False,)
