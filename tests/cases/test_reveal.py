"""Who raised it: seen for a purpose, by those who need it for the work, after the log has it."""

import pytest
from django.db import DatabaseError, connection

from huiyin.audit.models import AuditRecord
from huiyin.cases.intake import Person
from tests.cases.walks import bring

pytestmark = pytest.mark.django_db
NAME, PHONE = "欧阳秋实甲", "10000007766"


@pytest.fixture
def case(world):
    return bring(world, "in_hand", persons=[Person(name=NAME, phone=PHONE, address="槐荫里 3 幢玖零玖室")])


def ask(client, user, case, data=None, **more):
    client.force_login(user)
    party = case.parties.get()
    return client.post(
        f"/desk/cases/{case.number}/reveal/{party.pk}/",
        {"purpose": "电话联系"} if data is None else data,
        **more,
    )


@pytest.mark.parametrize("who", ["clerk", "duty_leader", "director", "handler", "east_worker"])
def test_those_who_need_it_see_it_and_the_log_says_so(client, world, case, who):
    user = getattr(world, who)
    html = ask(client, user, case, headers={"HX-Request": "true"}).content.decode()
    assert (
        NAME in html
        and PHONE in html
        and "玖零玖" in html
        and 'data-seconds="60"' in html
        and "<html" not in html
    )
    row = AuditRecord.objects.get(action="reveal")
    assert row.actor == user and row.subject == f"case:{case.number}" and row.detail["purpose"] == "电话联系"
    assert row.address == "127.0.0.1" and PHONE not in str(row.detail) and NAME not in str(row.detail)


@pytest.mark.parametrize("who", ["handler_b", "supervisor", "leader", "east_staff"])
def test_others_who_see_the_matter_do_not_see_the_person(client, world, case, who):
    answer = ask(client, getattr(world, who), case)
    html = answer.content.decode()
    assert answer.status_code == 403 and NAME not in html and PHONE not in html
    assert not AuditRecord.objects.filter(action="reveal").exists()
    page = client.get(f"/desk/cases/{case.number}/").content.decode()
    assert "/reveal/" not in page


def test_a_stranger_to_the_matter_finds_nothing(client, world, case):
    assert ask(client, world.outsider, case).status_code == 404


def test_the_supervisor_may_call_back_when_it_is_answered(client, world):
    case = bring(world, "answered", persons=[Person(name=NAME, phone=PHONE)])
    assert NAME in ask(client, world.supervisor, case).content.decode()


def test_a_unit_that_returned_it_no_longer_needs_the_person(client, world):
    from tests.cases.walks import clause

    case = bring(world, "in_hand", persons=[Person(name=NAME, phone=PHONE)])
    case.return_work(by=world.handler, subject=case.lead, reason="不归我们", clause=clause(world))
    assert ask(client, world.handler, case).status_code == 403


@pytest.mark.parametrize(
    "data", [{}, {"purpose": "看看"}, {"purpose": "其他"}, {"purpose": "其他", "words": " "}]
)
def test_without_a_purpose_nothing_is_shown(client, world, case, data):
    answer = ask(client, world.clerk, case, data)
    html = answer.content.decode()
    assert answer.status_code == 400 and "事由" in html and NAME not in html and PHONE not in html
    assert not AuditRecord.objects.exists()


def test_own_words_are_a_purpose(client, world, case):
    ask(client, world.clerk, case, {"purpose": "其他", "words": "送还遗失的材料"})
    assert AuditRecord.objects.get().detail["purpose"] == "送还遗失的材料"


def test_reading_the_address_shows_nothing(client, world, case):
    client.force_login(world.clerk)
    assert client.get(f"/desk/cases/{case.number}/reveal/{case.parties.get().pk}/").status_code == 405


def test_the_party_of_another_matter_is_not_found(client, world, case):
    other = bring(world, "in_hand")
    client.force_login(world.clerk)
    answer = client.post(
        f"/desk/cases/{other.number}/reveal/{case.parties.get().pk}/", {"purpose": "电话联系"}
    )
    assert answer.status_code == 404 and not AuditRecord.objects.exists()


def test_the_log_comes_first(client, world, case):
    """Without a log entry there is no name: the person is not even read before it is written."""
    client.raise_request_exception = False
    client.force_login(world.clerk)
    party = case.parties.get().pk
    asked = []

    def watch(execute, sql, params, many, context):
        if "audit_auditrecord" in sql or 'FROM "people_party"' in sql:
            asked.append(sql.split()[0])
        return execute(sql, params, many, context)

    def no_log(execute, sql, params, many, context):
        if "audit_auditrecord" in sql:
            raise DatabaseError("no log today")
        return execute(sql, params, many, context)

    address = f"/desk/cases/{case.number}/reveal/{party}/"
    with connection.execute_wrapper(watch):
        client.post(address, {"purpose": "电话联系"})
    assert asked == ["INSERT", "SELECT"]
    with connection.execute_wrapper(no_log):
        answer = client.post(address, {"purpose": "电话联系"})
    assert (
        answer.status_code == 500
        and PHONE not in answer.content.decode()
        and NAME not in answer.content.decode()
    )


def test_without_script_it_is_a_page_that_leaves_by_itself(client, world, case):
    answer = ask(client, world.clerk, case)
    html = answer.content.decode()
    assert "<html" in html and 'http-equiv="refresh"' in html and NAME in html
    assert "no-store" in answer["Cache-Control"]
