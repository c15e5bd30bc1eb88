"""听证通知书: when and where the hearing in 复核 is held, and that its time does not count (第三十六条)."""

from huiyin.documents.facts import Facts, day_words, sentence
from huiyin.documents.kinds.base import Door, Kind, Subject, paragraphs, receipt
from huiyin.papers.blocks import FORM_A4, Heading, Number, Paper, Paragraph, Recipient, Signature, Title
from huiyin.petitions import held

TITLE = "信访事项听证通知书"


def door(facts: Facts) -> Door:
    if not facts.is_petition or facts.case.is_anonymous:
        return Door(is_apt=False)
    rows = held.hearings(facts.case)
    if not rows:
        return Door(reason="没有决定过听证", verb="begin_hearing", is_apt=False)
    return Door(tuple(Subject(str(row.pk), str(row), row) for row in rows))


def build(facts: Facts, subject: Subject, extra: dict, number: str, day: str, printed: str) -> Paper:
    words, row = facts.words("hearing"), subject.row
    on = facts.need(row.held_on, "听证日期", "", "决定听证时写上哪天举行")
    place = facts.need(row.place, "听证地点", "", "决定听证时写上地点")
    names = facts.names()
    return Paper(
        f"{TITLE}（{facts.case.number}）",
        (
            Title(TITLE, gap_after=0),
            Number(number),
            Recipient((*names, "：")),
            *[Paragraph(line) for line in facts.sentences(words["opening"])],
            Heading("时间和地点"),
            Paragraph(f"{day_words(on)}，{place}。" if on else place),
            Heading("举行听证的理由"),
            *paragraphs(sentence(row.reason)),
            Heading("请您注意"),
            *[Paragraph(line) for line in words["notes"]],
            *[Paragraph(line) for line in facts.sentences([words["contact"]])],
            Signature(facts.office.name, printed, gap_before=1),
            *receipt(TITLE, number, names),
        ),
        page=FORM_A4,
        author=facts.office.name,
        day=day,
    )


KIND = Kind("hearing", "听证通知书", door, build)
