"""The test database with the runtime account's rights, as `setup` gives them, and that account."""

import os
from urllib.parse import urlparse

import psycopg
import pytest
from django.db import connection, transaction

from huiyin.shell.grants import grant


@pytest.fixture(scope="session")
def rights(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        grant()


@pytest.fixture
def runtime(rights, db):
    """A psycopg connection to the test database as the runtime account. It sees committed rows only."""
    if urlparse(os.environ["DATABASE_URL"]).username == connection.settings_dict["USER"]:
        pytest.skip("DATABASE_URL and DATABASE_OWNER_URL name one account: there is no second one to ask")
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"]) as account:
        yield account
        account.rollback()
