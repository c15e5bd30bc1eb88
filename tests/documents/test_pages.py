"""The pages: section on the matter, draft, issue, signature, files with purpose, delivery, voiding, register."""

import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from huiyin.accounts.models import Office
from huiyin.audit.models import AuditRecord
from huiyin.documents import issuing
from huiyin.documents.models import DocumentKind, IssuedDocument, Submission
from huiyin.rules import clock
from tests.cases import walks
from tests.documents.conftest import BASIS, NAME, PHONE

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(client, world):
    """`at("clerk")`: the client at that desk."""

    def sit(who):
        client.force_login(getattr(world, who))
        return client

    return sit


def draft_url(case, kind, key=""):
    return f"/desk/cases/{case.number}/papers/{kind}/" + (f"{key}/" if key else "")


def test_matter_lists_what_can_be_issued_and_what_waits(at, world, ready):
    case, key, _ = ready("transfer")
    shown = at("clerk").get(f"/desk/cases/{case.number}/").text
    assert draft_url(case, "acceptance") in shown and draft_url(case, "transfer", key) in shown
    assert draft_url(case, "opinion") not in shown and "先“答复居民”" in shown
    shown = at("handler").get(f"/desk/cases/{case.number}/").text
    assert draft_url(case, "acceptance") not in shown


def test_matter_lists_what_was_issued(at, world, issued):
    document = issued("acceptance")
    shown = at("clerk").get(f"/desk/cases/{document.case.number}/").text
    assert f"/desk/documents/{document.pk}/" in shown and document.number in shown and "没送达" in shown
    assert draft_url(document.case, "acceptance") not in shown


def test_section_costs_few_queries(at, world, issued):
    document = issued("transfer")
    client, number = at("clerk"), document.case.number
    client.get(f"/desk/cases/{number}/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(f"/desk/cases/{number}/")
    own = [row["sql"] for row in asked if "documents_" in row["sql"]]
    assert len(own) <= 3, own


@pytest.mark.parametrize("kind", DocumentKind.values)
def test_draft_shows_the_paper_without_identity(at, world, ready, kind):
    case, key, _ = ready(kind)
    shown = at("clerk").get(draft_url(case, kind, key))
    assert shown.status_code == 200 and PHONE not in shown.text and NAME not in shown.text
    assert "井盖" in shown.text and "示例" in shown.text or "国标" in shown.text
    assert (
        not IssuedDocument.objects.exists()
        and not AuditRecord.objects.filter(action="document_file").exists()
    )


def test_law_is_named_for_petitions_only(at, world, ready):
    petition = ready("acceptance")[0]
    other = walks.bring(world, "accepted", kind="city_problem", channel="visit")
    assert "第二十三条</p>" in at("clerk").get(draft_url(petition, "acceptance")).text
    shown = at("clerk").get(draft_url(other, "acceptance")).text
    assert "法定" not in shown and "按本街道的做法" in shown


def test_issue_button_makes_one_paper(at, world, ready):
    case, key, _ = ready("acceptance")
    client = at("clerk")
    first = client.post(draft_url(case, "acceptance") + "issue/", {"do": "issue"})
    second = client.post(draft_url(case, "acceptance") + "issue/", {"do": "issue"})
    document = IssuedDocument.objects.get()
    assert first.url == second.url == f"/desk/documents/{document.pk}/"
    assert client.get(draft_url(case, "acceptance")).url == first.url
    assert "/t/" in document.content or case.tracking_code in document.content


def test_refusal_keeps_what_was_typed(at, world, ready):
    case, _, _ = ready("opinion")
    client = at("clerk")
    typed = {"do": "issue", "outcome": "explained", "basis": "某办法第三条"}
    answer = client.post(draft_url(case, "opinion") + "issue/", typed)
    assert answer.status_code == 403 and "送签" in answer.text and "某办法第三条" in answer.text
    missing = client.post(
        draft_url(case, "opinion") + "issue/", {"do": "submit", "outcome": "solved", "basis": ""}
    )
    assert missing.status_code == 409 and "缺：依据" in missing.text
    again = client.post(draft_url(case, "opinion") + "issue/", {**typed, "do": "preview"})
    assert again.status_code == 200 and "某办法第三条。" in again.text and "作出解释说明" in again.text
    assert not IssuedDocument.objects.exists() and not Submission.objects.exists()


def test_clerk_hands_in_leader_signs(at, world, ready):
    case, _, extra = ready("opinion")
    gone = at("clerk").post(draft_url(case, "opinion") + "issue/", {"do": "submit", **extra})
    row = Submission.objects.get()
    assert gone.url == f"/desk/documents/submissions/{row.pk}/"
    assert "等领导签发" in at("clerk").get(f"/desk/cases/{case.number}/").text
    assert at("clerk").post(gone.url, {"do": "sign"}).status_code == 403
    today = at("leader").get("/desk/").text
    assert gone.url in today and "等您签发的文书" in today
    page = at("leader").get(gone.url).text
    assert BASIS in page and NAME not in page
    signed = at("leader").post(gone.url, {"do": "sign"})
    document = IssuedDocument.objects.get()
    assert signed.url == f"/desk/documents/{document.pk}/" and document.approved_by == world.leader
    assert "已经发出" in at("clerk").get(gone.url).text


def test_leader_sends_it_back(at, world, ready):
    case, _, extra = ready("opinion")
    url = at("clerk").post(draft_url(case, "opinion") + "issue/", {"do": "submit", **extra}).url
    client = at("leader")
    assert client.post(url, {"do": "back", "words": ""}).status_code == 400
    assert client.post(url, {"do": "back", "words": "依据写全称"}).status_code == 302
    assert "依据写全称" in at("clerk").get(url).text


def take(client, document, ending, purpose="送达本人"):
    return client.post(f"/desk/documents/{document.pk}/file/", {"format": ending, "purpose": purpose})


def text_of(answer, ending) -> str:
    content = b"".join(answer.streaming_content)
    if ending == "pdf":
        pages = PdfReader(io.BytesIO(content)).pages
        return "".join(page.extract_text() for page in pages).replace("\n", "")
    return zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()


@pytest.mark.parametrize("ending", ["docx", "pdf"])
def test_file_needs_a_purpose_and_is_noted(at, world, issued, ending):
    document, client = issued("reply"), at("clerk")
    assert take(client, document, ending, "").status_code == 400
    assert take(client, document, "exe").status_code == 400
    assert not AuditRecord.objects.filter(action="document_file").exists()
    answer = take(client, document, ending)
    assert answer.status_code == 200 and NAME in text_of(answer, ending)
    assert "attachment" in answer["Content-Disposition"] and "no-cache" in answer["Cache-Control"]
    noted = AuditRecord.objects.get(action="document_file")
    assert noted.detail["purpose"] == "送达本人" and noted.detail["identity"] is True
    assert noted.subject == f"document:{document.number}" and noted.actor == world.clerk


@pytest.mark.parametrize("ending", ["docx", "pdf"])
def test_who_need_not_contact_gets_it_without_identity(at, world, issued, ending):
    """The supervisor reads the matter but does not phone the person while it is not answered."""
    document = issued("acceptance")
    answer = take(at("supervisor"), document, ending, "核对内容")
    text = text_of(answer, ending)
    assert NAME not in text and document.case.tracking_code not in text and "何*" in text
    assert AuditRecord.objects.get(action="document_file").detail["identity"] is False


@pytest.mark.parametrize("ending", ["docx", "pdf"])
def test_a_voided_paper_says_so_in_its_files(at, world, issued, ending):
    document, client = issued("acceptance"), at("clerk")
    issuing.void(document, by=world.clerk, reason="日期写错")
    assert "已作废（日期写错）" in text_of(take(client, document, ending, "归档"), ending)


def test_a_form_that_is_filed_is_not_delivered(at, world, issued):
    document, client = issued("registration"), at("clerk")
    page = f"/desk/documents/{document.pk}/"
    assert "记下送达" not in client.get(page).text
    answer = client.post(page + "deliver/", {"on": str(clock.today()), "way": "hand"})
    assert answer.status_code == 409 and "归档" in answer.text
    assert document.number not in client.get("/desk/documents/?state=open").text


def test_page_of_a_document_masks_and_says_fonts(at, world, issued):
    document = issued("acceptance")
    shown = at("clerk").get(f"/desk/documents/{document.pk}/").text
    assert NAME not in shown and "何*" in shown and document.case.tracking_code not in shown
    assert "字体替代" in shown and "法定" in shown


@pytest.mark.parametrize("who", ["outsider", "admin", "auditor", "environment_handler"])
def test_only_with_its_matter(at, world, issued, who):
    document = issued("acceptance")
    client = at(who)
    assert client.get(f"/desk/documents/{document.pk}/").status_code == 404
    assert take(client, document, "pdf").status_code == 404
    assert client.get(draft_url(document.case, "acceptance")).status_code == 404
    assert document.number not in client.get("/desk/documents/").text


def test_another_office_sees_nothing(at, world, issued):
    document = issued("acceptance")
    stranger = world.clerk
    stranger.office = Office.objects.create(
        code="990101010", name="别处街道", short_name="别处", centre_name="中心", document_mark="别街",
        phone="0000-600 0001", address="二号路", hours="每天",
    )  # fmt: skip
    stranger.save()
    stranger.posts.update(office=stranger.office)
    client = at("clerk")
    assert client.get(f"/desk/documents/{document.pk}/").status_code == 404
    assert document.number not in client.get("/desk/documents/").text


def test_delivered_and_voided_on_the_page(at, world, issued):
    document, client = issued("acceptance"), at("clerk")
    page = f"/desk/documents/{document.pk}/"
    wrong = client.post(page + "deliver/", {"on": "", "way": "hand", "words": "本人收"})
    assert wrong.status_code == 400 and "本人收" in wrong.text
    assert (
        client.post(
            page + "deliver/", {"on": str(clock.today()), "way": "hand", "words": "本人收"}
        ).status_code
        == 302
    )
    assert "当面送交" in client.get(page).text and "记下送达" not in client.get(page).text
    assert client.post(page + "void/", {"reason": ""}).status_code == 400
    assert client.post(page + "void/", {"reason": "姓名写错"}).status_code == 302
    assert "已作废" in client.get(page).text and "姓名写错" in client.get(page).text
    assert at("east_worker").post(page + "void/", {"reason": "试试"}).status_code in (403, 404)


def test_wrong_kind_and_wrong_state(at, world):
    case = walks.bring(world, "received", kind="petition")
    client = at("clerk")
    assert client.get(draft_url(case, "nothing")).status_code == 404
    early = client.get(draft_url(case, "opinion"))
    assert early.status_code == 409 and "先“答复居民”" in early.text


def test_register_by_state_and_kind(at, world, issued):
    first, second = issued("acceptance"), issued("transfer")
    issuing.deliver(first, by=world.clerk, on=clock.today(), way="mail")
    client = at("clerk")

    def listed(**query):
        shown = client.get("/desk/documents/", query).text
        return [document.number in shown for document in (first, second)]

    assert listed() == [True, True] and listed(state="open") == [False, True]
    assert listed(state="delivered") == [True, False] and listed(state="voided") == [False, False]
    assert listed(kind="transfer") == [False, True] and listed(state="zz", after="nothing") == [True, True]


def test_register_pages_do_not_overlap_and_cost_the_same(at, world, issued, monkeypatch):
    monkeypatch.setattr("huiyin.documents.views.issued.PAGE", 2)
    for _ in range(5):
        issued("registration")
    client, seen, address, costs = at("clerk"), [], "/desk/documents/", []
    while address:
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address)
        costs.append(len(asked))
        seen += [row.number for row in page.context["documents"]]
        address = f"/desk/documents/?after={page.context['more']}" if page.context["more"] else ""
    assert len(seen) == len(set(seen)) == 5 and max(costs) <= 16, costs


def test_reading_a_restricted_matter_here_leaves_a_trace(at, world, issued, ready):
    document = issued("acceptance")
    case, key, _ = ready("transfer")
    pages = [f"/desk/documents/{document.pk}/", draft_url(case, "transfer", key)]
    for page in pages:
        at("clerk").get(page)
    assert not AuditRecord.objects.filter(action="case_read").exists()
    type(case).objects.update(is_restricted=True)
    for page in pages:
        at("clerk").get(page)
    notes = AuditRecord.objects.filter(action="case_read", actor=world.clerk)
    assert [row.detail["page"] for row in notes.order_by("pk")] == pages
