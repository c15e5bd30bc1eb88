"""设置 › 规则 in the browser's words: who may what, a faulty upload, difference, trial, activation."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.accounts.models import Office
from huiyin.rulebook import drafts
from huiyin.rulebook.models import RuleDraft
from huiyin.rules import clock
from huiyin.rules.models import RuleSet

RULES = """\
name: routing
source: 办公会纪要
content:
  rules:
    - name: 井盖归执法
      if: {words: {any: [井盖]}}
      lead: zhifa
    - name: 集体反映由中心定
      if: {group: 5}
      stop: true
"""


@pytest.fixture
def desk(client, world):
    def sit(name):
        client.force_login(getattr(world, name))
        return client

    return sit


def save(client, text, name="routing", **more):
    return client.post(f"/desk/rules/{name}/keep/", {"text": text, **more})


def test_the_list_names_every_rule_with_its_version(desk, django_assert_max_num_queries):
    client = desk("admin")
    with django_assert_max_num_queries(16):
        page = client.get("/desk/rules/")
    text = page.content.decode()
    assert page.status_code == 200
    for title in (
        "派单规则",
        "时限",
        "分类",
        "职责清单",
        "种类和程序",
        "工作日历",
        "岗位能看什么",
        "给居民的话",
    ):
        assert title in text
    assert "/desk/rules/" in client.get("/desk/settings/").content.decode()


@pytest.mark.parametrize("name", ["clerk", "director", "leader", "duty_leader", "supervisor", "auditor"])
def test_leaders_and_centre_read_but_do_not_write(desk, world, name):
    draft = drafts.save(world.office, "routing", RULES, by=world.admin)
    active = RuleSet.objects.current("routing", world.office)
    client = desk(name)
    for path in ("/desk/rules/", "/desk/rules/routing/", f"/desk/rules/routing/versions/{active.pk}/",
                 f"/desk/rules/routing/versions/{active.pk}/file/", f"/desk/rule-drafts/{draft.pk}/"):  # fmt: skip
        assert client.get(path).status_code == 200, path
    assert "启用</button>" not in client.get(f"/desk/rule-drafts/{draft.pk}/").content.decode()
    assert client.get("/desk/rules/routing/write/").status_code == 403
    assert save(client, RULES).status_code == 403
    for verb in ("trial", "activate", "drop", "keep"):
        assert client.post(f"/desk/rule-drafts/{draft.pk}/{verb}/").status_code == 403, verb


@pytest.mark.parametrize("name", ["handler", "east_worker", "east_staff"])
def test_others_do_not_get_in(desk, name):
    assert desk(name).get("/desk/rules/").status_code == 403


def test_another_offices_drafts_and_versions_are_not_there(desk, world):
    other = Office.objects.create(code="990101777", name="别的街道", short_name="别街", document_mark="别")
    draft = drafts.save(other, "wording", _wording(world), by=None)
    foreign = RuleSet.objects.create(
        office=other, name="wording", version=9, valid_from="2020-01-01", source="别街的", content={},
        activated_at=clock.now(),
    )  # fmt: skip
    client = desk("admin")
    assert client.get(f"/desk/rule-drafts/{draft.pk}/").status_code == 404
    assert client.post(f"/desk/rule-drafts/{draft.pk}/activate/").status_code == 404
    assert client.get(f"/desk/rules/wording/versions/{foreign.pk}/").status_code == 404
    assert "别街的" not in client.get("/desk/rules/wording/").content.decode()
    assert client.get("/desk/rules/nonsense/").status_code == 404


def _wording(world):
    from tests.rulebook.test_drafts import wording

    return wording(world, 台账="登记本")


def test_a_faulty_text_comes_back_with_line_and_column_and_nothing_is_kept(desk):
    client = desk("admin")
    page = save(client, RULES.replace("lead: zhifa", "lead：zhifa"))
    text = page.content.decode()
    assert page.status_code == 400 and "第 7 行" in text and "中文冒号" in text
    assert "lead：zhifa" in text, "what was typed is still there"
    page = save(client, RULES.replace("zhifa", "zhifu"))
    assert page.status_code == 400 and "第 7 行第 7 列" in page.content.decode()
    assert "没有代码是“zhifu”的单位" in page.content.decode()
    assert not RuleDraft.objects.exists()


def test_uploads(desk):
    client = desk("admin")

    def up(data, name="rules.yaml"):
        return save(client, "", file=SimpleUploadedFile(name, data))

    assert "UTF-8" in up("规则：".encode("gb18030")).content.decode()
    assert up(b"PK\x03\x04\xff\xfe", "rules.xlsx").status_code == 400
    assert up(b"x" * 2_100_000).status_code == 400
    assert up("\ufeff".encode() + RULES.encode()).status_code == 302
    assert RuleDraft.objects.get().content["rules"][0]["lead"] == "zhifa"


def test_from_upload_to_activation(desk, world, django_assert_max_num_queries):
    case = world.register(by=world.clerk)
    client = desk("admin")
    page = save(client, RULES)
    draft = RuleDraft.objects.get()
    assert page.status_code == 302 and page.url == f"/desk/rule-drafts/{draft.pk}/"
    with django_assert_max_num_queries(24):
        text = client.get(page.url).content.decode()
    assert "井盖归执法" in text and "新增" in text and "还没有试算" in text
    active = RuleSet.objects.current("routing", world.office)
    given = {
        "valid_from": clock.today().isoformat(),
        "source": "办公会纪要第 3 号",
        "against": str(active.pk),
    }
    refused = client.post(f"/desk/rule-drafts/{draft.pk}/activate/", given)
    assert refused.status_code == 409 and "还没有拿这份内容" in refused.content.decode()
    with django_assert_max_num_queries(40):
        assert client.post(f"/desk/rule-drafts/{draft.pk}/trial/", {"many": "500"}).status_code == 302
    text = client.get(f"/desk/rule-drafts/{draft.pk}/").content.decode()
    assert case.number in text and "综合执法队" in text
    assert case.title not in text, "who configures does not read matters"
    late = client.post(
        f"/desk/rule-drafts/{draft.pk}/activate/", {**given, "valid_from": "2020-01-01", "source": ""}
    )
    assert late.status_code == 400 and "aria-invalid" in late.content.decode()
    assert client.post(f"/desk/rule-drafts/{draft.pk}/activate/", given).status_code == 302
    assert client.post(f"/desk/rule-drafts/{draft.pk}/activate/", given).status_code == 409, "once is enough"
    text = client.get("/desk/rules/routing/").content.decode()
    assert "本街道第 2 版" in text and "现行" in text and "办公会纪要第 3 号" in text
    assert RuleSet.objects.current("routing", world.office).content["rules"][0]["name"] == "井盖归执法"
    page = client.get(f"/desk/rules/routing/versions/{draft.__class__.objects.get().rule_set_id}/")
    assert "井盖归执法" in page.content.decode()


def test_those_who_read_the_matter_see_its_title_in_the_trial(desk, world):
    case = world.register(by=world.clerk)
    draft = drafts.save(world.office, "routing", RULES, by=world.admin)
    drafts.try_out(draft, 200, by=world.admin)
    assert case.title in desk("clerk").get(f"/desk/rule-drafts/{draft.pk}/").content.decode()


def test_edit_again_and_drop(desk, world):
    client = desk("admin")
    draft = drafts.save(world.office, "routing", RULES, by=world.admin)
    assert "井盖归执法" in client.get(f"/desk/rule-drafts/{draft.pk}/write/").content.decode()
    text = RULES.replace("井盖归执法", "井盖归执法队")
    assert client.post(f"/desk/rule-drafts/{draft.pk}/keep/", {"text": text}).status_code == 302
    draft.refresh_from_db()
    assert draft.content["rules"][0]["name"] == "井盖归执法队"
    assert client.post(f"/desk/rule-drafts/{draft.pk}/drop/").status_code == 302
    assert client.post(f"/desk/rule-drafts/{draft.pk}/drop/").status_code == 409
    assert RuleSet.objects.current("routing", world.office).office is None


def test_a_file_of_the_active_version(desk, world):
    active = RuleSet.objects.current("limits", world.office)
    answer = desk("admin").get(f"/desk/rules/limits/versions/{active.pk}/file/")
    assert answer["Content-Disposition"] == f'attachment; filename="limits-{active.version}.yaml"'
    assert answer.content.decode().startswith("# 时限（limits）：出厂第")
