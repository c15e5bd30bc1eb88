"""Mediation through its pages: begun from the matter, sittings, up, agreed and kept; the ledger; screening; who may."""

import pytest
from django.urls import reverse

from huiyin.audit.models import AuditRecord
from huiyin.mediation.models import Agreement, Claim, CreditSociety, Mediation, Screening
from huiyin.rules import clock
from tests.cases.walks import bring

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, world):
    def see(name, url, data=None):
        client.force_login(getattr(world, name))
        return client.get(url) if data is None else client.post(url, data)

    return see


@pytest.fixture
def case(world):
    return bring(world, "in_hand", kind="petition")


def text(answer) -> str:
    return answer.content.decode()


def begin(world, desk, case) -> Mediation:
    url = reverse("desk_mediation_begin", args=[case.number])
    given = {
        "level": "2",
        "organisation": str(world.east_station.pk),
        "mediators": [str(world.east_staff.pk)],
    }
    assert desk("clerk", url, given).status_code == 302
    return case.mediations.get()


def sitting(**given) -> dict:
    now = clock.local(clock.now())
    words = {
        "held_at": f"{now:%Y-%m-%dT%H:%M:%S}", "place": "服务站", "present": "甲、乙", "minutes": "甲说太吵，乙说改",
        "result": "约好再谈", "next_on": "",
    }  # fmt: skip
    return {f"sit-{key}": value for key, value in {**words, **given}.items()}


def test_from_the_matter_to_an_agreement_that_is_kept(world, desk, case):
    page = text(desk("clerk", reverse("desk_case", args=[case.number])))
    assert "开始调解" in page
    mediation = begin(world, desk, case)
    assert desk("clerk", reverse("desk_mediation_sit", args=[mediation.pk]), sitting()).status_code == 302
    assert "甲说太吵" in text(desk("clerk", reverse("desk_mediation", args=[mediation.pk])))
    today = str(clock.today())
    given = {
        "agree-form": "written", "agree-agreed_on": today, "agree-content": "装隔音门", "agree-text_1": "乙还甲误工费",
        "agree-due_1": today, "agree-amount_1": "300.50",
    }  # fmt: skip
    assert desk("clerk", reverse("desk_mediation_agree", args=[mediation.pk]), given).status_code == 302
    agreement = Agreement.objects.get()
    promise = agreement.obligations.get()
    prefix = f"f{promise.pk.hex[-6:]}"
    pay = {
        f"{prefix}-kind": "cash",
        f"{prefix}-amount": "300.51",
        f"{prefix}-on": today,
        f"{prefix}-paper": "收条 7",
    }
    answer = desk("clerk", reverse("desk_fulfil", args=[promise.pk]), pay)
    assert answer.status_code == 400 and "还差 300.50 元" in text(answer) and 'value="收条 7"' in text(answer)
    pay[f"{prefix}-amount"] = "300.50"
    assert desk("clerk", reverse("desk_fulfil", args=[promise.pk]), pay).status_code == 302
    assert "做到了" in text(desk("clerk", reverse("desk_agreement", args=[agreement.pk])))
    register = text(desk("clerk", reverse("desk_mediations") + "?view=agreed"))
    assert mediation.number in register and "100%" in register


def test_a_refused_agreement_keeps_what_was_typed(world, desk, case):
    mediation = begin(world, desk, case)
    given = {
        "agree-form": "oral",
        "agree-agreed_on": str(clock.today()),
        "agree-content": "两边和好",
        "agree-text_1": "不再吵",
    }
    answer = desk("clerk", reverse("desk_mediation_agree", args=[mediation.pk]), given)
    assert (
        answer.status_code == 400 and "约定 1 要写在哪天以前" in text(answer) and "两边和好" in text(answer)
    )
    assert not Agreement.objects.exists()


def test_who_does_not_read_the_matter_finds_none_of_it(world, desk, case):
    mediation = begin(world, desk, case)
    for name, status in (("outsider", 404), ("admin", 403), ("auditor", 403)):
        assert desk(name, reverse("desk_mediation", args=[mediation.pk])).status_code == status
    assert mediation.number not in text(desk("outsider", reverse("desk_mediations") + "?view=all"))
    assert desk("supervisor", reverse("desk_mediation", args=[mediation.pk])).status_code == 200
    assert (
        desk("supervisor", reverse("desk_mediation_sit", args=[mediation.pk]), sitting()).status_code == 403
    )


def test_the_ledger_is_kept_on_its_page(world, desk, case):
    assert (
        desk("clerk", reverse("desk_society_begin", args=[case.number]), {"name": "测试会"}).status_code
        == 302
    )
    society = CreditSociety.objects.get()
    change = lambda what, **given: desk(  # noqa: E731
        "clerk",
        reverse("desk_society_change", args=[society.pk, what]),
        {f"{what}-{key}": value for key, value in given.items()},
    )
    for name in ("赵一", "钱二"):
        assert change("member", name=name, role="member", shares="1").status_code == 302
    a, b = society.members.order_by("number")
    assert change("claim", creditor=a.pk, debtor=b.pk, amount="100", basis="会单").status_code == 302
    assert change("claim", creditor=b.pk, debtor=a.pk, amount="40", basis="会单").status_code == 302
    rows = list(Claim.objects.order_by("number"))
    today = str(clock.today())
    refused = change("net", claims=[row.pk for row in rows], amount="40", on=today, paper="字据")
    assert refused.status_code in (400, 409) and "双方确认" in text(refused)
    for row in rows:
        desk("clerk", reverse("desk_claim_confirm", args=[row.pk]), {})
    assert (
        change("net", claims=[row.pk for row in rows], amount="40", on=today, paper="字据").status_code == 302
    )
    done = {"claim": rows[0].pk, "amount": "60", "agreed_on": today, "due_on": today, "content": "还清"}
    assert change("settle", **done).status_code == 302
    assert change("stated", name="claims", amount="150", on=today, paper="小组汇报").status_code == 302
    page = text(desk("clerk", reverse("desk_society", args=[society.pk])))
    assert "报数多 10.00 元" in page and "赵*" in page and "赵一" not in page


def test_a_screening_finds_a_matter(world, desk, case):
    day = str(clock.today())
    given = {
        "area": str(world.east.pk),
        "name": "本月排查",
        "from_on": day,
        "until_on": day,
        "by_names": "网格员",
    }
    assert desk("clerk", reverse("desk_screenings"), given).status_code == 302
    again = desk("clerk", reverse("desk_screenings"), given)
    assert again.status_code == 400 and "不用再设" in text(again)
    row = Screening.objects.get()

    def found(number):
        return desk("clerk", reverse("desk_screening_found", args=[row.pk]), {"found-number": number})

    assert found("26-99999").status_code == 404
    assert found(case.number).status_code == 302
    assert case.number in text(desk("clerk", reverse("desk_screening", args=[row.pk])))
    assert "本月排查" in text(desk("supervisor", reverse("desk_screenings")))


def test_the_register_asks_few_questions(world, client, desk, django_assert_max_num_queries):
    for _ in range(5):
        begin(world, desk, bring(world, "in_hand", kind="petition"))
    client.force_login(world.clerk)
    with django_assert_max_num_queries(14):
        assert "5 个工作日" not in text(client.get(reverse("desk_mediations")))


def test_reading_a_restricted_matter_here_leaves_a_trace(world, desk, case):
    mediation = begin(world, desk, case)
    url = reverse("desk_mediation", args=[mediation.pk])
    desk("clerk", url)
    assert not AuditRecord.objects.filter(action="case_read").exists()
    type(case).objects.filter(pk=case.pk).update(is_restricted=True)
    desk("clerk", url)
    note = AuditRecord.objects.get(action="case_read")
    assert note.actor == world.clerk and note.detail["page"] == url
    desk("clerk", reverse("desk_mediation_begin", args=[case.number]))
    assert AuditRecord.objects.filter(action="case_read").count() == 2
