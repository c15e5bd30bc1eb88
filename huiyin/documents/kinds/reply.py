"""答复书: the answer as a letter of the office (信函格式)."""

from huiyin.documents.facts import Facts, sentence, titled
from huiyin.documents.kinds.base import Door, Kind, Subject, paragraphs
from huiyin.papers.blocks import Head, Paper, Paragraph, Recipient, Signature, Title


def door(facts: Facts) -> Door:
    if facts.case.is_anonymous:
        return Door(is_apt=False)
    if facts.event("answer") is None:
        return Door(reason="还没有答复", verb="answer", is_apt=facts.case.is_open)
    return Door((Subject(),))


def build(facts: Facts, subject, extra: dict, number: str, day: str, printed: str) -> Paper:
    words, answer = facts.words("reply"), facts.event("answer")
    title = f"关于{titled(facts.case.title)}的答复书"
    text = facts.need(answer.text.strip() if answer else "", "答复内容", "answer", "先“答复居民”")
    names = facts.names()
    return Paper(
        title,
        (
            Title(title),
            Recipient((*names, "：")),
            *[Paragraph(row) for row in facts.sentences(words["opening"])],
            *paragraphs(sentence(text)),
            *[Paragraph(row) for row in [*facts.sentences([words["contact"]]), *facts.feet()]],
            Signature(facts.office.name, printed),
        ),
        head=Head("letter", facts.office.name, number),
        author=facts.office.name,
        day=day,
    )


KIND = Kind("reply", "答复书", door, build)
