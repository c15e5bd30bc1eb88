"""突发事件信息报告: one report upward on paper, as it was told."""

from huiyin.cases import particulars
from huiyin.documents.facts import Facts, hour
from huiyin.documents.kinds.base import Door, Kind, Subject, paragraphs
from huiyin.papers.blocks import Head, Heading, Paper, Paragraph, Recipient, Signature, Title


def door(facts: Facts) -> Door:
    if facts.case.kind != "incident":
        return Door(is_apt=False)
    rows = list(facts.case.incident_reports.order_by("number")[:50])
    if not rows:
        return Door(reason="还没有报告", verb="report_incident")
    return Door(tuple(Subject(str(row.pk), f"{row} 报{row.to}", row) for row in rows))


def build(facts: Facts, subject: Subject, extra: dict, number: str, day: str, printed: str) -> Paper:
    case, row, words = facts.case, subject.row, facts.words("incident_report")
    title = f"关于{facts.without_names(case.title)}的{row.get_stage_display()}"
    known = "；".join(f"{name}：{value}" for name, value in particulars.shown(case))
    return Paper(
        title,
        (
            Title(title),
            Recipient(f"{row.to}："),
            Paragraph(
                f"{hour(case.registered_at)}，我街道接报{facts.place}发生“{facts.without_names(case.title)}”。"
                f"本报告为第 {row.number} 报，{row.get_way_display()}报到时间为{hour(row.told_at)}。"
            ),
            *[Paragraph(f"{known}。")] * bool(known),
            Heading("情况"),
            *paragraphs(facts.without_names(row.text)),
            *([Heading("领导要求"), *paragraphs(row.asked)] if row.asked else []),
            *[Paragraph(line) for line in facts.sentences([words["contact"]])],
            Signature(facts.office.name, printed),
        ),
        head=Head("letter", facts.office.name, number),
        author=facts.office.name,
        day=day,
    )


KIND = Kind("incident_report", "突发事件信息报告", door, build, purpose="报上级")
