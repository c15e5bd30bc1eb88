"""The notice on paper: a PDF of one grid or of a whole community, and the page for the browser's print."""

import io
import re

import pytest
from pypdf import PdfReader

from huiyin.accounts.models import User
from huiyin.base.refusal import Refusal
from huiyin.grids import posters
from huiyin.grids.notice import compounds
from tests.grids.conftest import text

pytestmark = pytest.mark.django_db
POSTER = "/desk/grids/of/990109009001001/poster.pdf"


def pages(answer):
    assert answer["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.content)).pages


@pytest.mark.parametrize(("size", "mm"), [("a4", (210, 297)), ("a3", (297, 420))])
def test_a_poster_is_one_page_with_everything_on_it(world, desk, leader, numbers, size, mm):
    User.objects.filter(pk=world.east_worker.pk).update(phone="10000001234")
    found = pages(desk("handler", f"{POSTER}?size={size}"))
    assert len(found) == 1
    assert [round(float(side) * 25.4 / 72) for side in found[0].mediabox[2:]] == list(mm)
    words = re.sub(r"\s+", "", found[0].extract_text())
    for wanted in (
        "东社区01网格",
        "测east_worker",
        "测east_staff",
        "0000-6000211",
        "0000-6000100",
        "槐荫里3幢",
        "网格责任公示",
    ):
        assert wanted in words, words
    assert "10000001234" not in words
    assert len(found[0].images) >= 1


def test_all_grids_of_a_community_come_in_one_file_a_page_each(world, desk, leader):
    for number in (2, 3):
        world.area(f"g{number}", "grid", f"东社区 {number:02d} 网格", f"99010900900100{number}", "east")
    answer = desk("clerk", "/desk/grids/community/990109009001/posters.pdf?size=a4")
    found = pages(answer)
    assert len(found) == 3 and "A4" in answer["Content-Disposition"]
    assert [f"0{number}" in page.extract_text() for number, page in enumerate(found, 1)] == [True] * 3


def test_what_cannot_be_printed_is_refused(world, desk):
    assert desk("clerk", POSTER + "?size=a0").status_code == 400
    assert desk("clerk", "/desk/grids/of/nothing/poster.pdf").status_code == 404
    assert desk("clerk", "/desk/grids/community/nothing/posters.pdf").status_code == 404
    with pytest.raises(Refusal, match="一次最多印"):
        posters.render([world.east_grid] * (posters.MOST + 1), address="http://x")


def test_the_page_to_print_has_code_map_and_people(world, desk, leader, numbers):
    page = text(desk("handler", "/desk/grids/of/990109009001001/print/"))
    assert (
        'class="qr"' in page and 'class="here"' in page and "测east_staff" in page and "0000-600 0100" in page
    )


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["柳湾里1幢", "柳湾里2幢", "柳湾里3幢", "柳湾里5幢"], ["柳湾里1—3、5幢"]),
        (["菜店", "槐荫里 3 幢"], ["菜店", "槐荫里3幢"]),
        ([], []),
    ],
)
def test_buildings_of_a_compound_are_one_entry(names, wanted):
    assert compounds(names) == wanted
