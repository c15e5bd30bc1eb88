"""受理告知书: told within 15 days (《信访工作条例》第二十三条) that the matter is taken on, by whom, until when."""

from dataclasses import replace

from huiyin.documents.facts import Facts
from huiyin.documents.kinds.base import Door, Kind, Subject, receipt
from huiyin.papers.blocks import FORM_A4, Code, Columns, Number, Paper, Paragraph, Recipient, Signature, Title


def door(facts: Facts) -> Door:
    if facts.case.is_anonymous:
        return Door(is_apt=False)
    if facts.event("accept") is None:
        is_open = facts.case.state == "received"
        return Door(reason="还没有受理", verb="accept", is_apt=is_open)
    return Door((Subject(),))


def build(facts: Facts, subject, extra: dict, number: str, day: str, printed: str) -> Paper:
    words, title = facts.words("acceptance"), title_of(facts)
    facts.need(facts.print_words["accepted_on"], "受理日", "accept", "先“受理”")
    facts.need(facts.print_words["due_on"], "办结期限", "accept", "受理后按规则算")
    names = facts.names()
    opening = words["petition"] if facts.is_petition else words["other"]
    body = [Paragraph(row) for row in facts.sentences([*opening, *words["then"]])]
    end = Signature(facts.office.name, printed, gap_before=1)
    if facts.track_url:
        code = Code(facts.track_url, 24, "扫一扫看进度", "left", is_personal=True)
        end = Columns((1, 2.4), ((code,), (replace(end, gap_before=0.5),)))
    return Paper(
        f"{title}（{facts.case.number}）",
        (
            Title(title, gap_after=0),
            Number(number),
            Recipient((*names, "：")),
            *body,
            Paragraph(words["closing"]),
            end,
            *receipt(title, number, names),
        ),
        page=FORM_A4,
        author=facts.office.name,
        day=day,
    )


def title_of(facts: Facts) -> str:
    return "信访事项受理告知书" if facts.is_petition else "事项受理告知书"


KIND = Kind("acceptance", "受理告知书", door, build)
