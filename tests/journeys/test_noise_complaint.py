"""Thirty residents complain of a press shop's noise: from the counter to the second closing, in the browser."""

import re
from datetime import date, timedelta

from tests.journeys.matter import Matter

CLERK, SUPERVISOR, DEPUTY, DUTY_LEADER = "chen.shouli", "wu.zhengming", "shao.wenpu", "ji.haitang"
ENVIRONMENT, ENFORCEMENT, SAFETY = "lan.ruoxi", "zheng.kaiming", "kang.ping"
SAID = "我们是老宿舍的，隔一道墙就是电机厂的冲床，夜里十点还咣当响，孩子写不了作业，老人睡不着。"
ANSWER = "各位邻居：冲床已经全部搬走了，夜里我们在二幢楼下测过，是四十六分贝，比规定的五十分贝低。再听到响声，请直接打电话。"


def register_group_visit(clerk) -> str:
    page = clerk.go("/desk/intake/").page
    clerk.fill(
        channel="visit",
        description=SAID,
        wants="晚上不要再开冲床",
        kind="petition",
        group_size=30,
        name="丁阿婆",
        phone="10000007001",
        reply_by="visit",
    )
    page.locator("button[name=do][value=register]").click()
    page.wait_for_url("**/receipt/**")
    return re.search(r"\d\d-\d{5}", page.locator("main").inner_text()).group()


def tracking_code(clerk, number: str) -> str:
    text = clerk.go(f"/desk/cases/{number}/receipt/").page.locator("main").inner_text()
    return re.search(r"[2-9A-Z]{3}-[2-9A-Z]{3}-[2-9A-Z]{3}", text).group()


def test_noise_complaint_from_the_counter_to_the_second_closing(desks, person):
    clerk, supervisor, deputy = desks(CLERK), desks(SUPERVISOR), desks(DEPUTY)
    environment, enforcement, safety = desks(ENVIRONMENT), desks(ENFORCEMENT), desks(SAFETY)

    number = register_group_visit(clerk)
    matter = Matter(number)
    assert "30 人" in matter.page_text(clerk)
    assert "集体反映" in desks(DUTY_LEADER).go("/desk/").text()

    matter.move(clerk, "accept", text="三十位邻居说的事我们收下了，今天就去厂里看。")
    matter.move(
        clerk, "dispatch", lead="生态环境站", co=["综合执法队", "应急管理办"], task="查夜间冲床噪声和住人隐患"
    )
    matter.move(environment, "take")
    matter.move(safety, "take")
    page = enforcement.go(matter.url).page
    page.locator("aside.moves a[href*='/return_work/form/']").first.click()
    form = page.locator("form[action*='/return_work/']").first
    form.wait_for()
    form.locator("[name=reason]").fill("工业噪声不归我们查处")
    form.locator("[name=clause]").select_option(index=1)
    form.locator("button").first.click()
    page.locator("#messages .notice").first.wait_for()
    assert "履职清单 第" in matter.page_text(clerk)
    matter.move(clerk, "overrule", reason="清单写着夜间噪声要一起查")
    matter.move(enforcement, "take")

    matter.move(environment, "contact", how="visit", text="见了五位代表")
    matter.move(environment, "record", act="site_check", text="冲床六台，夜里测得五十八分贝")
    matter.move(environment, "record", act="refused", text="厂方说挨着总装线方便管理，不肯搬")
    matter.move(
        environment,
        "record",
        act="opinion",
        text="二十日内搬走冲床，阁楼不得住人",
        due_on=date.today() + timedelta(days=20),
    )
    matter.move(deputy, "mark_key", reason="三十人集体来访，多次协商未果")
    matter.move(supervisor, "supervise", text="请三天内报告搬迁进展")
    assert "五个有" in matter.page_text(clerk)
    matter.move(environment, "answer_notice", text="租约下周签，签后二十天搬完")
    matter.move(supervisor, "check_progress", text="到工业园看过，新厂房在接电")
    matter.move(environment, "record", act="rectified", text="六台冲床全部拆走")
    matter.move(safety, "report", text="阁楼四人已搬走")
    matter.move(enforcement, "report", text="连续五夜没有开机")
    matter.move(environment, "report", text="冲床全部搬出，实测四十六分贝")

    assert "核实" not in matter.refused(environment, "verify").split("五个有")[0]
    matter.move(supervisor, "verify", text="夜里十一点到楼下听过，很安静")
    assert "有反馈" in matter.refused(clerk, "close")
    matter.move(
        environment, "answer", text=ANSWER, outcome="solved", reply_by="visit", delivered="当面告诉五位代表"
    )
    code = tracking_code(clerk, number)
    matter.move(clerk, "close")

    resident = person(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    track = resident.go(f"/track/{code}/").page
    assert "四十六分贝" in resident.text() and "10000007001" not in track.content()
    resident.fill(contacted="yes", solved="no", satisfied="fair", words="凌晨一点还有一阵声音")
    track.locator("form[action*='rate'] button, form[action*='rating'] button").first.click()
    track.wait_for_load_state()
    resident.go(f"/track/{code}/")
    reopen = track.locator("form[action*='reopen']").first
    reopen.evaluate("e => { const d = e.closest('details'); if (d) d.open = true }")
    reopen.locator("[name=reason]").fill("凌晨一点有空压机的声音，连着三晚。")
    reopen.locator("button").first.click()
    track.wait_for_load_state()
    assert "重新办理" in matter.page_text(clerk)

    matter.move(clerk, "dispatch", lead="生态环境站", task="查凌晨一点的声音")
    matter.move(environment, "take")
    matter.move(environment, "record", act="rectified", text="空压机改到早上六点补气")
    assert "有督办" in matter.refused(clerk, "close")
    matter.move(supervisor, "supervise", text="重点事项第二轮，请报告结果")
    matter.move(environment, "answer_notice", text="补气时间已经改了")
    matter.move(supervisor, "check_progress", text="看过定时器，设在六点")
    matter.move(environment, "report", text="凌晨不再启动")
    matter.move(supervisor, "verify", text="听到凌晨一点二十，没有声音")
    second = "凌晨的声音是空压机补气，已经改到早上六点以后了。"
    matter.move(environment, "answer", text=second, outcome="solved", reply_by="visit", delivered="当面说的")
    matter.move(clerk, "close")
    assert "已办结" in matter.page_text(clerk)
    assert second in resident.go(f"/track/{code}/").text()

    history = matter.page_text(clerk)
    for step in (
        "登记",
        "受理",
        "派单",
        "退回",
        "驳回退回",
        "现场核查",
        "对方拒绝",
        "整改意见",
        "督办",
        "核实",
        "答复居民",
        "重新办理",
    ):
        assert step in history, step
