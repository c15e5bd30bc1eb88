"""The small shared world is built once for a test database and kept; each test runs in a transaction on it."""

import hashlib
import os
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from huiyin.accounts.models import Office
from huiyin.demo.files import read
from huiyin.demo.load import load_world
from huiyin.rules.models import forget
from huiyin.shell import tables
from tests import world as small_world

ROOT = Path(__file__).resolve().parents[1]


def _stamp() -> str:
    files = [Path(small_world.__file__), *sorted((ROOT / "huiyin").glob("rules/seeds/*.yaml"))]
    files += sorted((ROOT / "huiyin").glob("*/migrations/0*.py")) + sorted(
        (ROOT / "huiyin").glob("*/models.py")
    )
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def _kept() -> bool:
    """Is the world of exactly these files in the test database?"""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS test_world (stamp text)")
        cursor.execute("SELECT stamp FROM test_world")
        found = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT EXISTS (SELECT FROM accounts_office)")  # gone when a run was killed half way
        is_there = cursor.fetchone()[0]
    return is_there and found == [_stamp()]


def _build():
    """Empty every table and build the world anew."""
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    there = set(connection.introspection.table_names())
    tables = [
        name
        for name in tables
        if name in there and not name.startswith(("django_", "auth_", "procrastinate_"))
    ]
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE {} CASCADE".format(", ".join(f'"{name}"' for name in tables)))
        cursor.execute("TRUNCATE test_world")
    small_world.build()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO test_world VALUES (%s)", [_stamp()])


def _tables() -> tuple[Path, str]:
    """(the file that remembers which migrations this worker's test database was made of, those of now)."""
    who = [os.environ.get("HUIYIN_TEST_DB", ""), os.environ.get("PYTEST_XDIST_WORKER", "")]
    files = sorted((ROOT / "huiyin").glob("*/migrations/0*.py"))
    stamp = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    return settings.DATA / f"tables{'-'.join(['', *filter(None, who)])}", stamp


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_blocker, django_db_modify_db_settings, django_db_createdb
):
    """The test database, its tables made from the models at once as in a new house; kept while no migration
    changes. That the migrations lead to the same tables is held by tests/boot/test_tables.py."""
    file, stamp = _tables()
    is_kept = not django_db_createdb and file.exists() and file.read_text() == stamp
    with django_db_blocker.unblock():
        name = connection.creation._create_test_db(verbosity=0, autoclobber=True, keepdb=is_kept)
        connection.close()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
        if not tables.make() and tables.is_behind():  # left half made by a run that was ended
            call_command("migrate", interactive=False, verbosity=0)
        file.write_text(stamp)
        if not _kept():
            _build()


@pytest.fixture
def world(db):
    """`world.clerk`, `world.enforcement`, `world.east_grid`, `world.register(…)`: see tests/world.py."""
    forget()
    return small_world.find()


@pytest.fixture
def committed_world(transactional_db, django_db_blocker):
    """The same world for tests with real commits and threads; it is built anew after them."""
    forget()
    if not _kept():
        _build()
    yield small_world.find()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE test_world")


@pytest.fixture(scope="module")
def demo_database(django_db_setup, django_db_blocker):
    """A copy of the test database with the demo world in it, for one module; its tests roll back on it."""
    plain = connection.settings_dict["NAME"]
    copy = f"{plain}_demo"
    with django_db_blocker.unblock():
        _stand_on(copy, f'DROP DATABASE IF EXISTS "{copy}"', f'CREATE DATABASE "{copy}" TEMPLATE "{plain}"')
        load_world(lambda line: None)
        connection.close()
    yield
    with django_db_blocker.unblock():
        _stand_on(plain, f'DROP DATABASE "{copy}"')


def _stand_on(name: str, *commands: str):
    """Run `commands` on the cluster while connected to no test database, then go on in database `name`."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        for command in commands:
            cursor.execute(command)
    connection.settings_dict["NAME"] = name
    forget()


@pytest.fixture
def demo_office(demo_database, db):
    """The office of the demo world as `load_world` leaves it."""
    forget()
    return Office.objects.get(code=read("organisations.yaml")["office"]["code"])
