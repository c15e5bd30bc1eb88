"""Tables of a new database, made from the models in one go; a database that has them already migrates.

Walking through all migrations renders the models anew at every step, which takes minutes on a slow machine where
making the tables takes a second. A test holds the two ways equal, column by column and key by key.
"""

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

OURS = "huiyin."


def own_labels() -> set[str]:
    return {config.label for config in apps.get_app_configs() if config.name.startswith(OURS)}


def is_new() -> bool:
    """No migration of ours is applied and none of our tables is there."""
    ours = own_labels()
    if any(label in ours for label, _ in MigrationRecorder(connection).applied_migrations()):
        return False
    tables = {model._meta.db_table for model in _models()}
    return not tables & set(connection.introspection.table_names())


def is_behind() -> bool:
    """Is there a migration that this database has not had yet?"""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _models() -> list:
    ours = own_labels()
    return [model for model in apps.get_models() if model._meta.app_label in ours and model._meta.managed]


def make(verbosity: int = 0) -> bool:
    """Make the tables of a new database and note every migration as applied. False where it is not new."""
    if not is_new():
        return False
    ours, loader = own_labels(), MigrationLoader(connection)
    for label in sorted(loader.migrated_apps - ours):
        call_command("migrate", label, interactive=False, verbosity=verbosity)
    with transaction.atomic():
        with connection.schema_editor() as editor:
            for model in _models():
                editor.create_model(model)
        recorder = MigrationRecorder(connection)
        for label, name in sorted(loader.disk_migrations):
            if label in ours:
                recorder.record_applied(label, name)
    return True
