"""A draft becomes a version: by the administrator, once, from a day on, after a trial of exactly this content."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from huiyin.audit.models import AuditRecord
from huiyin.base.refusal import Refusal
from huiyin.rulebook import drafts, reading, registry, writing
from huiyin.rulebook.models import RuleDraft
from huiyin.rules import clock, plain_yaml
from huiyin.rules.models import RuleSet

SOURCE = "街道办公会 2026 年第 3 号纪要"


def sheet(name: str, content, **head) -> str:
    return plain_yaml.write({"name": name, "source": SOURCE, **head, "content": content})


def wording(world, **words) -> str:
    content = RuleSet.objects.current("wording", world.office).content
    return sheet("wording", {**content, "say_instead": {**content["say_instead"], **words}})


def go(draft, world, **more):
    active = registry.active_of(draft.name, world.office)
    given = {"valid_from": clock.today(), "source": SOURCE, "against": active and active.pk, **more}
    return drafts.activate(draft, by=world.admin, **given)


def test_activation_makes_the_office_its_own_version_and_leaves_a_trace(world):
    draft = drafts.save(world.office, "wording", wording(world, 台账="登记本"), by=world.admin)
    fresh = go(draft, world)
    shipped = RuleSet.objects.get(name="wording", office=None)
    assert (fresh.version, fresh.office, fresh.source) == (shipped.version + 1, world.office, SOURCE)
    assert RuleSet.objects.current("wording", world.office).content["say_instead"]["台账"] == "登记本"
    assert "台账" not in RuleSet.objects.current("wording", None).content["say_instead"], (
        "other offices keep theirs"
    )
    trace = AuditRecord.objects.get(action="启用规则")
    assert trace.actor == world.admin and trace.detail["version"] == fresh.version
    assert trace.detail["instead_of"] == shipped.version and trace.detail["source"] == SOURCE
    draft.refresh_from_db()
    assert draft.rule_set == fresh and draft.activated_by == world.admin


def test_a_day_to_come_waits_for_its_day(world):
    draft = drafts.save(world.office, "wording", wording(world, 台账="登记本"), by=world.admin)
    start = clock.today() + timedelta(days=10)
    fresh = go(draft, world, valid_from=start)
    assert RuleSet.objects.current("wording", world.office).office is None
    assert RuleSet.objects.current("wording", world.office, on=start) == fresh


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"valid_from": date(2020, 1, 1)}, "过去的事"),
        ({"valid_from": date(2090, 1, 1)}, "一年之内"),
        ({"source": " "}, "依据"),
        ({"against": None}, "差异"),
    ],
)
def test_activation_refused(world, more, said):
    draft = drafts.save(world.office, "wording", wording(world, 台账="登记本"), by=world.admin)
    with pytest.raises(Refusal, match=said):
        go(draft, world, **more)
    assert not RuleSet.objects.filter(office=world.office).exists()


def test_the_same_again_is_no_new_version(world):
    draft = drafts.save(world.office, "wording", wording(world), by=world.admin)
    with pytest.raises(Refusal, match="一模一样"):
        go(draft, world)


def test_an_activated_or_dropped_draft_is_finished(world):
    draft = drafts.save(world.office, "wording", wording(world, 台账="登记本"), by=world.admin)
    stale = RuleDraft.objects.get(pk=draft.pk)
    go(draft, world)
    for act in (
        lambda: drafts.save(world.office, "wording", wording(world, 甲乙="丙"), by=world.admin, draft=stale),
        lambda: drafts.drop(stale, by=world.admin),
        lambda: go(stale, world),
    ):
        with pytest.raises(Refusal, match="已经启用"):
            act()
    other = drafts.save(world.office, "wording", wording(world, 甲乙="丙"), by=world.admin)
    drafts.drop(other, by=world.admin)
    with pytest.raises(Refusal, match="放弃"):
        go(other, world)


def test_saving_the_same_text_twice_makes_one_draft(world):
    text = wording(world, 台账="登记本")
    one, two = (drafts.save(world.office, "wording", text, by=world.admin) for _ in range(2))
    assert one.pk == two.pk


def test_what_broke_since_it_was_written_is_found_at_activation(world):
    content = {"rules": [{"name": "甲", "lead": "zhifa"}]}
    draft = drafts.save(world.office, "routing", sheet("routing", content), by=world.admin)
    drafts.try_out(draft, 200, by=world.admin)
    unit = world.enforcement
    unit.valid_until = clock.today()
    unit.save()
    with pytest.raises(Refusal, match="情况变了") as caught:
        go(draft, world)
    assert "不能派事项" in caught.value.missing[0]


def test_a_rule_with_a_trial_needs_one_of_exactly_this_content(world):
    routing = {"rules": [{"name": "甲", "if": {"kind": "petition"}, "lead": "zhifa"}]}
    draft = drafts.save(world.office, "routing", sheet("routing", routing), by=world.admin)
    with pytest.raises(Refusal, match="试算"):
        go(draft, world)
    drafts.try_out(draft, 200, by=world.admin)
    routing["rules"][0]["lead"] = "huanjing"
    draft = drafts.save(world.office, "routing", sheet("routing", routing), by=world.admin, draft=draft)
    with pytest.raises(Refusal, match="试算"):
        go(draft, world)
    drafts.try_out(draft, 200, by=world.admin)
    assert go(draft, world).content["rules"][0]["lead"] == "huanjing"


def test_a_trial_beside_an_older_version_does_not_count(world):
    def one(lead):
        content = {"rules": [{"name": "甲", "if": {"kind": "petition"}, "lead": lead}]}
        draft = drafts.save(world.office, "routing", sheet("routing", content), by=world.admin)
        drafts.try_out(draft, 200, by=world.admin)
        return draft

    first, second = one("zhifa"), one("huanjing")
    go(first, world)
    with pytest.raises(Refusal, match="试算"):
        go(second, world)


def test_open_matters_keep_the_procedure_they_began_with(world):
    before = world.register(by=world.clerk, kind="petition")
    content = plain_yaml.read(plain_yaml.write(RuleSet.objects.current("procedures", world.office).content))
    content["kinds"]["petition"]["off"] = ["decline"]
    draft = drafts.save(world.office, "procedures", sheet("procedures", content), by=world.admin)
    drafts.try_out(draft, 200, by=world.admin)
    fresh = go(draft, world)
    after = world.register(by=world.clerk, kind="petition")
    assert before.procedure_id != fresh.pk and after.procedure_id == fresh.pk
    before.decline(by=world.clerk, reason="这件事不归街道管", advice="请到区住建局二楼窗口")
    with pytest.raises(Refusal, match="没有“不予受理”"):
        after.decline(by=world.clerk, reason="这件事不归街道管", advice="请到区住建局二楼窗口")


def test_what_is_off_in_the_shipped_procedures_is_off(world):
    case = world.register(by=world.clerk, kind="directive", channel="directive")
    with pytest.raises(Refusal, match="没有“不予受理”"):
        case.decline(by=world.clerk, reason="这件事不归街道管", advice="请到区住建局二楼窗口")


def test_download_edit_upload_round(world):
    """What is downloaded can be uploaded as it is, comments and all, and says the same."""
    for name in ("routing", "limits", "procedures", "categories", "calendar"):
        row = RuleSet.objects.current(name, world.office)
        text = writing.as_yaml(row)
        assert text.startswith("# ") and row.source.split("；")[0] in text
        assert reading.read(text, name).content == row.content
    shipped = RuleSet.objects.current("routing", world.office)
    assert "# automatic: true 时" in writing.as_yaml(shipped), "comments are kept"
    edited = writing.as_yaml(shipped).replace("group: 5", "group: 10")
    draft = drafts.save(world.office, "routing", edited, by=world.admin)
    drafts.try_out(draft, 200, by=world.admin)
    again = writing.as_yaml(go(draft, world))
    assert "# automatic: true 时" in again and "group: 10" in again
    assert f"第 {shipped.version + 1} 版" in again and f"version: {shipped.version + 1}" in again


def test_of_two_activations_at_once_one_wins(committed_world):
    world = committed_world
    active = RuleSet.objects.current("wording", world.office)
    rows = [
        drafts.save(world.office, "wording", wording(world, **{f"词{n}词": "别的"}), by=world.admin)
        for n in (1, 2)
    ]
    results, gate = [], threading.Barrier(2)

    def press(draft):
        gate.wait()
        try:
            fresh = drafts.activate(
                draft, by=world.admin, valid_from=clock.today(), source=SOURCE, against=active.pk
            )
            results.append(fresh.version)
        except Refusal as refusal:
            results.append(refusal.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(draft,)) for draft in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(type, results), key=str) == [int, str]
    assert "又启用了" in next(result for result in results if isinstance(result, str))
    assert RuleSet.objects.filter(office=world.office, name="wording").count() == 1
