"""Each kind from a walked matter: what it says, in which layout, without whom; what is missing is named."""

import re

import pytest

from huiyin.base.refusal import Refusal
from huiyin.cases.models import Case
from huiyin.documents import issuing
from huiyin.documents.models import DocumentKind
from huiyin.papers import content
from tests.cases import walks
from tests.documents.conftest import BASIS, NAME, PHONE, SITE, fresh
from tests.papers.papers import Word, pages_of

pytestmark = pytest.mark.django_db

SAYS = {
    "registration": ("来访登记表", "26-0", "把井盖垫好", "接待人", "本人核对", "答复方式", "打电话"),
    "acceptance": ("信访事项受理告知书", "《信访工作条例》第二十三条", "第三十四条", "60日内办结", "综合执法队承办", "特此告知", "送达回执"),
    "non_acceptance": ("不予受理告知书", "一、不予受理的理由", "法院已经立案。", "二、您可以通过的途径", "通过诉讼等法定途径", "二号路 5 号", "送达回执"),
    "transfer": ("信访事项转办单", "综合执法队（主办）", "去看看", "报结期限", "职责清单的条款", "签收回执", "不载明反映人的身份"),
    "supervision": ("督办单", "综合执法队", "三天内垫好井盖，报进展", "第一次", "重点", "回复期限", "督办回复"),
    "opinion": ("处理意见书", "测试街道办事处文件", "一、请求", "把井盖垫好。", "二、事实和理由", "垫好了，不响了", "夜里去听过，不响了", "三、处理意见", walks.ANSWER, "予以支持", "四、依据", BASIS, "30日内", "请求复查", "第三十五条"),
    "reply": ("答复书", "现答复如下", walks.ANSWER, "0000-600 0000"),
}  # fmt: skip
SERIES = {
    "registration": "登", "acceptance": "受", "non_acceptance": "不受", "transfer": "转", "supervision": "督",
    "opinion": "处", "reply": "答",
}  # fmt: skip


@pytest.mark.parametrize("kind", DocumentKind.values)
def test_says_what_it_must(world, issued, kind):
    document = issued(kind)
    text = content.plain_text(document.paper).replace("\n", "")
    for words in SAYS[kind]:
        assert re.sub("^[一二三四]、", "", words) in text, words  # headings are numbered when they are set
    assert document.number.startswith(f"测街{SERIES[kind]}〔") and document.number.endswith("〕1号")
    assert document.number in text or document.paper.head.number == document.number


@pytest.mark.parametrize("kind", DocumentKind.values)
def test_both_files_carry_it(world, issued, kind):
    paper = issued(kind).paper
    pdf_text, word = "".join(pages_of(paper)), Word(paper)
    for words in SAYS[kind]:
        assert words.replace(" ", "") in pdf_text and words in word.text


@pytest.mark.parametrize("kind", ["transfer", "supervision"])
def test_units_copies_name_nobody(world, issued, kind):
    """Even when the person's name and number were typed into the description."""
    document = issued(kind, description=f"{NAME}说井盖松了，请打{PHONE}找{NAME}。")
    text = content.plain_text(document.paper)
    assert not document.names_person and NAME not in text and PHONE not in text and "何*" in text
    assert document.case.tracking_code not in text
    whole = "".join(pages_of(document.paper)) + Word(document.paper).text
    assert NAME not in whole and PHONE not in whole


@pytest.mark.parametrize("kind", ["registration", "acceptance", "non_acceptance", "opinion", "reply"])
def test_the_persons_copy_names_them_and_can_be_masked(world, issued, kind):
    document = issued(kind)
    assert document.names_person and NAME in content.plain_text(document.paper)
    masked = content.dump(content.without_identity(document.paper))
    assert NAME not in masked and PHONE not in masked and document.case.tracking_code not in masked


def test_opinion_is_a_red_headed_paper_and_reply_a_letter(world, issued):
    opinion, reply = issued("opinion").paper, issued("reply").paper
    assert opinion.head.form == "document" and opinion.head.mark == "测试街道办事处文件"
    assert opinion.imprint.copies_to == "综合执法队。"
    assert reply.head.form == "letter" and reply.head.mark == "测试街道办事处"


@pytest.mark.parametrize(
    ("outcome", "words"), [("solved", "予以支持"), ("explained", "作出解释说明"), ("unsupported", "不予支持")]
)
def test_opinion_says_its_outcome(world, ready, outcome, words):
    case, key, extra = ready("opinion")
    made = issuing.draft(case, "opinion", key, extra={**extra, "outcome": outcome})
    assert words in content.plain_text(made.paper)


def test_notice_cites_law_for_petitions_only(world, ready):
    case = walks.bring(world, "dispatched", kind="city_problem", channel="visit")
    text = content.plain_text(issuing.draft(case, "acceptance").paper)
    assert "信访工作条例" not in text and "已于" in text and "事项受理告知书" in text


def test_unit_is_named_only_once_there_is_one(world):
    case = walks.bring(world, "accepted", kind="petition")
    assert "承办" not in content.plain_text(issuing.draft(case, "acceptance").paper)


def test_code_of_the_tracking_page_is_on_the_persons_notice(world, ready):
    case, key, _ = ready("acceptance")
    kept = content.dump(issuing.draft(case, "acceptance", key, site=SITE).paper)
    assert f"{SITE}t/" in kept or case.tracking_code in kept
    assert '"is":"Code"' in kept and '"is":"Code"' not in content.dump(
        issuing.draft(case, "acceptance", key).paper
    )


def test_missing_facts_are_named_with_the_verb(world, ready):
    case, key, _ = ready("opinion")
    case.wants = ""
    made = issuing.draft(case, "opinion", key, extra={"basis": ""})
    assert {(item.what, item.verb) for item in made.missing} == {("请求", "amend"), ("依据", "dispatch")}
    Case.objects.filter(pk=case.pk).update(wants="")
    with pytest.raises(Refusal) as refused:
        issuing.issue(fresh(case), "opinion", key, by=world.leader, extra={"basis": ""})
    assert refused.value.missing == ("请求", "依据") and "更正登记" in refused.value.message


@pytest.mark.parametrize(
    ("kind", "state", "verb", "label"),
    [
        ("acceptance", "received", "accept", "受理"),
        ("non_acceptance", "received", "decline", "不予受理"),
        ("transfer", "accepted", "dispatch", "派单"),
        ("supervision", "in_hand", "supervise", "督办"),
        ("opinion", "verified", "answer", "答复居民"),
        ("reply", "verified", "answer", "答复居民"),
    ],
)
def test_too_early_says_which_verb_is_missing(world, kind, state, verb, label):
    case = walks.bring(world, state, kind="petition")
    with pytest.raises(Refusal) as refused:
        issuing.issue(case, kind, by=world.leader)
    assert refused.value.missing == (verb,) and f"先“{label}”" in refused.value.message


def test_nobody_is_told_in_writing_who_left_no_name(world):
    case = walks.bring(world, "accepted", kind="petition", channel="visit", persons=[], reply_by="web")
    with pytest.raises(Refusal):
        issuing.issue(case, "acceptance", by=world.clerk)


def test_opinion_is_for_petitions_only(world):
    case = walks.bring(world, "answered", kind="city_problem")
    with pytest.raises(Refusal, match="没有这种文书"):
        issuing.issue(case, "opinion", by=world.leader)


def test_each_unit_gets_its_own_transfer(world, ready):
    case, key, _ = ready("transfer")
    case.add_unit(by=world.clerk, co=[world.environment], task="测一次噪声")
    case = fresh(case)
    co = next(row for row in case.live_assignments if not row.is_lead)
    text = content.plain_text(issuing.draft(case, "transfer", str(co.pk)).paper)
    assert "生态环境站（协办）" in text and "测一次噪声" in text and "综合执法队" not in text


def test_registration_of_a_call_and_a_group(world):
    case = walks.bring(world, "accepted", channel="call", group_size=7)
    text = content.plain_text(issuing.draft(case, "registration").paper)
    assert "来电登记表" in text and "7人" in text and "予以受理。" in text
    assert (
        not issuing.KINDS["registration"]
        .door(issuing.Facts(walks.bring(world, "received", channel="patrol")))
        .is_apt
    )
