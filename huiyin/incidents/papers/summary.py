"""突发事件处置情况报告: the course by its times, the figures from the record, what is done differently from now on."""

from huiyin.documents.facts import Facts, day_words, hour
from huiyin.documents.kinds.base import Door, Kind, Subject, paragraphs
from huiyin.incidents import ledger
from huiyin.papers.blocks import Head, Heading, Imprint, Paper, Paragraph, Signature, Title


def door(facts: Facts) -> Door:
    if facts.case.kind != "incident":
        return Door(is_apt=False)
    event = facts.event("summarise")
    if event is None:
        return Door(reason="还没有总结", verb="summarise")
    return Door((Subject("", "", event),))


def build(facts: Facts, subject: Subject, extra: dict, number: str, day: str, printed: str) -> Paper:
    case, event = facts.case, subject.row
    title = f"关于{facts.without_names(case.title)}处置情况的报告"
    sums, reports = ledger.sums(case), list(case.incident_reports.order_by("number")[:50])
    figures = [
        f"受损 {sums.households} 户 {sums.persons} 人，估计损失 {sums.loss:,.2f} 元，已救助 {sums.helped} 户"
    ] * bool(sums.households)
    figures += [
        f"{row.name}收到 {row.came:,.2f} {row.unit}、发放 {row.went:,.2f} {row.unit}" for row in sums.items
    ]
    figures += [f"{what} {quantity:g} {unit}" for what, unit, quantity in sums.clean_ups]
    return Paper(
        title,
        (
            Title(title),
            Paragraph(f"{hour(case.registered_at)}，{facts.place}发生“{facts.without_names(case.title)}”。现将处置情况报告如下。"),
            Heading("报告经过"),
            *[Paragraph(f"{hour(row.told_at)}，{row.get_way_display()}报{row.to}（{row.get_stage_display()}）。") for row in reports],
            Heading("经过和结果"),
            *paragraphs(facts.without_names(event.text)),
            *([Heading("数字"), Paragraph("；".join(figures) + "。")] if figures else []),
            Paragraph(f"{day_words(ledger.normal_since(case))}，生活恢复正常。"),
            Heading("今后"),
            *paragraphs(event.data["lessons"]),
            Signature(facts.office.name, printed),
        ),
        head=Head("document", f"{facts.office.name}文件", number),
        imprint=Imprint("", facts.office.centre_name, printed),
        author=facts.office.name,
        day=day,
    )  # fmt: skip


KIND = Kind("incident_summary", "突发事件处置报告", door, build, purpose="报上级")
