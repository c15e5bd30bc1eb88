"""整改通知书: what is wrong, measure by measure what is to be done by whom until when, to the unit or place concerned."""

from huiyin.documents.facts import Facts, sentence
from huiyin.documents.kinds.base import Door, Kind, Subject, label_cell, paragraphs, receipt
from huiyin.papers.blocks import (
    FORM_A4,
    Cell,
    Grid,
    Heading,
    Number,
    Paper,
    Paragraph,
    Recipient,
    Row,
    Signature,
    Title,
)
from huiyin.rectification import hazards, plans

TITLE = "整改通知书"


def door(facts: Facts) -> Door:
    if facts.case.kind != "hazard" or not facts.case.is_open:
        return Door(is_apt=False)
    if not facts.case.particulars.get("grade"):
        return Door(reason="还没有定级", verb="grade")
    plan = plans.current(facts.case)
    if plan is None or not plan.is_approved:
        return Door(reason="还没有审过的整改方案", verb="write_plan")
    return Door((Subject(),))


def build(facts: Facts, subject: Subject, extra: dict, number: str, day: str, printed: str) -> Paper:
    case, words = facts.case, facts.words("rectify_notice")
    plan = plans.current(case)
    to = facts.need(case.particulars.get("spot", ""), "隐患单位或场所", "fill_in", "补填要素里写上")
    rows = plans.live_measures(case)
    due = plan.due_on
    return Paper(
        f"{TITLE}（{case.number}）",
        (
            Title(TITLE, gap_after=0),
            Number(number),
            Recipient(f"{to}："),
            Paragraph(
                f"经查，你单位（场所）存在下列安全隐患，定为{hazards.grade_name(case)}隐患，"
                f"请在{due.year}年{due.month}月{due.day}日前整改完毕，并申请验收。"
            ),
            Heading("存在的隐患"),
            *paragraphs(sentence(facts.without_names(case.description))),
            Heading("整改措施"),
            Grid(
                (12, 72, 44, 28),
                (
                    Row((label_cell("序号"), label_cell("措施"), label_cell("标准"), label_cell("时限"))),
                    *[
                        Row((Cell(str(row.number), align="center"), Cell(row.what), Cell(row.standard),
                             Cell(f"{row.due_on.month}月{row.due_on.day}日")))
                        for row in rows
                    ],
                ),
            ),
            *[Paragraph(line) for line in facts.sentences(words["notes"])],
            Signature(facts.office.name, printed, gap_before=1),
            *receipt(TITLE, number, (to,)),
        ),
        page=FORM_A4,
        author=facts.office.name,
        day=day,
    )  # fmt: skip


KIND = Kind("rectify_notice", TITLE, door, build, purpose="送达隐患单位")
