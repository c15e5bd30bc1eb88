"""A procedure edited by an office: tried on past matters, activated – and open matters keep the version they began with."""

import copy

import pytest
import yaml
from django.urls import reverse

from huiyin.base.refusal import Refusal
from huiyin.cases import offers, procedure_trial, requirements
from huiyin.cases.forms import form_for
from huiyin.cases.models import Case
from huiyin.rulebook import drafts, registry
from huiyin.rules import clock
from huiyin.rules.models import RuleSet, forget
from tests.cases.walks import ANSWER, advance, bring

pytestmark = pytest.mark.django_db
KIND = "petition"


@pytest.fixture(autouse=True)
def fresh_rules():
    forget()
    yield
    forget()


def fresh(case):
    return Case.objects.get(pk=case.pk)


def active(world) -> dict:
    return copy.deepcopy(RuleSet.objects.current("procedures", world.office).content)


def changed(world, **changes) -> dict:
    content = active(world)
    content["kinds"][KIND] = content["kinds"][KIND] | changes
    return content


def tried(world, content, many=200) -> dict:
    return procedure_trial.run(content, active(world), world.office, by=world.admin, many=many)


def lines(result, kind=KIND) -> dict:
    row = next(row for row in result["kinds"] if row["kind"] == kind)
    return {line["text"]: line["matters"] for line in row["lines"]}


@pytest.fixture
def past(world):
    """Two petitions, one closed, one in hand, and a hazard."""
    return [
        bring(world, "closed", kind=KIND),
        bring(world, "in_hand", kind=KIND),
        bring(world, "received", kind="hazard"),
    ]


def test_the_same_rule_changes_nothing(world, past):
    result = tried(world, active(world))
    assert result["counted"] == 3 and result["changed"] == 0 and result["rows"] == [] and result["open"] == 2
    assert {row["kind"]: row["matters"] for row in result["kinds"]} == {KIND: 2, "hazard": 1}


def test_a_move_switched_off(world, past):
    fresh(past[1]).contact(by=world.handler, text="打过电话了")
    result = tried(world, changed(world, off=["contact"]))
    assert lines(result) == {"“联系居民”这一步关了，当时做过": 1} and result["changed"] == 1
    assert [row["number"] for row in result["rows"]] == [past[1].number]


def test_posts_that_may_no_longer(world, past):
    result = tried(world, changed(world, roles={"verify": ["grid_worker"], "accept": ["clerk", "deputy"]}))
    assert lines(result) == {"“核实”当时由督查员做，这一版不让": 1}, "who accepted was a clerk and may go on"


def test_conditions_that_the_record_does_not_meet(world, past, monkeypatch):
    found = requirements.Requirement(
        "photo", "现场照片", lambda case: "没有照片" if case.state == "closed" else ""
    )
    monkeypatch.setitem(requirements.KNOWN, "photo", found)
    result = tried(world, changed(world, requires={"report": ["photo"]}))
    assert lines(result) == {"“报结”以前要有“现场照片”，记录里没有": 1}


def test_particulars_that_would_be_asked_and_were_not(world, past):
    fields = active(world)["kinds"][KIND].get("fields", []) + [
        {"code": "walks", "name": "走访次数", "type": "number", "at": "verify", "required": True},
        {"code": "mood", "name": "情绪", "type": "choice", "choices": {"calm": "平和"}, "at": "register"},
    ]
    result = tried(world, changed(world, fields=fields))
    assert lines(result) == {
        "要素“走访次数”在“核实”必填，当时没有": 1,
        "要素“情绪”会在“登记”问，当时没有问": 2,
    }
    Case.objects.filter(pk=past[0].pk).update(particulars={"mood": "angry", "walks": 2})
    assert "要素“情绪”当时选的，这一版没有这个选项" in lines(tried(world, changed(world, fields=fields)))


def test_kinds_that_would_vanish(world, past):
    content = active(world)
    del content["kinds"]["hazard"]
    result = tried(world, content)
    assert result["gone"] == [{"name": "安全隐患", "matters": 1, "open": 1}] and result["changed"] == 1


def test_bounded_and_within_a_year(world, past):
    old = bring(world, "accepted", kind=KIND)
    Case.objects.filter(pk=old.pk).update(registered_at=clock.local("2020-01-01T09:00"))
    result = tried(world, active(world), many=2)
    assert (result["counted"], result["asked"]) == (2, 2)
    assert tried(world, active(world))["counted"] == 3


def test_titles_only_for_who_may_read(world, past):
    secret = bring(world, "in_hand", kind=KIND, is_restricted=True)
    result = tried(world, changed(world, off=["contact"], roles={"dispatch": ["director"]}))
    assert {row["number"] for row in result["rows"]} == {past[0].number, past[1].number, ""}
    assert all(not row["seen"] for row in procedure_trial.shown(result, world.admin)["rows"])
    for who, sees in ((world.clerk_b, 2), (world.director, 3)):
        rows = procedure_trial.shown(result, who)["rows"]
        assert sum(bool(row["seen"]) for row in rows) == sees
    assert secret.number not in str(procedure_trial.shown(result, world.clerk_b))


def test_the_trial_asks_by_batches_not_by_matter(world, past, django_assert_max_num_queries):
    content = changed(world, off=["contact"])
    with django_assert_max_num_queries(10):
        procedure_trial.run(content, active(world), world.office, by=world.admin, many=200)


# An open matter keeps its version, a new one follows the new ----------------------------------------------------------


def activate(world, **changes):
    """Through the drafts, as the page does it: saved, tried, activated today."""
    active_row = registry.active_of("procedures", world.office)
    draft = drafts.save(
        world.office,
        "procedures",
        yaml.safe_dump(changed(world, **changes), allow_unicode=True),
        by=world.admin,
    )
    with pytest.raises(Refusal, match="试算"):
        drafts.activate(
            draft, by=world.admin, valid_from=clock.today(), source="例会纪要", against=active_row.pk
        )
    drafts.try_out(draft, 200, by=world.admin)
    drafts.activate(draft, by=world.admin, valid_from=clock.today(), source="例会纪要", against=active_row.pk)


@pytest.fixture
def open_matter(world):
    return bring(world, "accepted", kind=KIND)


def verbs(world, case, who="clerk"):
    return {row.verb for row in offers.offers(fresh(case), getattr(world, who))}


def test_off(world, open_matter):
    activate(world, off=["tell"])
    new = bring(world, "accepted", kind=KIND)
    assert "tell" in verbs(world, open_matter) and "tell" not in verbs(world, new)
    fresh(open_matter).tell(by=world.clerk, text="我们约了周四去看，看完就告诉您。")
    with pytest.raises(Refusal, match="没有“告知进展”这一步"):
        fresh(new).tell(by=world.clerk, text="我们约了周四去看，看完就告诉您。")


def test_opens(world):
    old = world.register(by=world.clerk, kind=KIND)
    activate(world, opens=[*active(world)["kinds"][KIND].get("opens", []), "answer_at_once"])
    new = world.register(by=world.clerk, kind=KIND)
    assert "answer_at_once" not in verbs(world, old) and "answer_at_once" in verbs(world, new)
    with pytest.raises(Refusal):
        fresh(old).answer_at_once(by=world.clerk, text=ANSWER)
    fresh(new).answer_at_once(by=world.clerk, text=ANSWER)


def test_roles(world, open_matter):
    activate(world, roles={"dispatch": ["director"]})
    new = bring(world, "accepted", kind=KIND)
    advance(world, fresh(open_matter), "dispatched")
    with pytest.raises(Refusal) as refused:
        advance(world, fresh(new), "dispatched")
    assert refused.value.status == 403 and "中心主任" in refused.value.message


def test_requires(world, open_matter, monkeypatch):
    found = requirements.Requirement("photo", "现场照片", lambda case: "没有照片")
    monkeypatch.setitem(requirements.KNOWN, "photo", found)
    activate(world, requires={"dispatch": ["photo"]})
    new = bring(world, "accepted", kind=KIND)
    advance(world, fresh(open_matter), "dispatched")
    with pytest.raises(Refusal, match="没有照片") as refused:
        advance(world, fresh(new), "dispatched")
    assert refused.value.missing == ("现场照片",)


def test_fields(world, open_matter):
    row = {
        "code": "urgency",
        "name": "多急",
        "type": "choice",
        "choices": {"now": "马上", "soon": "几天"},
        "at": "dispatch",
        "required": True,
    }
    activate(world, fields=[*active(world)["kinds"][KIND].get("fields", []), row])
    new = bring(world, "accepted", kind=KIND)
    assert "of_urgency" not in form_for("dispatch", fresh(open_matter), world.clerk).fields
    assert "of_urgency" in form_for("dispatch", fresh(new), world.clerk).fields
    advance(world, fresh(open_matter), "dispatched")
    with pytest.raises(Refusal, match="多急"):
        advance(world, fresh(new), "dispatched")


def test_the_page_draws_the_trial(client, world, past):
    draft = drafts.save(
        world.office,
        "procedures",
        yaml.safe_dump(changed(world, roles={"dispatch": ["director"]}), allow_unicode=True),
        by=world.admin,
    )
    client.force_login(world.admin)
    url = reverse("desk_rule_draft", args=[draft.pk])
    assert "哪些步骤会不让做" in client.get(url).content.decode()
    assert client.post(reverse("desk_rule_trial", args=[draft.pk]), {"many": "200"}).status_code == 302
    text = client.get(url).content.decode()
    assert "“派单”当时由受理员做，这一版不让" in text and past[0].number in text and past[0].title not in text
