"""An administrator's desk, files as they would be filled in, and a house that is empty."""

import io

import pytest
import python_calamine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from huiyin.opening import steps
from huiyin.opening.models import Import
from huiyin.rules.models import forget, load_seeds
from huiyin.sheets import template


@pytest.fixture
def admin(client, world):
    client.force_login(world.admin)
    return client


@pytest.fixture
def hand_in(admin, world):
    """`hand_in("areas", [{...}])` uploads a filled template (or raw bytes) and returns the answer."""

    def upload(name, rows, file_name="表.xlsx", **fields):
        raw = rows if isinstance(rows, bytes) else template.write(steps.get(name).sheet(world.office), rows)
        file = SimpleUploadedFile(file_name, raw)
        return admin.post(reverse("opening_check", args=[name]), {"file": file, **fields})

    return upload


@pytest.fixture
def bring_in(admin, hand_in):
    """Hand in and import; returns the Import row, which is imported unless it had problems or nothing to do."""

    def run(name, rows, **fields):
        answer = hand_in(name, rows, **fields)
        assert answer.status_code == 302, answer.content.decode()
        row = Import.objects.order_by("-checked_at", "-id").first()
        if not row.problems and (row.fresh or row.changed):
            assert admin.post(reverse("opening_import", args=[row.pk])).status_code == 302
            row.refresh_from_db()
        return row

    return run


@pytest.fixture
def empty_house(db):
    """No office, no user; the shipped rules."""
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    tables = [name for name in tables if not name.startswith(("django_", "auth_", "procrastinate_"))]
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE {} CASCADE".format(", ".join(f'"{name}"' for name in tables)))
    forget()
    load_seeds()
    yield
    forget()


def text(answer) -> str:
    return answer.content.decode()


def problems(row: Import) -> dict[str, str]:
    """address → what is wrong and what to do."""
    from huiyin.opening.importing import result

    return {address: f"{wrong}；{todo}" for address, _, wrong, todo in result(row)["problems"]}


def pages(raw: bytes) -> dict[str, list[list]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
