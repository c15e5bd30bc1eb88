"""Who may open the set-up, one import at a time, the check-list, the numbers."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from huiyin.audit.models import AuditRecord
from huiyin.cases import numbering
from huiyin.cases.models import Case
from huiyin.opening import importing, missing, rulesets
from huiyin.opening.models import Import
from huiyin.opening.shipped_lines import CALENDAR_AHEAD
from huiyin.orgs.models import Membership, Post
from huiyin.rulebook import registry
from huiyin.rules import clock, numbers
from huiyin.rules.models import forget
from tests.opening.conftest import text

ADDRESSES = [
    "",
    "office/",
    "checklist/",
    "numbers/",
    "links/",
    "areas/",
    "areas/template/",
    "areas/now/",
    "backlog/",
]
GRID = {"code": "990109009001002", "kind": "grid", "name": "东社区 02 网格", "parent": "990109009001"}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_only_the_administrator_comes_in(world, client, address):
    for name in ("clerk", "director", "auditor", "handler"):
        client.force_login(getattr(world, name))
        assert client.get(f"/desk/opening/{address}").status_code == 403, name
    client.force_login(world.admin)
    assert client.get(f"/desk/opening/{address}").status_code == 200


@pytest.mark.django_db
def test_a_file_of_another_office_is_not_there(world, admin, hand_in):
    from huiyin.accounts.models import Office

    hand_in("areas", [GRID])
    other = Office.objects.create(
        code="1",
        name="别处",
        short_name="别处",
        centre_name="",
        document_mark="",
        phone="",
        address="",
        hours="",
    )
    Import.objects.update(office=other)
    pk = Import.objects.get().pk
    for name, method in (("file", "get"), ("marked", "get"), ("import", "post"), ("drop", "post")):
        assert getattr(admin, method)(reverse(f"opening_{name}", args=[pk])).status_code == 404


@pytest.mark.django_db
def test_a_second_click_imports_nothing_more(world, admin, hand_in):
    hand_in("areas", [GRID])
    url = reverse("opening_import", args=[Import.objects.get().pk])
    assert [admin.post(url).status_code for _ in range(2)] == [302, 302]
    assert AuditRecord.objects.filter(action="导入片区").count() == 1


@pytest.mark.django_db
def test_files_that_nobody_imports_go_after_a_day(world, admin, hand_in):
    hand_in("areas", [GRID])
    importing.forget_old()
    assert Import.objects.exists()
    Import.objects.update(checked_at=clock.now() - timedelta(hours=25))
    importing.forget_old()
    assert not Import.objects.exists()
    hand_in("areas", [GRID])
    row = Import.objects.get()
    assert admin.post(reverse("opening_drop", args=[row.pk])).url == "/desk/opening/areas/"
    assert not Import.objects.exists()


@pytest.mark.django_db
def test_what_changed_in_between_is_seen_before_anything_is_written(world, admin, hand_in):
    hand_in("areas", [GRID])
    row = Import.objects.get()
    type(world.east).objects.filter(pk=world.east.pk).update(valid_until=date(2021, 1, 1))
    answer = admin.post(reverse("opening_import", args=[row.pk]))
    assert answer.status_code == 409 and "情况变了" in text(answer)


@pytest.mark.django_db
def test_refused_files_are_told_on_the_page(world, admin, hand_in):
    answer = hand_in("areas", b"code,name\n", file_name="areas.csv")
    assert answer.status_code == 400 and "另存为 .xlsx" in text(answer)
    assert "请先选文件" in text(admin.post(reverse("opening_check", args=["areas"]), {}))
    assert admin.get("/desk/opening/nothing/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_one_wins(committed_world):
    """The other is told to wait; nothing of it is written."""
    admin = committed_world.admin
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        assert importing._alone(committed_world.office)
        answers = []

        def other():
            client = Client()
            client.force_login(admin)
            from django.core.files.uploadedfile import SimpleUploadedFile

            from huiyin.opening import steps
            from huiyin.sheets import template

            raw = template.write(steps.get("areas").sheet(committed_world.office), [GRID])
            client.post(reverse("opening_check", args=["areas"]), {"file": SimpleUploadedFile("a.xlsx", raw)})
            url = reverse("opening_import", args=[Import.objects.get().pk])
            answers.append(client.post(url))
            connection.close()

        thread = threading.Thread(target=other)
        thread.start()
        thread.join(60)
        cursor.execute("ROLLBACK")
    assert answers[0].status_code == 409 and "另一份表正在导入" in text(answers[0])
    row = Import.objects.get()
    assert row.imported_at is None
    importing.run(row, by=admin)
    assert Import.objects.get().imported_at


# The check-list


def gaps(office) -> dict[str, list[str]]:
    return {row["line"].name: row["gap"].names for row in missing.look(office) if row["gap"]}


@pytest.mark.django_db
def test_every_line_is_a_query_over_the_facts(world, admin):
    found = gaps(world.office)
    assert found["grid_workers"] == ["西社区 01 网格"]
    assert "综合执法队" in found["unit_heads"] and "areas" not in found and "centre_posts" not in found
    assert any("测clerk" in name for name in found["substitutes"])
    assert "西社区 01 网格" in " ".join(found["grid_staffing"]) and found["rota"]
    assert found["duties"] and "boundaries" not in found
    Post.objects.create(
        office=world.office, user=world.outsider, organisation=world.west_station, role="grid_worker", title="网格员",
        area=world.west_grid, start_on=date(2024, 1, 1),
    )  # fmt: skip
    assert "grid_workers" not in gaps(world.office)
    type(world.west_grid).objects.filter(pk=world.west_grid.pk).update(boundary=None)
    assert gaps(world.office)["boundaries"] == ["西社区 01 网格"]


@pytest.mark.django_db
def test_lists_that_point_to_nobody_are_found(world):
    found = gaps(world.office)
    assert any("（" in name for name in found["duty_units"]) and found["category_units"]
    rulesets.put_in_force(
        world.office,
        "duty_lists",
        {"lists": [{"name": "基本履职", "clauses": [{"number": 1, "unit": "zhifa", "text": "甲"}]}]},
        source="x",
    )
    assert not {"duties", "duty_units"} & set(gaps(world.office))


@pytest.mark.django_db
def test_bodies_without_a_head_and_a_calendar_that_ends(world):
    body = world.party
    type(body).objects.filter(pk=body.pk).update(kind="leading_group")
    assert gaps(world.office)["body_heads"] == ["党工委"]
    Membership.objects.create(
        office=world.office, organisation=body, name="甲", function="head", start_on=date(2024, 1, 1)
    )
    assert "body_heads" not in gaps(world.office)
    with clock.travel("2026-06-01"):
        assert "calendar" not in gaps(world.office)
    with clock.travel(f"{2028 - 0}-12-31"):
        forget()
        assert str((date(2028, 12, 31) + CALENDAR_AHEAD).year) in gaps(world.office)["calendar"]


@pytest.mark.django_db
def test_what_there_is_nothing_of_is_not_said_to_be_done(world):
    """Without grids "every grid has its worker" is neither lacking nor done."""
    type(world.east).objects.filter(kind__in=("grid", "building")).update(valid_until=date(2021, 1, 1))
    rows = {row["line"].name: row for row in missing.look(world.office)}
    assert rows["areas"]["gap"].names == ["网格"]
    assert rows["grid_workers"]["gap"] is None and rows["grid_workers"]["waits"]
    assert not rows["office"]["waits"] and not rows["areas"]["waits"]


@pytest.mark.django_db
def test_the_list_prints_and_counts_its_questions(world, admin, django_assert_max_num_queries):
    page = text(admin.get("/desk/opening/checklist/"))
    assert "西社区 01 网格" in page and "已经齐的" in page and "print.css" in page
    admin.get("/desk/opening/")
    with django_assert_max_num_queries(90):
        admin.get("/desk/opening/")
    assert "缺 " in text(admin.get("/desk/settings/"))


@pytest.mark.django_db
def test_a_room_may_add_its_line(world):
    missing.register(
        "rota", "接待日都有人", lambda office: missing.gap(["周三"]), url_name="opening_home", order=999
    )
    try:
        assert gaps(world.office)["rota"] == ["周三"]
    finally:
        missing._lines.pop("rota")


# Numbers


def form_of(admin, **changes) -> dict:
    kinds = {f"kind_{kind}": "" for kind in ("petition", "hotline")}
    day = clock.today().isoformat()
    return (
        {"default": "{yy}-{seq:05}", "documents": "{mark}{paper}〔{year}〕{seq}号", "valid_from": day}
        | kinds
        | changes
    )


@pytest.mark.django_db
def test_the_shipped_formats_are_what_they_were(world):
    assert numbering.case_number(world.office, "2026-03-01") == "26-00001"
    assert numbering.document_number(world.office, "督", "2026-03-01") == "测街督〔2026〕1号"


@pytest.mark.django_db
def test_a_kind_gets_a_series_of_its_own(world, admin):
    first = world.register()
    answer = admin.post("/desk/opening/numbers/", form_of(admin, kind_petition="信访〔{year}〕{seq}号"))
    assert answer.status_code == 302
    year = clock.today().year
    petition = world.register(kind="petition")
    assert petition.number == f"信访〔{year}〕1号"
    assert world.register(kind="petition").number == f"信访〔{year}〕2号"
    assert int(world.register().number[3:]) == int(first.number[3:]) + 1
    admin.post("/sign-out/")
    admin.force_login(world.clerk)
    assert admin.get(f"/desk/cases/{petition.number}/").status_code == 200
    assert AuditRecord.objects.get(action="改编号格式").detail["内容"]["matters"]["kinds"]


@pytest.mark.django_db
def test_a_format_holds_from_its_day(world, admin):
    year = clock.today().year + 1
    admin.post(
        "/desk/opening/numbers/", form_of(admin, default="{year}第{seq:04}", valid_from=f"{year}-01-01")
    )
    assert world.register().number.startswith(f"{clock.today().year % 100}-")
    with clock.travel(f"{year}-01-02T10:00"):
        assert world.register().number == f"{year}第0001"


@pytest.mark.django_db
def test_looking_at_the_next_number_changes_nothing(world, admin):
    world.register()
    page = text(
        admin.post("/desk/opening/numbers/", form_of(admin, default="{year}-{seq:04}", **{"try": "1"}))
    )
    assert f"{clock.today().year}-0001" in page and "还没有启用" in page
    assert rulesets.own(world.office, "numbers") is None


@pytest.mark.parametrize(
    "pattern",
    ["", "{seq}", "{yy}-{nr}", "{yy}{seq}", "{yy}-{seq}-{seq}", "{yy}/{seq}", "{yy} {seq}", "{yy}-{seq", "{yy}-{year}-{seq}",
     "2{seq}-{yy}", "{paper}-{yy}-{seq}", "{yy}-" + "长" * 30 + "{seq}", "{yy}?{seq}", "{year}0{seq}"],
)  # fmt: skip
def test_patterns_that_cannot_be(pattern):
    assert numbers.fault(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["{yy}-{seq:05}", "信访〔{year}〕{seq}号", "{mark}{year}-{seq:4}".replace(":4", ":04"), "{seq}-{year}"],
)
def test_patterns_that_can_be(pattern):
    assert numbers.fault(pattern) == ""


def test_patterns_that_could_meet_are_found():
    assert numbers.may_collide("{yy}-{seq}", "{seq}-{yy}")
    assert numbers.may_collide("{year}-{seq}", "{mark}{year}-{seq}")
    assert not numbers.may_collide("{yy}-{seq:05}", "信访〔{year}〕{seq}号")
    assert numbers.series_of("{yy}-{seq:07}") == numbers.series_of("{yy}-{seq:05}") == "case"


@pytest.mark.django_db
def test_two_kinds_may_not_write_alike(world, admin):
    answer = admin.post("/desk/opening/numbers/", form_of(admin, kind_petition="{seq}-{yy}"))
    assert answer.status_code == 400 and "编出同样的号" in text(answer) and "{seq}-{yy}" in text(answer)
    assert "文种代字" in text(
        admin.post("/desk/opening/numbers/", form_of(admin, documents="{mark}〔{year}〕{seq}号"))
    )
    early = form_of(admin, default="{yy}年{seq}", valid_from="2020-01-01")
    assert "请从今天或以后起" in text(admin.post("/desk/opening/numbers/", early))


@pytest.mark.django_db(transaction=True)
def test_numbers_stay_without_gaps_when_many_register_at_once(committed_world):
    def register():
        committed_world.register()
        connection.close()

    threads = [threading.Thread(target=register) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join(60) for thread in threads]
    found = sorted(Case.objects.values_list("number", flat=True))
    assert [int(number[3:]) for number in found] == list(range(1, 9))


@pytest.mark.django_db
def test_the_rulebook_checks_them_too(world):
    good = {
        "matters": {"default": "{yy}-{seq:05}", "kinds": {}},
        "documents": {"default": "{mark}{paper}〔{year}〕{seq}号"},
    }
    assert list(registry.problems("numbers", good, world.office)) == []
    bad = {
        "matters": {"default": "{yy}-{seq:05}", "kinds": {"petition": "{seq}-{yy}", "hotline": "{seq}"}},
        "documents": {"default": "{year}-{seq}"},
    }
    paths = {problem.path for problem in registry.problems("numbers", bad, world.office)}
    assert paths >= {
        ("matters", "kinds", "petition"),
        ("matters", "kinds", "hotline"),
        ("documents", "default"),
    }
    assert list(registry.problems("numbers", [], world.office))
