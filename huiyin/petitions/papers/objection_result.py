"""异议结果告知书: to the person – the objection was agreed to, the petition went back, and who answers now."""

from huiyin.documents.facts import Facts, day, sentence
from huiyin.documents.kinds.base import Door, Kind, Subject, paragraphs, receipt
from huiyin.papers.blocks import FORM_A4, Heading, Number, Paper, Paragraph, Recipient, Signature, Title
from huiyin.petitions import held

TITLE = "信访事项异议结果告知书"


def door(facts: Facts) -> Door:
    if not facts.is_petition or facts.case.is_anonymous:
        return Door(is_apt=False)
    rows = [row for row in held.objections(facts.case) if row.answered_at]
    if not rows:
        waits = bool(held.objections(facts.case))
        return Door(reason="转送单位还没有答复异议", verb="answer_objection", is_apt=waits)
    return Door(tuple(Subject(str(row.pk), "同意退回" if row.agreed else "没有同意", row) for row in rows))


def build(facts: Facts, subject: Subject, extra: dict, number: str, day_: str, printed: str) -> Paper:
    words, row = facts.words("objection_result"), subject.row
    where, names = row.source.owed_to or row.source.system, facts.names()
    result = (
        f"{where}于{day(row.answered_at)}同意我单位的异议，该事项已经退回{where}，应当由{row.belongs_to}办理，由其答复您。"
        if row.agreed
        else f"{where}于{day(row.answered_at)}没有同意我单位的异议，该事项由我单位依法办理。"
    )
    return Paper(
        f"{TITLE}（{facts.case.number}）",
        (
            Title(TITLE, gap_after=0),
            Number(number),
            Recipient((*names, "：")),
            *[Paragraph(line) for line in facts.sentences(words["opening"])],
            Heading("异议的理由"),
            *paragraphs(sentence(row.reason)),
            Heading("结果"),
            Paragraph(result),
            *[Paragraph(line) for line in facts.sentences([words["contact"]])],
            Paragraph(words["closing"]),
            Signature(facts.office.name, printed, gap_before=1),
            *receipt(TITLE, number, names),
        ),
        page=FORM_A4,
        author=facts.office.name,
        day=day_,
    )


KIND = Kind("objection_result", "异议结果告知书", door, build)
