"""复查意见书、复核意见书: issued here only where this office is the reviewing organ; others send theirs under their own number."""

from huiyin.documents.facts import Facts, day_words, sentence, titled
from huiyin.documents.kinds.base import Door, Kind, Subject, paragraphs
from huiyin.papers.blocks import Head, Heading, Imprint, Paper, Paragraph, Recipient, Signature, Title
from huiyin.petitions import held
from huiyin.petitions.models import ReviewLevel, ReviewResult

DECIDED = {
    ReviewResult.MAINTAINED: "维持原{before}。",
    ReviewResult.CHANGED: "变更原{before}。",
    ReviewResult.REVOKED: "撤销原{before}，由原处理单位重新处理。",
}
BEFORE = {ReviewLevel.REVIEW: "处理意见", ReviewLevel.RECHECK: "复查意见"}


def door(facts: Facts) -> Door:
    if not facts.is_petition or facts.case.is_anonymous:
        return Door(is_apt=False)
    ours = [row for row in held.reviews(facts.case) if row.is_ours]
    ready = [row for row in ours if row.opinion_on]
    if not ready:
        return Door(reason="复查复核意见还没有登记", verb="give_review_opinion", is_apt=bool(ours))
    return Door(tuple(Subject(str(row.pk), row.get_level_display(), row) for row in ready))


def build(facts: Facts, subject: Subject, extra: dict, number: str, day: str, printed: str) -> Paper:
    words, row = facts.words("review_opinion"), subject.row
    name, final = row.get_level_display(), row.level == ReviewLevel.RECHECK
    title = f"关于{titled(facts.case.title)}信访事项的{name}意见书"
    heard = [
        hearing for hearing in held.hearings(facts.case) if hearing.review_id == row.pk and hearing.ended_at
    ]
    basis = facts.need(row.basis, "依据", "give_review_opinion", "登记意见时写上依据")
    rights = [words["remedies"][1 if final else 0]] if row.result != ReviewResult.REVOKED else []
    return Paper(
        title,
        (
            Title(title),
            Recipient((*facts.names(), "：")),
            *[Paragraph(line) for line in facts.sentences([words[row.level]])],
            Heading("请求"),
            *paragraphs(sentence(row.request)),
            Heading("查明的事实"),
            *paragraphs(sentence(row.facts)),
            *[Paragraph(f"{day_words(h.held_on)}举行听证：{sentence(h.summary)}") for h in heard],
            Heading(f"{name}意见"),
            *paragraphs(sentence(row.opinion)),
            Paragraph(DECIDED[row.result].format(before=BEFORE[row.level])),
            Heading("依据"),
            *paragraphs(sentence(basis)),
            *[Heading("救济途径")] * bool(rights),
            *[Paragraph(line) for line in rights],
            Signature(facts.office.name, printed, gap_before=2),
            *[Paragraph(line, keep_with_next=False) for line in facts.sentences([words["contact"]])],
        ),
        head=Head("document", f"{facts.office.name}文件", number),
        imprint=Imprint("", facts.office.centre_name, printed),
        author=facts.office.name,
        day=day,
    )


KIND = Kind("review_opinion", "复查复核意见书", door, build)
