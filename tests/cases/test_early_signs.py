"""苗头性问题: restricted from the first moment, followed up by its level, raised by rule, every reading on record."""

import pytest

from huiyin.accounts import tokens
from huiyin.audit.models import AuditRecord
from huiyin.base.refusal import Refusal
from huiyin.cases import early_signs, offers
from huiyin.cases.models import Case
from huiyin.notices.models import Notice
from huiyin.rules import clock
from tests.cases.test_intake_page import fields, page
from tests.world import later

pytestmark = pytest.mark.django_db
SIGN = {
    "kind": "early_sign", "channel": "patrol", "description": "几家人商量下周一起去区里，为的是停车费的事。",
    "watch_source": "网格员走访时听说", "watch_level": "serious", "reply_by": "web", "name": "", "phone": "",
}  # fmt: skip


@pytest.fixture
def deputy(world):
    return world.person("deputy", "centre", "deputy", "常务副主任")


@pytest.fixture
def sign(client, world, deputy):
    client.force_login(world.clerk)
    answer = client.post(page(), fields(**SIGN, responsible=str(world.east_staff.pk)))
    assert answer.status_code == 302
    return Case.objects.get()


def fresh(case):
    return Case.objects.get(pk=case.pk)


def test_source_level_and_person_are_kept_and_it_is_restricted(sign, world):
    row = sign.early_sign
    assert (row.source, row.level, row.next_on) == ("网格员走访时听说", "serious", later(days=7).date())
    assert sign.is_restricted and sign.in_charge == world.east_staff


def test_source_is_asked_for(client, world):
    client.force_login(world.clerk)
    answer = client.post(page(), fields(**{**SIGN, "watch_source": ""}))
    assert answer.status_code == 400 and "从哪里得知" in answer.text and not Case.objects.exists()


def test_only_named_people_read_it(client, sign, world, deputy):
    for who, status in (("clerk", 200), ("deputy", 200), ("supervisor", 200), ("east_staff", 200), ("clerk_b", 404),
                        ("leader", 404), ("east_worker", 404), ("outsider", 404), ("admin", 404)):  # fmt: skip
        client.force_login(getattr(world, who))
        assert client.get(f"/desk/cases/{sign.number}/").status_code == status, who
        assert (sign.title in client.get("/desk/cases/?view=open").text) == (status == 200), who


def test_every_reading_is_audited(client, sign, world):
    client.force_login(world.supervisor)
    for path in ("", "preview/", "receipt/"):
        before = AuditRecord.objects.count()
        assert client.get(f"/desk/cases/{sign.number}/{path}").status_code == 200
        row = AuditRecord.objects.order_by("-at", "-pk").first()
        assert AuditRecord.objects.count() == before + 1, path
        assert (row.action, row.subject, row.actor) == ("case_read", f"case:{sign.number}", world.supervisor)
        assert sign.title not in str(row.detail)
    token = tokens.issue(world.supervisor)
    answer = client.get(f"/api/v1/cases/{sign.number}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200 and AuditRecord.objects.filter(action="case_read").count() == 4
    before = AuditRecord.objects.count() - 1
    ordinary = world.register(by=world.clerk)
    client.get(f"/desk/cases/{ordinary.number}/")
    assert AuditRecord.objects.count() == before + 1, "ordinary matters are read without a note"


def test_contact_sets_the_next_day_by_level(sign, world):
    with clock.travel(later(days=5)):
        sign.follow_up(by=world.clerk, text="见了面，愿意先等调解")
        assert (fresh(sign).early_sign.next_on - clock.today()).days == 7
        sign.relevel(by=world.supervisor, level="grave", reason="又约了人")
        assert (fresh(sign).early_sign.next_on - clock.today()).days == 1
    with pytest.raises(Refusal, match="没有这个等级"):
        sign.relevel(by=world.supervisor, level="nonsense", reason="试试")


def test_a_missed_contact_warns_once_a_day_and_raises_by_rule(sign, world, deputy):
    sign.relevel(by=world.supervisor, level="watch", reason="先看着")
    assert early_signs.watch_missed() == 0
    with clock.travel(later(days=15)):
        assert early_signs.watch_missed() == 1 and early_signs.watch_missed() == 0
        assert fresh(sign).early_sign.missed == 1 and fresh(sign).early_sign.level == "watch"
        assert fresh(sign).events.last().verb == "warn"
    with clock.travel(later(days=16)):
        early_signs.watch_missed()
        assert fresh(sign).early_sign.missed == 1, "the same missed day counts once"
        fresh(sign).relevel(by=world.supervisor, level="watch", reason="再看看")
    with clock.travel(later(days=40)):
        early_signs.watch_missed()
    row = fresh(sign).early_sign
    assert (row.level, row.missed) == ("serious", 0), "missed twice: one level up"
    told = Notice.objects.filter(key__startswith="early:")
    assert {notice.to_id for notice in told} == {world.east_staff.pk, deputy.pk}
    assert told.filter(level="alarm").exists() and not any(sign.title in notice.text for notice in told)


def test_contact_in_time_forgives(sign, world):
    with clock.travel(later(days=8)):
        early_signs.watch_missed()
        assert fresh(sign).early_sign.missed == 1
        fresh(sign).follow_up(by=world.clerk, text="联系上了")
    assert fresh(sign).early_sign.missed == 0


def test_who_answers_for_it_finds_it_under_today(client, sign, world):
    client.force_login(world.east_staff)
    assert "苗头该联系了" not in client.get("/desk/").text
    with clock.travel(later(days=7)):
        shown = client.get("/desk/").text
        assert "苗头该联系了" in shown and sign.number in shown


def test_its_moves_are_offered_to_it_alone(sign, world):
    def verbs(case):
        return {offer.verb for offer in offers.offers(case, world.clerk, with_refused=True)}

    assert {"follow_up", "relevel"} <= verbs(sign)
    assert not {"decline", "merge", "urge", "refer", "withdraw", "answer_at_once"} & verbs(sign)
    assert not {"follow_up", "relevel"} & verbs(world.register(by=world.clerk))


def test_the_page_shows_the_sign(client, sign, world):
    client.force_login(world.clerk)
    shown = client.get(f"/desk/cases/{sign.number}/").text
    assert "较重" in shown and "网格员走访时听说" in shown and "下次联系" in shown
