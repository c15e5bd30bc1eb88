"""Files from the upstream and back: exact, repeatable, row by row; what is sent is sent once."""

import io
from datetime import timedelta

import pytest
import python_calamine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.base.refusal import Refusal
from huiyin.cases.models import Case
from huiyin.rules import clock
from huiyin.upstream import importing, orders, profile, replying
from huiyin.upstream.models import ImportBatch, ImportLine, ReplyLine, UpstreamOrder
from tests.upstream.hands import MONDAY, answered, at, order

ROW = {
    "工单编号": "RX-0921-100", "工单类型": "投诉", "三级分类": "在建违建", "标题": "楼顶加盖", "主要内容": "六楼楼顶这两天又在加盖一层，砖都吊上去了。",
    "工单状态": "待办理", "来电人": "何阿姨", "来电人电话": "10000001234", "被反映街乡镇": "测试街道", "办理时限": "2026-09-24 18:00",
    "工单性质": "主办", "村社区": "东社区", "小区点位": "槐荫里3幢",
}  # fmt: skip


def table(*rows, headings=None) -> bytes:
    headings = headings or list(dict.fromkeys(key for row in rows for key in row))
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet("导出")
        for column, heading in enumerate(headings):
            page.write_string(0, column, heading)
            for number, row in enumerate(rows, 1):
                page.write_string(number, column, str(row.get(heading, "")))
    return stream.getvalue()


def bring(world, *rows, key="k", now=MONDAY, **more) -> ImportBatch:
    with clock.travel(now):
        upload = SimpleUploadedFile("上级导出.xlsx", table(*rows, **more))
        batch = importing.upload(world.office, upload, by=world.clerk, key=key)
        importing.apply(batch, by=world.clerk)
    return batch


def results(batch) -> list[tuple]:
    return list(batch.lines.order_by("row").values_list("number", "result"))


def test_a_row_becomes_a_matter_with_number_and_limit(world):
    batch = bring(world, ROW)
    found = UpstreamOrder.objects.get(number="RX-0921-100")
    case = found.case
    assert results(batch) == [("RX-0921-100", "new")] and batch.finished_at
    assert (case.kind, case.channel, case.category, case.area) == (
        "hotline",
        "hotline",
        "020301",
        world.east_grid,
    )
    assert case.sources.get().due_at == at(9, 24, 18) and case.sources.get().owed_to == "市热线办"
    assert (found.system, found.nature, found.order_type) == ("市12345热线", "lead", "投诉")
    party = case.parties.get().party
    assert (party.name, party.phone) == ("何阿姨", "10000001234")
    assert not ImportLine.objects.exclude(values="").exists()  # names nobody once it is in


def test_the_same_file_again_changes_nothing(world):
    bring(world, ROW)
    events = Case.objects.get().events.count()
    assert results(bring(world, ROW, key="again")) == [("RX-0921-100", "same")]
    assert results(bring(world, ROW, key="again")) == [("RX-0921-100", "same")]  # a double click
    assert Case.objects.get().events.count() == events and ImportBatch.objects.count() == 2


def test_a_later_file_moves_what_differs_by_its_own_verb(world):
    bring(world, ROW)
    later = ROW | {
        "办理时限": "2026-09-28 12:00",
        "补充内容": "脚手架也搭起来了。",
        "催办次数": "2",
        "工单性质": "协办",
    }
    batch = bring(world, later, key="b", now=MONDAY + timedelta(hours=2))
    case = Case.objects.get()
    assert results(batch) == [("RX-0921-100", "updated")]
    assert [row.verb for row in case.events.order_by("seq")] == [
        "register",
        "change_limit",
        "supplement",
        "urge",
    ]
    assert case.sources.get().due_at == at(9, 28, 12) and case.urge_count == 1
    assert "脚手架" in case.events.get(verb="supplement").text and orders.order_of(case).nature == "co"
    assert results(bring(world, later, key="c", now=MONDAY + timedelta(hours=3))) == [("RX-0921-100", "same")]
    bring(world, later | {"催办次数": "3"}, key="d", now=MONDAY + timedelta(hours=4))
    case.refresh_from_db()
    assert case.urge_count == 2


def test_an_order_written_down_by_hand_is_known_by_its_number(world):
    case = order(world, "RX-0921-100", due=at(9, 24, 18))
    assert results(bring(world, ROW))[0][1] in ("updated", "same") and Case.objects.count() == 1
    assert orders.order_of(case).number == "RX-0921-100"


def test_the_answer_to_a_return_and_work_sent_back_come_by_the_state(world):
    bring(world, ROW)
    case = Case.objects.get()
    early = bring(world, ROW | {"工单状态": "退单不同意"}, key="b", now=MONDAY + timedelta(minutes=30))
    assert results(early)[0][1] == "partly" and "没有等答复的退单" in early.lines.get().words
    with clock.travel(MONDAY + timedelta(hours=1)):
        case.do("return_order", by=world.clerk, cause="outside", reason="门牌在邻街道")
    bring(world, ROW | {"工单状态": "退单不同意"}, key="c", now=MONDAY + timedelta(hours=2))
    assert case.order_returns.get().is_agreed is False and orders.order_of(case).bounces == 1
    answered(world, case, MONDAY + timedelta(hours=3))
    bring(world, ROW | {"工单状态": "退回重办"}, key="d", now=at(9, 23))
    case.refresh_from_db()
    assert (case.state, case.round, orders.order_of(case).redos) == ("accepted", 2, 1)


def test_call_back_results_of_the_upstream(world):
    bring(world, ROW)
    case = answered(world, Case.objects.get(), MONDAY + timedelta(hours=1))
    half = bring(world, ROW | {"是否解决": "是"}, key="b", now=at(9, 22))
    assert half.lines.get().result == "partly"
    bring(world, ROW | {"是否解决": "是", "是否满意": "不满意"}, key="c", now=at(9, 22, 10))
    found = orders.order_of(case)
    assert (found.solved, found.satisfied) == ("yes", "no") and case.call_backs.get().source == "upstream"


def test_every_fault_is_told_beside_its_row_and_the_others_go_in(world):
    batch = bring(
        world, ROW, ROW | {"标题": "同一件又一行"}, ROW | {"工单编号": ""}, ROW | {"工单编号": "RX-2", "办理时限": "月底"},
        ROW | {"工单编号": "RX-3", "工单性质": "帮忙"}, ROW | {"工单编号": "RX-4", "主要内容": "井"},
        ROW | {"工单编号": "RX-5", "主要内容": "另一处井盖响，晚上睡不着。"},
    )  # fmt: skip
    words = {line.row: line.words for line in batch.lines.all()}
    assert [result for _, result in results(batch)] == ["new", *["refused"] * 5, "new"]
    assert "同一个工单号" in words[3] and "没有填" in words[4] and "不是时间" in words[5]
    assert "不知道是什么意思" in words[6] and "至少 4 个字" in words[7]
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(importing.marked_copy(batch)))
    said = [str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert any("同一个工单号" in value for value in said) and "问题清单" in book.sheet_names


def test_a_file_that_is_none_is_refused(world):
    with pytest.raises(Refusal, match="不是 .xlsx"):
        importing.upload(world.office, SimpleUploadedFile("a.csv", b"a,b"), by=world.clerk, key="x")
    with pytest.raises(Refusal, match="缺少必填的列"):
        bring(world, {"工单编号": "1", "标题": "没有内容列"})


def test_a_batch_that_was_cut_off_goes_on(world):
    rows = [
        ROW | {"工单编号": f"RX-{number}", "主要内容": f"第 {number} 处的路灯不亮了，天一黑就看不见。"}
        for number in range(6)
    ]
    with clock.travel(MONDAY):
        upload = SimpleUploadedFile("a.xlsx", table(*rows))
        batch = importing.upload(world.office, upload, by=world.clerk, key="long")
        assert importing.apply(batch, by=world.clerk, most=2) == 4 and batch.finished_at is None
        assert importing.apply(batch, by=world.clerk) == 0
    assert Case.objects.count() == 6 and batch.finished_at


def test_the_file_goes_after_a_day(world):
    batch = bring(world, ROW)
    with clock.travel(MONDAY + timedelta(hours=30)):
        assert importing.forget_files() == 1
    batch.refresh_from_db()
    with pytest.raises(Refusal, match="只留一天"):
        importing.marked_copy(batch)


def test_answered_orders_are_replied_once_in_the_upstreams_columns(world):
    bring(world, ROW, ROW | {"工单编号": "RX-2", "主要内容": "另一处井盖响，晚上睡不着。"})
    first = UpstreamOrder.objects.get(number="RX-0921-100").case
    answered(world, first, MONDAY + timedelta(hours=1))
    with clock.travel(at(9, 22)):
        batch = replying.make(world.office, by=world.clerk, key="r")
        assert replying.make(world.office, by=world.clerk, key="r") == batch
        with pytest.raises(Refusal, match="没有答复了还没回复"):
            replying.make(world.office, by=world.clerk, key="r2")
    raw = replying.file_of(batch)
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).to_python()
    assert rows[0] == [row["heading"] for row in profile.content(world.office)["reply"]]
    assert (
        rows[1][0] == "RX-0921-100" and rows[1][3] == "已解决" and "已经办好" in rows[1][4] and len(rows) == 2
    )
    found = orders.order_of(first)
    assert (found.sent_round, found.sent_at, found.sent_by) == (1, at(9, 22), world.clerk)
    assert first.events.get(verb="feed_back").data["document"] == batch.number
    with clock.travel(at(9, 23)):
        first.close(by=world.clerk)
        assert replying.file_of(batch) == raw


def test_a_new_round_is_replied_again(world):
    case = answered(world, order(world, due=at(9, 30)), MONDAY)
    with clock.travel(at(9, 21, 15)):
        replying.make(world.office, by=world.clerk, key="r")
    with clock.travel(at(9, 22)):
        case.refresh_from_db()
        case.reopen(by=world.clerk, reason="居民说还是老样子")
        assert not replying.waiting(world.clerk).exists()
    send_again(world, case)
    with clock.travel(at(9, 24)):
        replying.make(world.office, by=world.clerk, key="r2")
    assert list(ReplyLine.objects.order_by("round").values_list("round", flat=True)) == [1, 2]


def send_again(world, case):
    with clock.travel(at(9, 22, 10)):
        case.dispatch(by=world.clerk, lead=world.enforcement, task="再去一次。")
        case.take(by=world.handler, subject=case.lead)
        case.report(by=world.handler, subject=case.lead, text="又修了一遍，垫了胶圈。")
    with clock.travel(at(9, 22, 11)):
        case.verify(by=world.east_worker, text="车过去不响了。")
        case.answer(
            by=world.clerk, reply_by="phone", text="这回垫了胶圈，车过去不响了，您再听两天，有事再打。"
        )


def test_another_office_sees_nothing(world):
    answered(world, order(world, due=at(9, 30)), MONDAY)
    assert replying.waiting(world.clerk).count() == 1 and not replying.waiting(world.outsider).exists()
