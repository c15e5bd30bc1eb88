"""异议（退回）函: to the body that passed the petition on – not ours, why, and whose it is (第二十三条)."""

from huiyin.documents.facts import Facts, sentence, titled
from huiyin.documents.kinds.base import Door, Kind, Subject, paragraphs
from huiyin.papers.blocks import Head, Heading, Paper, Paragraph, Recipient, Signature, Title
from huiyin.petitions import held


def door(facts: Facts) -> Door:
    rows = held.objections(facts.case) if facts.is_petition else []
    if not rows:
        return Door(reason="没有提出过异议", verb="raise_objection", is_apt=False)
    return Door(tuple(Subject(str(row.pk), f"致{row.source.owed_to}", row) for row in rows))


def build(facts: Facts, subject: Subject, extra: dict, number: str, day: str, printed: str) -> Paper:
    words, row = facts.words("objection"), subject.row
    title = f"关于{titled(facts.without_names(facts.case.title))}信访事项的异议函"
    outside = f"（贵单位编号：{row.source.outside_number}）" if row.source.outside_number else ""
    basis = row.basis.rstrip("。")
    return Paper(
        title,
        (
            Title(title),
            Recipient(f"{row.source.owed_to or row.source.system}："),
            *[Paragraph(line) for line in facts.sentences(words["opening"])],
            Heading("理由"),
            *paragraphs(sentence(facts.without_names(row.reason))),
            *[Paragraph(f"依据：{basis}。")] * bool(basis),
            Heading("应当由谁办理"),
            Paragraph(f"该事项{outside}应当由{row.belongs_to}办理。"),
            Paragraph(words["request"]),
            *[Paragraph(line) for line in facts.sentences([words["contact"]])],
            Signature(facts.office.name, printed),
        ),
        head=Head("letter", facts.office.name, number),
        author=facts.office.name,
        day=day,
    )


KIND = Kind("objection", "异议函", door, build, purpose="归档")
