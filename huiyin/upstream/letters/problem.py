"""问题工单提级督办单: returned or redone too often, what the higher leader ordered and by when it is due."""

from huiyin.cases import deadlines, record
from huiyin.documents.facts import Facts, hour, sentence
from huiyin.documents.kinds.base import Door, Kind, Subject, label_cell
from huiyin.papers.blocks import FORM_A4, Cell, Grid, Number, Paper, Paragraph, Row, Title
from huiyin.upstream import orders
from huiyin.upstream.profile import HOTLINE

CODE, TITLE = "problem_order", "问题工单提级督办单"


def door(facts: Facts) -> Door:
    if facts.case.kind != HOTLINE:
        return Door(is_apt=False)
    if orders.known(facts.case).problem_at is None:
        return Door(reason="不是问题工单", is_apt=False)
    return Door((Subject(),))


def build(facts: Facts, subject: Subject, extra: dict, number: str, day_: str, printed: str) -> Paper:
    words, order, case = facts.words(CODE), orders.known(facts.case), facts.case
    rows = [row for row in record.rows(case, "deadlines") if deadlines.rule_of(row).duty == "problem"]
    said = facts.event("instruct_problem", this_round=False) or facts.event("designate", this_round=False)
    facts.need(said, "上一级领导的批示", "instruct_problem", "先请领导“问题工单批示”")
    return Paper(
        f"{TITLE}（{case.number}）",
        (
            Title(TITLE, gap_after=0),
            Number(number, "right"),
            Grid(
                (28, 50, 28, 50),
                (
                    Row((label_cell("上级工单号"), Cell(order.number), label_cell("事项编号"), Cell(case.number))),
                    Row((label_cell("事　　由"), Cell(facts.without_names(case.title), across=3))),
                    Row((label_cell("为　　什么"), Cell(f"{order.problem_why}（{hour(order.problem_at)}）", across=3))),
                    Row((label_cell("首接单位"), Cell(str(order.first_unit or "")), label_cell("现主办"), Cell(facts.lead.organisation.name if facts.lead else "还没有派"))),
                    Row((label_cell("工单时限"), Cell(hour(order.expires_at) if order.expires_at else ""), label_cell("批示期限"), Cell(hour(rows[-1].due_at) if rows else ""))),
                    Row((label_cell("领导批示"), Cell(sentence(said.text) if said else "", across=3)), 34),
                    Row((label_cell("批 示 人"), Cell(said.by_title if said else ""), label_cell("批示时间"), Cell(hour(said.at) if said else ""))),
                ),
            ),
            *[Paragraph(line, size_pt=12) for line in words["notes"]],
        ),
        page=FORM_A4,
        author=facts.office.centre_name,
        day=day_,
    )  # fmt: skip


KIND = Kind(CODE, TITLE, door, build, purpose="交承办单位")
