"""转办单: what a unit is sent, by which clause of the duty list, until when – without who raised it."""

from huiyin.documents.facts import Facts, hour
from huiyin.documents.kinds.base import Door, Kind, Subject, label_cell
from huiyin.papers.blocks import FORM_A4, Cell, Cut, Grid, Number, Paper, Paragraph, Row, Title


def door(facts: Facts) -> Door:
    rows = [row for row in facts.case.live_assignments if row.state != "returned"]
    if not rows:
        return Door(reason="还没有派单", verb="dispatch", is_apt=facts.case.is_open)
    return Door(
        tuple(Subject(str(row.pk), f"{row.organisation}（{row.get_part_display()}）", row) for row in rows)
    )


def build(facts: Facts, subject: Subject, extra: dict, number: str, day: str, printed: str) -> Paper:
    words, case, row = facts.words("transfer"), facts.case, subject.row
    title = f"{facts.kind_name}事项转办单" if facts.kind_name == "信访" else "事项转办单"
    report, take = facts.due("report", assignment=row), facts.due("take", assignment=row)
    facts.need(report, "报结期限", "dispatch", "派单时按规则算，也可以指定")
    return Paper(
        f"{title}（{case.number}）",
        (
            Title(title, gap_after=0),
            Number(number, "right"),
            Grid(
                (26, 52, 26, 52),
                (
                    Row((label_cell("承办单位"), Cell(f"{row.organisation.name}（{row.get_part_display()}）"),
                         label_cell("事项编号"), Cell(case.number))),
                    Row((label_cell("事　　由"), Cell(facts.without_names(case.title), across=3))),
                    Row((label_cell("分　　类"), Cell(facts.category), label_cell("来　　源"), Cell(case.get_channel_display()))),
                    Row((label_cell("地　　点"), Cell(facts.place, across=3))),
                    Row((label_cell("反映情况"), Cell(facts.without_names(case.description), across=3)), 38),
                    Row((label_cell("请　　求"), Cell(facts.without_names(case.wants) or "未另外提出", across=3)), 14),
                    Row((label_cell("职责依据"), Cell(row.duty_item or "按派单要求办理", across=3))),
                    Row((label_cell("办理要求"), Cell((f"{row.task}\n" if row.task else "") + words["requirement"], across=3)), 24),
                    Row((label_cell("签收期限"), Cell(f"{hour(take)}前" if take else "随到随签"),
                         label_cell("报结期限"), Cell(f"{hour(report)}前" if report else ""))),
                    Row((label_cell("转办单位"), Cell(facts.office.centre_name), label_cell("转办时间"), Cell(hour(row.sent_at)))),
                ),
            ),
            *[Paragraph(note, size_pt=10.5, indent=2) for note in words["notes"]],
            Cut("签收回执（签收后由承办单位退回转办单位）"),
            Grid(
                (30, 48, 30, 48),
                (
                    Row((label_cell("转办单文号"), Cell(number), label_cell("事项编号"), Cell(case.number))),
                    Row((label_cell("签收单位"), Cell(""), label_cell("签收人"), Cell(""))),
                    Row((label_cell("签收时间"), Cell("　　年　月　日　时"), label_cell("备注"), Cell(""))),
                ),
                is_whole=True,
            ),
        ),
        page=FORM_A4,
        author=facts.office.centre_name,
        day=day,
    )  # fmt: skip


KIND = Kind("transfer", "转办单", door, build, purpose="交承办单位")
