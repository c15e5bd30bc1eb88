"""整改反馈报告: to the body that gave the order, one for each; from the record, measure by measure."""

from huiyin.cases import record
from huiyin.documents.facts import Facts, day, sentence
from huiyin.documents.kinds.base import Door, Kind, Subject, label_cell, paragraphs
from huiyin.papers.blocks import Cell, Grid, Head, Heading, Paper, Paragraph, Recipient, Row, Signature, Title
from huiyin.rectification import look_backs, plans


def door(facts: Facts) -> Door:
    rows = [row for row in facts.case.sources.all() if row.owed_to]
    if not rows or not plans.current(facts.case):
        return Door(
            is_apt=bool(rows) and facts.case.kind == "directive", reason="还没有整改方案", verb="write_plan"
        )
    told = {row.data.get("source") for row in record.rows(facts.case, "events") if row.verb == "feed_back"}
    given = [row for row in rows if str(row.pk) in told]
    if not given:
        return Door(reason="还没有反馈", verb="feed_back")
    return Door(tuple(Subject(str(row.pk), row.owed_to, row) for row in given))


def _told(facts: Facts, source):
    rows = [
        row for row in facts.events if row.verb == "feed_back" and row.data.get("source") == str(source.pk)
    ]
    return rows[-1] if rows else None


def build(facts: Facts, subject: Subject, extra: dict, number: str, day_: str, printed: str) -> Paper:
    case, source, plan = facts.case, subject.row, plans.current(facts.case)
    told, checked = _told(facts, source), facts.event("verify")
    facts.need(checked, "没经手的人核实", "verify", "核实过再报")
    title = f"关于“{facts.without_names(case.title)}”整改情况的报告"
    rows = plans.live_measures(case)
    rounds = look_backs.rows_of(case)
    number_of = f"（{source.outside_number}）" if source.outside_number else ""
    return Paper(
        title,
        (
            Title(title),
            Recipient(f"{source.owed_to}："),
            Paragraph(f"{source.system}{number_of}交办的事项，我街道已完成整改，现报告如下："),
            Heading("交办的问题"),
            *paragraphs(sentence(facts.without_names(case.description))),
            Heading("整改目标和责任"),
            Paragraph(f"{plan.goal.rstrip('。')}。总责任人{plan.leader.name}，方案{day(plan.decided_at)}审定，完成时限{day_of(plan.due_on)}。"),
            Heading("措施和完成情况"),
            Grid(
                (12, 58, 34, 52),
                (
                    Row((label_cell("序号"), label_cell("措施"), label_cell("责任单位"), label_cell("完成情况"))),
                    *[
                        Row((Cell(str(row.number), align="center"), Cell(row.what), Cell(str(row.organisation)),
                             Cell(f"{day(row.done_at)}完成：{facts.without_names(row.done_text)}" if row.done_at else "正在整改")))
                        for row in rows
                    ],
                ),
            ),
            Heading("核实结果"),
            *paragraphs(sentence(facts.without_names(checked.text)) if checked else ""),
            Heading("反馈意见"),
            *paragraphs(sentence(facts.without_names(told.text)) if told else ""),
            *([Heading("防止反复"), Paragraph(f"办结后跟踪回看 {len(rounds)} 次，看到反弹立即重新整改并再报告。")] if rounds else []),
            Signature(facts.office.name, printed),
        ),
        head=Head("letter", facts.office.name, number),
        author=facts.office.name,
        day=day_,
    )  # fmt: skip


def day_of(value) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


KIND = Kind("feedback_report", "整改反馈报告", door, build, purpose="报交办单位")
