"""A day's papers in one file; what became of papers in the matter's history; a wording that lacks something."""

import copy
import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from huiyin.audit.models import AuditRecord
from huiyin.documents import issuing
from huiyin.documents.models import DocumentKind, DocumentStep, IssuedDocument
from huiyin.documents.rule_checks import shipped
from huiyin.documents.views import day
from huiyin.rules import clock
from huiyin.rules.models import RuleSet, forget
from tests.documents.conftest import NAME

pytestmark = pytest.mark.django_db
PAGE, PRINT = "/desk/documents/day/", "/desk/documents/day/print/"


@pytest.fixture
def at(client, world):
    def sit(who):
        client.force_login(getattr(world, who))
        return client

    return sit


def pages(answer):
    found = PdfReader(io.BytesIO(b"".join(answer.streaming_content)))
    return [page.extract_text().replace("\n", "").replace(" ", "") for page in found.pages]


def test_the_papers_of_a_day_are_printed_at_once_and_each_is_noted(at, world, issued):
    rows = [issued(DocumentKind.ACCEPTANCE), issued(DocumentKind.TRANSFER)]
    page = at("clerk").get(PAGE).content.decode()
    for row in rows:
        assert row.number in page and f'value="{row.pk}"' in page
    before = AuditRecord.objects.filter(action="document_file").count()
    given = {"on": f"{clock.today()}", "paper": [row.pk for row in rows], "purpose": "送达本人"}
    answer = at("clerk").post(PRINT, given)
    assert answer["Content-Type"] == "application/pdf" and "no-store" in answer["Cache-Control"]
    text = "".join(pages(answer))
    assert all(row.number in text for row in rows) and NAME in text
    assert AuditRecord.objects.filter(action="document_file").count() == before + 2


def test_only_what_is_ticked_and_only_of_that_day(at, world, issued):
    one, other = issued(DocumentKind.ACCEPTANCE), issued(DocumentKind.TRANSFER)
    given = {"on": f"{clock.today()}", "paper": [one.pk, "nonsense"], "purpose": "归档"}
    text = "".join(pages(at("clerk").post(PRINT, given)))
    assert one.number in text and other.number not in text
    given["on"] = "2020-01-06"
    assert at("clerk").post(PRINT, given).status_code == 400


def test_a_refusal_keeps_what_was_ticked(at, world, issued):
    one, other = issued(DocumentKind.ACCEPTANCE), issued(DocumentKind.TRANSFER)
    answer = at("clerk").post(PRINT, {"on": f"{clock.today()}", "paper": [other.pk], "purpose": "看看"})
    page = answer.content.decode()
    assert answer.status_code == 400 and "要选用途" in page
    assert f'value="{other.pk}" aria-label="{other.number}" checked' in page
    assert f'value="{one.pk}" aria-label="{one.number}" checked' not in page
    assert at("clerk").post(PRINT, {"on": f"{clock.today()}", "purpose": "归档"}).status_code == 400


def test_who_need_not_contact_prints_without_identity(at, world, issued):
    row = issued(DocumentKind.ACCEPTANCE)
    assert NAME in row.content
    given = {"on": f"{clock.today()}", "paper": [row.pk], "purpose": "核对内容"}
    text = "".join(pages(at("supervisor").post(PRINT, given)))
    assert row.number in text and NAME not in text


def test_nobody_prints_what_they_may_not_read_and_voided_ones_stay_out(at, world, issued):
    row = issued(DocumentKind.ACCEPTANCE)
    given = {"on": f"{clock.today()}", "paper": [row.pk], "purpose": "归档"}
    assert row.number not in at("outsider").get(PAGE).content.decode()
    assert at("outsider").post(PRINT, given).status_code == 400
    issuing.void(row, by=world.clerk, reason="地址写错")
    assert at("clerk").post(PRINT, given).status_code == 400


def test_a_long_day_is_said_and_cut(at, world, issued, monkeypatch):
    issued(DocumentKind.ACCEPTANCE)
    issued(DocumentKind.TRANSFER)
    monkeypatch.setattr(day, "MOST", 1)
    assert "一次最多 1 份" in at("clerk").get(PAGE).content.decode()


def test_what_became_of_papers_stands_in_the_history_with_a_link(at, world, issued):
    row = issued(DocumentKind.ACCEPTANCE)
    issuing.deliver(row, by=world.clerk, on=clock.today(), way="hand")
    issuing.void(row, by=world.clerk, reason="地址写错")
    address = reverse("desk_document", args=[row.pk])
    story = at("clerk").get(f"/desk/cases/{row.case.number}/").content.decode()
    story = story.split('id="story"', 1)[1].split("</ol>", 1)[0]
    for words in ("出受理告知书", "受理告知书送达", "受理告知书作废"):
        assert f'<a class="link" href="{address}">{words}</a>' in story
    assert story.index("作废理由：地址写错") < story.index("当面送交") < story.index(">出受理告知书<")
    assert DocumentStep.objects.count() == 2


def test_an_old_wording_says_what_is_wrong_and_who_mends_it(at, world, issued):
    row = issued(DocumentKind.ACCEPTANCE)
    old = copy.deepcopy(shipped())
    del old["layouts"], old["kinds"]["acceptance"]["closing"]
    RuleSet.objects.create(
        office=world.office, name="documents", version=90, valid_from=clock.today(), content=old,
        source="旧的", activated_at=clock.now(),
    )  # fmt: skip
    forget()
    number = row.case.number
    answer = at("clerk").get(f"/desk/cases/{number}/papers/registration/")
    page = answer.content.decode()
    assert answer.status_code == 409 and "第 90 版不合用" in page and "设置 › 规则 › 文书" in page
    matter = at("clerk").get(f"/desk/cases/{number}/")
    assert matter.status_code == 200 and "第 90 版不合用" in matter.content.decode()
    assert row.number in matter.content.decode(), "what was issued stays in reach"
    assert at("clerk").get(reverse("desk_document", args=[row.pk])).status_code == 200
    assert IssuedDocument.objects.count() == 1
    forget()
