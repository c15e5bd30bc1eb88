"""The yearly report: each figure is the list that it opens, within what the reader may read."""

import re
import zipfile
from io import BytesIO

import pytest
from django.urls import reverse

from huiyin.base.refusal import Refusal
from huiyin.petitions import report
from huiyin.rules import clock
from tests.cases import walks
from tests.petitions.conftest import at, fresh, give


@pytest.fixture
def year(world, reviewed):
    """Five petitions of 2026 and one of the year before."""
    with clock.travel(at("2025-12-31 10:00")):
        world.register(by=world.clerk, kind="petition", channel="visit")
    case = reviewed()
    give(world, case, "2026-09-20 10:00", result="changed")
    with clock.travel(at("2026-03-02 10:00")):
        world.register(by=world.clerk, kind="petition", channel="visit", group_size=12)
        world.register(by=world.clerk, kind="petition", channel="letter", persons=[], reply_by="web")
        world.register(by=world.clerk, kind="suggestion", channel="letter")
        secret = world.register(
            by=world.clerk, kind="petition", channel="visit", particulars={"purpose": "accusation"}
        )
        declined = world.register(by=world.clerk, kind="petition", channel="call")
        declined.decline(
            by=world.clerk, reason="要由法院来判，街道不能改判决。", advice="区人民法院，电话 12368。"
        )
        world.register(by=world.clerk, kind="petition", channel="web", area=world.west_grid)
    return {"reviewed": case, "secret": secret}


def made(world, name="clerk", first="2026-01-01", last="2026-12-31") -> report.Report:
    return report.Report(getattr(world, name), *report.period(first, last))


def figures(found: report.Report) -> dict:
    found.sections()
    return {code: figure for code, figure in found.figures.items() if code}


def test_counts_by_every_side(world, year):
    with clock.travel(at("2026-12-01 09:00")):
        found = figures(made(world))
    assert (found["all"].count, found["all"].people) == (6, 17)
    assert {code: found[f"channel-{code}"].count for code in ("visit", "letter", "call", "web")} == {
        "visit": 3, "letter": 1, "call": 1, "web": 1,
    }  # fmt: skip
    assert (found["visit-group"].count, found["visit-group"].people) == (1, 12)
    assert (found["visit-single"].count, found["nameless"].count) == (2, 1)
    assert (found["purpose-appeal"].count, found["purpose-accusation"].count) == (1, 1)
    assert (found["state-closed"].count, found["state-not_accepted"].count, found["state-open"].count) == (
        1,
        1,
        4,
    )
    assert (found["unit-zhifa"].count, found["unit_ok-zhifa"].count, found["outcome-solved"].count) == (
        1,
        1,
        1,
    )
    assert (found["close_ok"].count, found["forward_ok"].count) == (1, 1) and found["forward_late"].count == 4
    assert (found["review"].count, found["review_changed"].count, found["review_open"].count) == (1, 1, 1)


def test_each_number_opens_its_matters(world, year, desk):
    with clock.travel(at("2026-12-01 09:00")):
        page = desk(
            "clerk", reverse("desk_petition_report") + "?since=2026-01-01&until=2026-12-31"
        ).content.decode()
        links = re.findall(r'href="([^"]+/report/[^"]+)">(\d+)</a>', page)
        assert len(links) > 15
        for link, number in links:
            rows = desk("clerk", link.replace("&amp;", "&")).content.decode()
            assert len(set(re.findall(r"/desk/cases/(\d\d-\d+)/", rows))) == int(number), link


def test_who_may_not_read_it_does_not_count_it(world, year, desk):
    with clock.travel(at("2026-12-01 09:00")):
        found = made(world, "clerk_b")
        assert found.unseen == 1 and figures(found)["all"].count == 5
        url = reverse("desk_petition_report") + "?since=2026-01-01"
        assert "另有限知事项 1 件" in desk("clerk_b", url).content.decode()
        rows = desk(
            "clerk_b", reverse("desk_petition_records", args=["all"]) + "?since=2026-01-01"
        ).content.decode()
        assert year["secret"].number not in rows and year["reviewed"].number in rows
        for name in ("handler", "auditor", "outsider"):
            assert desk(name, url).status_code == 403


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("2026-02-01", "2026-01-01", "前面"),
        ("去年", "", "2026-01-01 这样"),
        ("2020-01-01", "2026-01-01", "三年"),
    ],
)
def test_periods_that_are_none(world, desk, first, last, says):
    with pytest.raises(Refusal, match=says):
        report.period(first, last)
    answer = desk("clerk", reverse("desk_petition_report") + f"?since={first}&until={last}")
    assert answer.status_code == 400 and says in answer.content.decode()
    assert desk("clerk", reverse("desk_petition_records", args=["nothing"])).status_code == 404


def test_as_a_paper(world, year, desk):
    with clock.travel(at("2026-12-31 09:00")):
        asked = "?since=2026-01-01&until=2026-12-31"
        word = b"".join(desk("director", reverse("desk_petition_report_docx") + asked).streaming_content)
        with zipfile.ZipFile(BytesIO(word)) as parts:
            text = parts.read("word/document.xml").decode()
        for words in ("2026年度信访工作报告", "第四十一条", "集体访", "复查", "综合执法队"):
            assert words in text, words
        assert "何阿姨" not in text
        pdf = b"".join(desk("director", reverse("desk_petition_report_pdf") + asked).streaming_content)
        assert pdf.startswith(b"%PDF")


def test_few_queries_however_many_matters(world, desk, django_assert_max_num_queries):
    for _ in range(3):
        walks.bring(world, "dispatched", kind="petition")
    with django_assert_max_num_queries(40):
        desk("clerk", reverse("desk_petition_report"))


def test_the_ledger_of_reviews(world, year, desk, django_assert_max_num_queries):
    case = year["reviewed"]
    with clock.travel(at("2026-12-01 09:00")):
        with django_assert_max_num_queries(30):
            page = desk("clerk", reverse("desk_petitions")).content.decode()
        assert case.number in page and "超过了" in page
        assert case.number not in desk("outsider", reverse("desk_petitions")).content.decode()
        fresh(case).do("serve_review", by=world.clerk, subject=case.reviews.get(), how="当面送交")
        assert case.number not in desk("clerk", reverse("desk_petitions")).content.decode()
        assert "变更原意见" in desk("clerk", reverse("desk_petitions") + "?view=all").content.decode()
