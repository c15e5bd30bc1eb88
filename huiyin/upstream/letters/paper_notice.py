"""一次性告知书: everything that is still missing, once and in full; what was handed in before is not asked for."""

from huiyin.cases import record, services
from huiyin.documents.facts import Facts, day
from huiyin.documents.kinds.base import Door, Kind, Subject, receipt
from huiyin.papers.blocks import FORM_A4, Heading, Number, Paper, Paragraph, Recipient, Signature, Title
from huiyin.upstream import papers
from huiyin.upstream.models import PaperNotice

CODE, TITLE = "paper_notice", "一次性告知书"


def door(facts: Facts) -> Door:
    if facts.case.kind != papers.REQUEST or facts.case.is_anonymous:
        return Door(is_apt=False)
    rows = facts.case.paper_notices.order_by("told_at") if record.has(facts.case, PaperNotice) else []
    if not rows:
        return Door(reason="没有要补的材料告知过", verb="tell_missing", is_apt=False)
    return Door(tuple(Subject(str(row.pk), f"{row.number}（{day(row.told_at)}）", row) for row in rows))


def build(facts: Facts, subject: Subject, extra: dict, number: str, day_: str, printed: str) -> Paper:
    words, row, names = facts.words(CODE), subject.row, facts.names()
    item = services.table(facts.office).get(row.service)
    name = item.name if item else row.service
    known = [
        f"{paper.name}（{day(paper.taken_at)}交）"
        for paper in papers.held(facts.case).values()
        if paper.taken_at <= row.told_at
    ]
    return Paper(
        f"{TITLE}（{facts.case.number}）",
        (
            Title(TITLE, gap_after=0),
            Number(number),
            Recipient((*names, "：")),
            Paragraph(f"您申请办理“{name}”（编号：{facts.case.number}），经核对，还需要补下面{len(row.missing)}样材料："),
            *[Paragraph(f"{place}. {paper}") for place, paper in enumerate(row.missing, 1)],
            *([Heading("已经交过、不用再交的"), Paragraph(f"{'、'.join(known)}。")] if known else []),
            *([Heading("在哪里补、多久办好"), Paragraph(f"{item.where}（{item.hours}）；材料齐了以后{item.limit}办好（{item.label}）；{item.fee}。")] if item else []),
            *([Paragraph(f"这是再次告知：{row.reason}。让您多跑一趟，请您原谅。")] if row.reason else []),
            *[Paragraph(line) for line in facts.sentences(words["closing"])],
            Signature(facts.office.name, printed, gap_before=1),
            *receipt(TITLE, number, names),
        ),
        page=FORM_A4,
        author=facts.office.name,
        day=day_,
    )  # fmt: skip


KIND = Kind(CODE, TITLE, door, build)
