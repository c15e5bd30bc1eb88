"""情况通报（澄清）: the approved words, nothing else, for the notice board and the press."""

from huiyin.documents.facts import Facts
from huiyin.documents.kinds.base import Door, Kind, Subject, paragraphs
from huiyin.papers.blocks import Paper, Paragraph, Signature, Title


def door(facts: Facts) -> Door:
    if facts.case.kind != "incident":
        return Door(is_apt=False)
    rows = list(facts.case.statements.filter(state="approved").order_by("decided_at")[:50])
    if not rows:
        return Door(reason="没有批准的口径", verb="draft_statement", is_apt=facts.case.statements.exists())
    return Door(tuple(Subject(str(row.pk), row.get_kind_display(), row) for row in rows))


def build(facts: Facts, subject: Subject, extra: dict, number: str, day: str, printed: str) -> Paper:
    row, words = subject.row, facts.words("statement")
    title = words["titles"][row.kind]
    return Paper(
        title,
        (
            Title(title),
            *paragraphs(facts.without_names(row.text)),
            *[Paragraph(line) for line in facts.sentences([words["contact"]])],
            Signature(facts.office.name, printed),
        ),
        author=facts.office.name,
        day=day,
    )


KIND = Kind("statement", "情况通报", door, build, purpose="公开发布")
