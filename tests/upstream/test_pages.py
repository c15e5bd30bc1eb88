"""The room's pages: who may open them, the results of rows, the batch to download, every number with its records."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.rules import clock
from huiyin.upstream.models import ImportBatch, ReplyBatch
from tests.upstream.hands import MONDAY, answered, at, order
from tests.upstream.test_files import ROW, table

PERIOD = "?since=2026-09-01&until=2026-09-30"


def desk(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize(
    ("path", "may", "may_not"),
    [("", "handler", "admin"), ("imports/", "clerk", "handler"), ("replies/", "clerk", "supervisor"),
     ("calls/", "supervisor", "handler"), ("rates/", "leader", "handler"), ("rates/orders/", "leader", "handler")],
)  # fmt: skip
def test_doors(world, path, may, may_not):
    assert desk(getattr(world, may)).get(f"/desk/upstream/{path}").status_code == 200
    assert desk(getattr(world, may_not)).get(f"/desk/upstream/{path}").status_code == 403


def test_a_file_goes_in_and_each_row_says_what_became_of_it(world):
    client = desk(world.clerk)
    rows = [ROW, ROW | {"工单编号": "RX-2", "办理时限": "月底"}]
    with clock.travel(MONDAY):
        sent = {"file": SimpleUploadedFile("上级导出.xlsx", table(*rows)), "key": "one"}
        answer = client.post("/desk/upstream/imports/", sent, follow=True)
        again = client.post(
            "/desk/upstream/imports/", sent | {"file": SimpleUploadedFile("上级导出.xlsx", table(*rows))}
        )
    page = text(answer)
    assert "登记为" in page and "不是时间" in page and "10000001234" not in page and again.status_code == 302
    batch = ImportBatch.objects.get()
    assert "新登记 1 · 没有导入 1" in text(client.get("/desk/upstream/imports/"))
    assert "RX-0921-100" not in text(client.get(f"/desk/upstream/imports/{batch.pk}/?result=refused"))
    with clock.travel(MONDAY):
        marked = client.get(f"/desk/upstream/imports/{batch.pk}/marked/")
    assert marked.status_code == 200 and marked["Content-Type"].endswith("sheet")
    refused = client.post(
        "/desk/upstream/imports/", {"file": SimpleUploadedFile("a.csv", b"x"), "key": "two"}
    )
    assert refused.status_code == 400 and "不是 .xlsx" in text(refused)
    assert client.post("/desk/upstream/imports/", {"key": "three"}).status_code == 400
    assert client.get("/desk/upstream/imports/template/")["Content-Type"].endswith("sheet")


def test_a_long_file_is_left_to_a_job(world, monkeypatch):
    from huiyin.upstream import importing, tasks

    monkeypatch.setattr(importing, "AT_ONCE", 1)
    rows = [ROW, ROW | {"工单编号": "RX-2", "主要内容": "另一处井盖响，晚上睡不着。"}]
    client = desk(world.clerk)
    sent = {"file": SimpleUploadedFile("a.xlsx", table(*rows)), "key": "one"}
    page = client.post("/desk/upstream/imports/", sent, follow=True)
    assert "还有 1 行在后台导入" in text(page)
    batch = ImportBatch.objects.get()
    tasks.apply_rows(pk=str(batch.pk), user=str(world.clerk.pk))
    tasks.apply_rows(pk=str(batch.pk), user=str(world.clerk.pk))
    batch.refresh_from_db()
    assert batch.finished_at and batch.lines.filter(result="new").count() == 2


def test_reply_is_made_once_and_downloads_alike(world):
    answered(world, order(world, due=at(9, 30, 18)), MONDAY)
    client = desk(world.clerk)
    assert "RX-0921-001" in text(client.get("/desk/upstream/replies/"))
    with clock.travel(at(9, 22)):
        page = client.post("/desk/upstream/replies/make/", {"key": "a"}, follow=True)
        client.post("/desk/upstream/replies/make/", {"key": "a"})
    batch = ReplyBatch.objects.get()
    assert "已经办好" in text(page)
    first, second = (client.get(f"/desk/upstream/replies/{batch.pk}/file/").content for _ in range(2))
    assert first == second and first.startswith(b"PK")
    assert "都回复了" in text(client.get("/desk/upstream/replies/"))
    assert client.post("/desk/upstream/replies/make/", {"key": "b"}).status_code == 409


def test_the_matters_page_shows_its_order(world):
    case = order(world, due=at(9, 30, 18))
    with clock.travel(MONDAY):
        page = text(desk(world.clerk).get(f"/desk/cases/{case.number}/"))
    for words in ("RX-0921-001", "市12345热线", "退单截止", "工单时限"):
        assert words in page
    form = desk(world.clerk).get(f"/desk/cases/{case.number}/return_order/form/")
    assert "不在本辖区" in text(form) and "配合履职" in text(form)


def test_every_number_of_the_rates_opens_its_records(world):
    for number, verdict in enumerate([("yes", "yes"), ("no", "no")]):
        case = answered(world, order(world, f"RX-{number}", due=at(9, 24, 18)), MONDAY)
        with clock.travel(at(9, 22)):
            case.do(
                "call_back",
                by=world.clerk,
                result="reached",
                contacted="yes",
                solved=verdict[0],
                satisfied=verdict[1],
            )
    case.do("ask_exclusion", by=world.clerk, reason="no_basis", text="要求不合规定，条文讲过三次")
    case.do(
        "decide_exclusion", by=world.supervisor, subject=case.exclusions.get(), approve=True, text="核过条文"
    )
    client = desk(world.leader)
    page = client.get(f"/desk/upstream/rates/{PERIOD}")
    for row in page.context["rates"]:
        rate = row["rate"]
        for address, count in [
            (row["raw"][0], rate.raw.score), (row["raw"][1], rate.raw.base), (row["net"][0], rate.net.score),
            (row["net"][1], rate.net.base), (row["out"], rate.left_out), *((url, n) for _, n, url in row["reasons"]),
        ]:  # fmt: skip
            assert len(client.get(address).context["orders"]) == count, address
    for _, count, address in page.context["standing"]:
        assert len(client.get(address).context["orders"]) == count
    assert world.clerk.name not in text(page) and "同类和同类比" in text(page)


def test_the_desk_of_calls_masks_and_leads_to_the_form(world):
    case = answered(world, order(world, due=at(9, 30, 18)), MONDAY)
    with clock.travel(at(9, 22)):
        client = desk(world.supervisor)
        page = text(client.get("/desk/upstream/calls/"))
        assert (
            "100****1234" in page and "10000001234" not in page and f"/{case.number}/call_back/form/" in page
        )
        client.post(f"/desk/cases/{case.number}/call_back/", {"result": "no_answer"})
        assert "打过 1 次" in text(client.get("/desk/upstream/calls/?view=again"))
        refused = client.post(
            f"/desk/cases/{case.number}/call_back/", {"result": "reached", "text": "说可以"}
        )
        assert refused.status_code == 400 and "说可以" in text(refused)


def test_problem_orders_stand_under_today_of_the_leader(world):
    from huiyin.upstream import orders

    case = order(world, due=at(9, 30, 18))
    found = orders.order_of(case)
    found.problem_at, found.problem_why = MONDAY, "已退回 3 次"
    found.save()
    assert "问题工单 RX-0921-001" in text(desk(world.leader).get("/desk/"))
    assert "问题工单 RX-0921-001" not in text(desk(world.handler).get("/desk/"))


@pytest.mark.parametrize(
    "path", ["", "?standing=open", "calls/", f"rates/{PERIOD}", f"rates/orders/{PERIOD}", "replies/"]
)
def test_lists_ask_little_however_long_they_are(world, path, django_assert_max_num_queries):
    for number in range(4):
        answered(world, order(world, f"RX-{number}", due=at(9, 24, 18)), MONDAY)
    client = desk(world.clerk)
    client.get(f"/desk/upstream/{path}")
    with clock.travel(at(9, 28)), django_assert_max_num_queries(16):
        assert client.get(f"/desk/upstream/{path}").status_code == 200


def test_another_community_and_another_office_see_nothing(world):
    answered(world, order(world, due=at(9, 30, 18)), MONDAY)
    assert "RX-0921-001" not in text(desk(world.outsider).get("/desk/upstream/"))
    assert "RX-0921-001" in text(desk(world.clerk).get("/desk/upstream/?q=0921"))
