"""救灾款物台账: every entry in its order, struck ones marked, sums below; households by number, never by name."""

from huiyin.documents.facts import Facts
from huiyin.documents.kinds.base import Door, Kind, Subject, label_cell
from huiyin.incidents import ledger
from huiyin.papers.blocks import FORM_A4, Cell, Grid, Number, Paper, Paragraph, Row, Title

MOST = 400


def door(facts: Facts) -> Door:
    if facts.case.kind != "incident":
        return Door(is_apt=False)
    if not facts.case.relief.exists():
        return Door(reason="还没有收发款物", verb="record_relief", is_apt=False)
    return Door((Subject(),))


def build(facts: Facts, subject: Subject, extra: dict, number: str, day: str, printed: str) -> Paper:
    case = facts.case
    rows = list(
        case.relief.select_related("damage").prefetch_related("taken_back_by").order_by("number")[:MOST]
    )
    total = case.relief.count()
    heads = ("序号", "日期", "收发", "款物", "数量", "谁给的、发给谁", "凭据")
    table = [Row(tuple(label_cell(head) for head in heads))]
    for row in rows:
        struck = "（划去）" if row.takes_back_id or row.taken_back_by.all() else ""
        to = str(row.damage) if row.damage else facts.without_names(row.source)
        cells = (str(row.number), f"{row.on}", f"{row.get_flow_display()}{struck}", row.item,
                 f"{row.quantity:,.2f} {row.unit}", to, row.paper)  # fmt: skip
        table.append(Row(tuple(Cell(text) for text in cells)))
    sums = ledger.sums(case)
    return Paper(
        f"救灾款物台账（{case.number}）",
        (
            Title("救灾款物台账", gap_after=0),
            Number(number, "right"),
            Paragraph(f"事项：{case.number} {facts.without_names(case.title)}"),
            Grid((12, 24, 20, 24, 28, 26, 22), tuple(table)),
            *[
                Paragraph(
                    f"{item.name}：收到 {item.came:,.2f} {item.unit}，发放 {item.went:,.2f} {item.unit}，"
                    f"结余 {item.left:,.2f} {item.unit}。"
                )
                for item in sums.items
            ],
            *[Paragraph(f"共 {total} 笔，这里印前 {MOST} 笔。")] * (total > MOST),
        ),
        page=FORM_A4,
        author=facts.office.name,
        day=day,
    )


KIND = Kind("relief_book", "救灾款物台账", door, build, purpose="归档")
