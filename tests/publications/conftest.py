"""Closed matters that may be told in public."""

import pytest

from huiyin.cases.intake import Person
from huiyin.cases.models import Case
from tests.portal.conftest import bring

SAID = "我是何秀兰，住槐荫里3幢二单元501室，电话10000001234。楼下井盖松了，晚上车一过就响。"
ANSWER = "何女士您好：井盖已经换成防响的新盖，经办人测handler夜里去听过，不响了。再响请打 0000-600 0000。"


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def closed(world):
    """`closed(solved="yes", …)`: a matter answered, rated and closed, with the person's name in its words."""

    def make(*, solved="yes", answer=ANSWER, **words):
        words = {
            "description": SAID,
            "category": "030202",
            "title": "槐荫里3幢门口井盖响",
            "persons": [Person(name="何秀兰", phone="10000001234")],
        } | words
        case = bring(world, world.register(**words), "verified")
        case.answer(by=world.clerk, text=answer, reply_by=case.reply_by, delivered="")
        case = Case.objects.get(pk=case.pk)
        case.contact(by=world.clerk, text="打过电话", how="phone")
        case.close(by=world.clerk)
        if solved:
            case.rate(by=None, contacted="yes", solved=solved, satisfied="yes")
        return Case.objects.get(pk=case.pk)

    return make
