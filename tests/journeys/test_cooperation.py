"""Several units and persons on one matter, followed on screen: departments called and one record signed by all, a key
matter through a conference (W5), a report upward and back (W9), and a procedure that the office edits itself."""

import re
from datetime import timedelta

import yaml

from huiyin.rules import clock
from tests.journeys.matter import Matter

SAID = "地下车库的排水泵坏了三天，水快漫到电表箱，物业和供电都说不归自己。"


def day(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def registered(clerk, said: str, **more) -> Matter:
    page = clerk.go("/desk/intake/").page
    page.fill("#id_description", said)
    clerk.fill(**more)
    page.wait_for_selector("[data-saved][data-s=kept]")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/receipt/")
    return Matter(re.search(r"/cases/([^/]+)/receipt/", page.url)[1])


def test_called_together_signed_by_each_and_on_paper(desks):
    clerk, power, safety = desks("chen.shouli"), desks("jiao.liang"), desks("kang.ping")
    matter = registered(clerk, SAID)
    matter.move(clerk, "accept", text="车库进水不等人，今天就把几家叫到一起。")
    matter.move(
        clerk, "whistle", units=["供电服务站", "应急管理办"], level="same_day", text="请到车库看泵和电表箱"
    )
    assert "吹哨叫您单位的" in power.go("/desk/").text()
    matter.move(power, "answer_call", way="arrived", text="到了，先断了负一层的电。")
    matter.move(safety, "answer_call", way="arrived", text="到了，带来一台汽油泵。")
    matter.move(clerk, "sign_call", unit="供电", good="yes")
    matter.move(clerk, "sign_call", unit="应急", good="yes")
    now = clock.local(clock.now() - timedelta(minutes=20))
    matter.move(
        clerk, "joint", host="应急管理办", units=["供电服务站"], held_at=f"{now:%Y-%m-%dT%H:%M}",
        place="锦棠苑2幢地下车库", summary="积水半尺，泵的电机烧了。",
    )  # fmt: skip
    matter.move(power, "joint_sign", people="焦亮 经办", finding="线路是好的，电机烧了。")
    matter.move(safety, "joint_sign", people="康平 经办", finding="两小时抽干，电机今天换。")
    matter.move(clerk, "joint_measure", organisation="应急管理办", text="换电机", due_on=day(3))
    text = matter.page_text(clerk)
    assert "签齐" in text and "销哨" in text and "换电机" in text

    page = clerk.page
    page.locator("a[href*='/joint_record/']").first.click()
    page.wait_for_load_state()
    assert "焦亮 经办" in clerk.text() and "两小时抽干" in clerk.text()

    page = clerk.go("/desk/cooperation/?show=signed&unit=gongdian").page
    assert matter.number in page.locator("#calls").inner_text()
    assert "100%" in page.locator(".call-figures tr", has_text="供电服务站").inner_text()


def test_a_key_matter_through_the_conference_and_its_file(desks):
    clerk, chief = desks("dai.changgeng"), desks("lu.qingyuan")
    matter = registered(clerk, "纺织机械厂宿舍的旱厕年年夏天外溢，十几户喊了四年。")
    matter.move(clerk, "accept", text="这件喊了四年，我们请领导来定人定日子。")
    matter.move(chief, "mark_key", reason="四年没解决，十几户")
    matter.move(
        chief, "champion", leader="季海棠　党工委、办事处 办事处副主任（城建城管）", goal="改成水冲厕", due_on=day(60),
        steps="和住户谈定新址\n建成通水",
    )  # fmt: skip
    assert "季海棠" in clerk.go("/desk/cooperation/champions/").text()
    matter.move(
        clerk,
        "escalate",
        to="云汀区城管局",
        text="附四年的照片",
        asked="请列入今年公厕改造",
        due_on=day(20),
        review_on=day(10),
    )
    assert matter.number in clerk.go("/desk/cooperation/upward/").text()
    matter.move(clerk, "hear_upward", result="partly", text="答应明年一季度列入计划。")

    page = chief.go("/desk/conference/").page
    assert matter.number in chief.text(), "the list is drawn by the system"
    held_on = day(1)
    page.fill("[name=held_on]", held_on)
    page.select_option("[name=chair]", label="陆清源")
    page.get_by_role("button", name="列单").click()
    page.wait_for_url("**/conference/*/")
    meeting = page.url
    page.locator(".agenda a", has_text="纺织机械厂宿舍").first.click()
    page.wait_for_selector("[name=analysis]")
    page.fill("[name=analysis]", "症结在新址没有人愿意挨着，不在钱。")
    page.fill("[name=measure]", "包靠领导本周开院坝会定新址")
    page.locator("[name=owner]").evaluate(
        "e => { e.value = [...e.options].find(o => o.text.includes('季海棠')).value }"
    )
    page.fill("[name=next_on]", day(14))
    if page.locator("[name=kept]").count():
        page.select_option("[name=kept]", "yes")
    page.get_by_role("button", name="记下，看下一件").click()
    page.wait_for_selector("text=记下了")

    file = chief.go(f"/desk/key-files/{matter.number}/").text()
    assert "症结在新址" in file and "包靠领导本周开院坝会定新址" in file and "季海棠" in file
    other = desks("chen.shouli")
    assert "症结在新址" not in other.go(meeting).text(), "others at the conference see no analysis"
    other.go(f"/desk/key-files/{matter.number}/")
    assert "症结在新址" not in other.text()


def test_a_procedure_is_edited_tried_and_followed_by_new_matters_only(desks, tmp_path):
    clerk, admin = desks("wen.xiaoman"), desks("yi.mingyuan")
    past = registered(clerk, "对门装修的灰扬进屋里，两家红了脸。", kind="dispute")
    past.move(clerk, "accept", text="先请社区的人去看一看，劝两家坐下来。")
    old = registered(clerk, "楼上楼下为晾衣竿滴水吵了半个月。", kind="dispute")
    page = admin.go("/desk/settings/").page
    page.get_by_role("link", name=re.compile("^规则")).click()
    page.get_by_role("link", name="种类和程序").click()
    with page.expect_download() as caught:
        page.get_by_role("link", name="下载现行版（YAML）").click()
    rule = yaml.safe_load(caught.value.path().read_text())
    kind = (rule.get("content") or rule)["kinds"]["dispute"]
    kind["fields"] = [
        *kind.get("fields", []),
        {"code": "floors", "name": "隔几层", "type": "number", "at": "accept"},
    ]
    file = tmp_path / "procedures.yaml"
    file.write_text(yaml.safe_dump(rule, allow_unicode=True, sort_keys=False))
    page.get_by_role("link", name="上传或修改").click()
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="检查，存成草稿").click()
    page.wait_for_url("**/rule-drafts/**")
    assert "隔几层" in page.locator(".changes").inner_text(), "the difference"
    page.get_by_role("button", name="试算").click()
    page.wait_for_selector(".trial-counts")
    assert "要素“隔几层”会在“受理”问，当时没有问" in admin.text()
    page.fill("#id_source", "程序例会第二次纪要")
    page.get_by_role("button", name="启用", exact=True).click()
    page.wait_for_url("**/rules/procedures/")
    assert "程序例会第二次纪要" in admin.text()

    new = registered(clerk, "两家为楼道里的鞋柜各说各的理。", kind="dispute")
    assert "隔几层" not in clerk.go(f"{old.url}accept/form/").text(), "open matters keep their version"
    assert "隔几层" in clerk.go(f"{new.url}accept/form/").text()
    new.move(clerk, "accept", text="两家都别急，社区的人今晚上门坐一坐。", of_floors=2)
    old.move(clerk, "accept", text="晾衣竿的事我们请楼长一起去看。")
    assert "隔几层" in new.page_text(clerk)
