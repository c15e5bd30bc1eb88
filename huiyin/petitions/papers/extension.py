"""延期告知书: the 60 days become longer, by how much and why (第三十四条)."""

from huiyin.cases import deadlines, record
from huiyin.documents.facts import Facts, day, sentence
from huiyin.documents.kinds.base import Door, Kind, Subject, paragraphs, receipt
from huiyin.papers.blocks import FORM_A4, Heading, Number, Paper, Paragraph, Recipient, Signature, Title

TITLE = "信访事项延长办理期限告知书"


def door(facts: Facts) -> Door:
    if not facts.is_petition or facts.case.is_anonymous:
        return Door(is_apt=False)
    rows = [row for row in record.rows(facts.case, "extensions") if row.is_approved]
    rows = [
        row
        for row in rows
        if row.deadline.round == facts.case.round and deadlines.rule_of(row.deadline).duty == "close"
    ]
    if not rows:
        return Door(reason="没有批准过办结延期", verb="ask_extension", is_apt=False)
    return Door(tuple(Subject(str(row.pk), f"延长 {row.amount} 日", row) for row in rows))


def build(facts: Facts, subject: Subject, extra: dict, number: str, day_: str, printed: str) -> Paper:
    words, row = facts.words("extension"), subject.row
    told = facts.need(row.told.strip(), "延期的理由", "decide_extension", "批准时写明告诉居民的理由")
    due = facts.due("close")
    names = facts.names()
    return Paper(
        f"{TITLE}（{facts.case.number}）",
        (
            Title(TITLE, gap_after=0),
            Number(number),
            Recipient((*names, "：")),
            *[Paragraph(line) for line in facts.sentences(words["opening"])],
            Heading("延长的理由"),
            *paragraphs(sentence(told)),
            Heading("延长的期限"),
            Paragraph(f"延长{row.amount}日，该事项在{day(due)}前办结。" if due else f"延长{row.amount}日。"),
            *[Paragraph(line) for line in facts.sentences([words["contact"]])],
            Signature(facts.office.name, printed, gap_before=1),
            *receipt(TITLE, number, names),
        ),
        page=FORM_A4,
        author=facts.office.name,
        day=day_,
    )


KIND = Kind("extension", "延期告知书", door, build)
