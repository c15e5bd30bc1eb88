"""What the runtime database account may do: read and write rows, never the schema; rows of
append-only tables it may add and read, not change or remove."""

from django.apps import apps
from django.db import connection

RUNTIME = "huiyin_app"
SCHEMA = "public"


def append_only_tables() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    tables = {m._meta.db_table for m in models if getattr(m, "append_only", False) and m._meta.managed}
    return sorted(tables)


def grant(account: str = RUNTIME) -> bool:
    """Bring the account's rights into line. False where it is the owner itself or does not exist."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_user = %s, exists (select from pg_roles where rolname = %s)", [account] * 2
        )
        is_owner, exists = cursor.fetchone()
        if is_owner or not exists:
            return False
        quote = connection.ops.quote_name
        who = quote(account)
        statements = [
            f"grant usage on schema {SCHEMA} to {who}",
            f"grant select, insert, update, delete on all tables in schema {SCHEMA} to {who}",
            f"grant usage, select on all sequences in schema {SCHEMA} to {who}",
            f"grant execute on all functions in schema {SCHEMA} to {who}",
            # The list of applied migrations is the owner's own.
            f"revoke insert, update, delete on django_migrations from {who}",
        ]
        statements += [
            f"revoke update, delete, truncate on {quote(t)} from {who}" for t in append_only_tables()
        ]
        for statement in statements:
            cursor.execute(statement)
    return True
