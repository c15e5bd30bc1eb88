"""办理结果告知书: granted, handed over, or not possible with the reason and the rule it rests on."""

from huiyin.cases import record
from huiyin.documents.facts import Facts, day, sentence
from huiyin.documents.kinds.base import Door, Kind, Subject, paragraphs, receipt
from huiyin.papers.blocks import FORM_A4, Heading, Number, Paper, Paragraph, Recipient, Signature, Title
from huiyin.upstream import papers
from huiyin.upstream.models import ServiceOutcome, ServiceResult

CODE, TITLE = "service_result", "办理结果告知书"


def door(facts: Facts) -> Door:
    if facts.case.kind != papers.REQUEST or facts.case.is_anonymous:
        return Door(is_apt=False)
    rows = facts.case.service_results.order_by("round") if record.has(facts.case, ServiceResult) else []
    if not rows:
        return Door(reason="还没写办结结果", verb="give_result", is_apt=False)
    return Door(
        tuple(Subject(str(row.pk), f"{row.get_outcome_display()}（{day(row.at)}）", row) for row in rows)
    )


def build(facts: Facts, subject: Subject, extra: dict, number: str, day_: str, printed: str) -> Paper:
    words, row, names = facts.words(CODE), subject.row, facts.names()
    item = papers.item_of(facts.case)
    refused = row.outcome == ServiceOutcome.NOT_POSSIBLE
    return Paper(
        f"{TITLE}（{facts.case.number}）",
        (
            Title(TITLE, gap_after=0),
            Number(number),
            Recipient((*names, "：")),
            Paragraph(f"您申请办理的“{item.name if item else facts.case.title}”（编号：{facts.case.number}），结果是：{row.get_outcome_display()}。"),
            Heading("为什么办不了" if refused else "结果"),
            *paragraphs(sentence(row.text)),
            *([Heading("依据"), Paragraph(sentence(row.law))] if row.law else []),
            *[Paragraph(line) for line in facts.sentences(words["refused" if refused else "closing"])],
            Signature(facts.office.name, printed, gap_before=1),
            *receipt(TITLE, number, names),
        ),
        page=FORM_A4,
        author=facts.office.name,
        day=day_,
    )  # fmt: skip


KIND = Kind(CODE, TITLE, door, build)
