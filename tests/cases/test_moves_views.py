"""A verb from the page: its form, the deed, and every way it can be refused with the words kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.cases.models import Attachment, Case
from huiyin.cases.offers import offers
from tests.cases.test_files import picture
from tests.cases.walks import ANSWER, bring

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def post(client, user, case, verb, data=None, subject="", **more):
    client.force_login(user)
    tail = f"{subject}/" if subject else ""
    return client.post(f"/desk/cases/{case.number}/{verb}/{tail}", data or {}, **more)


def events(case):
    return case.events.count()


def test_a_verb_is_one_event_and_leads_back(client, world):
    case = bring(world, "verified")
    before = events(case)
    answer = post(
        client,
        world.clerk,
        case,
        "answer",
        {"text": ANSWER, "reply_by": "phone", "outcome": "solved", "from": "view=verified"},
    )
    assert answer.status_code == 302 and answer.url == f"/desk/cases/{case.number}/?from=view%3Dverified"
    assert events(case) == before + 1
    assert Case.objects.get(pk=case.pk).state == "answered"
    assert "已经记下" in client.get(answer.url).content.decode()


def test_htmx_is_told_where_to_go(client, world):
    case = bring(world, "in_hand")
    answer = post(client, world.handler, case, "record", {"act": "talk", "text": "谈过了"}, headers=HTMX)
    assert answer.status_code == 204 and answer["HX-Redirect"] == f"/desk/cases/{case.number}/"


def test_a_verb_without_fields_needs_no_form(client, world):
    case = bring(world, "dispatched")
    client.force_login(world.handler)
    html = client.get(f"/desk/cases/{case.number}/").content.decode()
    subject = case.lead.pk
    assert f'action="/desk/cases/{case.number}/take/{subject}/"' in html
    assert post(client, world.handler, case, "take", subject=subject).status_code == 302
    assert Case.objects.get(pk=case.pk).in_charge == world.handler


def test_reading_a_verbs_address_is_not_doing_it(client, world):
    case = bring(world, "verified")
    client.force_login(world.clerk)
    before = events(case)
    assert client.get(f"/desk/cases/{case.number}/answer/").status_code == 405
    assert client.post(f"/desk/cases/{case.number}/answer/form/").status_code == 405
    assert events(case) == before


@pytest.mark.slow
def test_every_offered_form_opens_as_page_and_as_part(client, world):
    for state in (
        "received",
        "accepted",
        "dispatched",
        "in_hand",
        "reported",
        "verified",
        "answered",
        "closed",
    ):
        case = bring(world, state)
        for user in (world.clerk, world.duty_leader, world.handler, world.supervisor):
            client.force_login(user)
            for offer in offers(case, user):
                tail = f"{offer.subject.pk}/" if offer.subject else ""
                address = f"/desk/cases/{case.number}/{offer.verb}/form/{tail}"
                part = client.get(address, headers=HTMX)
                assert part.status_code == 200 and b"<html" not in part.content, (state, offer.verb)
        whole = client.get(address)
        assert whole.status_code == 200 and b"<html" in whole.content


def test_wrong_input_comes_back_with_words_and_errors(client, world):
    case = bring(world, "verified")
    before = events(case)
    answer = post(
        client,
        world.clerk,
        case,
        "answer",
        {"text": "短", "reply_by": "web", "delivered": "留了条子"},
        headers=HTMX,
    )
    html = answer.content.decode()
    assert answer.status_code == 400 and "短</textarea>" in html and 'value="留了条子"' in html
    assert 'aria-invalid="true"' in html and "您填的都还在" in html and "<html" not in html
    assert events(case) == before


def test_office_words_are_named_at_the_field(client, world):
    case = bring(world, "in_hand")
    answer = post(client, world.clerk, case, "tell", {"text": "您的诉求已经派单给承办单位了，请等候。"})
    html = answer.content.decode()
    assert answer.status_code == 400 and "内部用语" in html and "您的诉求已经派单" in html


def test_another_channel_needs_a_word_why(client, world):
    case = bring(world, "verified")
    answer = post(
        client, world.clerk, case, "answer", {"text": ANSWER, "reply_by": "web", "outcome": "solved"}
    )
    html = answer.content.decode()
    assert answer.status_code == 400 and "请写明为什么换办法" in html and ANSWER in html


def test_the_wrong_post_is_refused_and_nothing_happens(client, world):
    case = bring(world, "verified")
    before = events(case)
    answer = post(
        client, world.east_worker, case, "answer", {"text": ANSWER, "reply_by": "phone", "outcome": "solved"}
    )
    assert (
        answer.status_code == 403
        and "您的岗位不能" in answer.content.decode()
        and ANSWER in answer.content.decode()
    )
    assert client.get(f"/desk/cases/{case.number}/answer/form/").status_code == 403
    assert events(case) == before


def test_the_handler_may_not_verify(client, world):
    case = bring(world, "reported")
    case.assignments.update(handler=world.supervisor)
    answer = post(client, world.supervisor, case, "verify", {"text": "我去看过了，好了", "is_true": "yes"})
    assert answer.status_code == 403 and "没经手的人" in answer.content.decode()


def test_who_does_not_see_the_matter_finds_no_verb(client, world):
    case = bring(world, "verified")
    answer = post(client, world.outsider, case, "answer", {"text": ANSWER, "reply_by": "phone"})
    assert answer.status_code == 404 and case.title not in answer.content.decode()


def test_the_second_of_two_sees_who_was_first(client, world):
    case = bring(world, "verified")
    case.answer(by=world.clerk_b, text=ANSWER, reply_by="phone", delivered="电话说过")
    mine = "我也写了一份答复，井盖已经换成新的了。"
    before = events(case)
    answer = post(
        client,
        world.clerk,
        case,
        "answer",
        {"text": mine, "reply_by": "phone", "outcome": "solved"},
        headers=HTMX,
    )
    html = answer.content.decode()
    assert answer.status_code == 409 and world.clerk_b.name in html and "答复居民" in html and mine in html
    assert events(case) == before


def test_unknown_verbs_and_foreign_subjects_are_not_found(client, world):
    case, other = bring(world, "in_hand"), bring(world, "dispatched")
    assert post(client, world.clerk, case, "explode").status_code == 404
    assert post(client, world.handler, case, "take", subject=other.lead.pk).status_code == 404
    assert post(client, world.handler, case, "take").status_code == 404
    assert other.lead.state == "sent"


def test_files_come_with_the_record(client, world):
    case = bring(world, "in_hand")
    files = [picture("前.jpg"), picture("后.png", "PNG")]
    answer = post(client, world.handler, case, "record", {"act": "work", "text": "换好了", "files": files})
    assert answer.status_code == 302
    event = case.events.get(text="换好了")
    assert sorted(row.name for row in event.attachments.all()) == ["前.jpg", "后.png"]
    assert f"/desk/files/{event.attachments.first().pk}/?small" in client.get(answer.url).content.decode()


def test_files_stay_when_the_rest_is_wrong(client, world):
    case = bring(world, "in_hand")
    data = {"act": "opinion", "text": "限期整改", "files": [picture("现场.jpg")]}
    answer = post(client, world.handler, case, "record", data)
    row = Attachment.objects.get(case=None)
    html = answer.content.decode()
    assert answer.status_code == 400 and f'value="{row.pk}"' in html and "限期整改" in html
    again = {"act": "opinion", "text": "限期整改", "due_on": "2099-01-01", "attachments": [str(row.pk)]}
    assert post(client, world.handler, case, "record", again).status_code == 302
    row.refresh_from_db()
    assert row.case_id == case.pk and row.event.text == "限期整改"


def test_a_bad_file_refuses_the_whole_record(client, world):
    case = bring(world, "in_hand")
    before = events(case)
    bad = SimpleUploadedFile("现场.jpg", b"<script>alert(1)</script>", content_type="image/jpeg")
    answer = post(client, world.handler, case, "record", {"act": "work", "text": "换好了", "files": [bad]})
    assert (
        answer.status_code == 400
        and "不是照片或 PDF" in answer.content.decode()
        and "换好了" in answer.content.decode()
    )
    assert events(case) == before


def test_somebody_elses_waiting_file_cannot_be_taken(client, world):
    from huiyin.cases import attachments

    case = bring(world, "in_hand")
    row = attachments.store(picture("私.jpg"), world.office, by=world.clerk)
    answer = post(
        client, world.handler, case, "record", {"act": "work", "text": "换好了", "attachments": [str(row.pk)]}
    )
    assert answer.status_code == 400
    row.refresh_from_db()
    assert row.case_id is None
