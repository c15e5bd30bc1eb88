"""解除停用通知: accepted by another, it may run again from this moment on."""

from huiyin.documents.facts import Facts, day, hour, sentence
from huiyin.documents.kinds.base import Door, Kind, Subject, paragraphs, receipt
from huiyin.papers.blocks import FORM_A4, Number, Paper, Paragraph, Recipient, Signature, Title
from huiyin.rectification.models import StopOrder

TITLE = "解除停用通知"


def door(facts: Facts) -> Door:
    rows = (
        StopOrder.objects.filter(case=facts.case) if facts.case.kind == "hazard" else StopOrder.objects.none()
    )
    held = list(rows.order_by("issued_at")[:20])
    if not held:
        return Door(is_apt=False)
    lifted = [row for row in held if row.lifted_at]
    if not lifted:
        return Door(reason="还停着", verb="lift_stop")
    return Door(tuple(Subject(str(row.pk), row.what, row) for row in lifted))


def build(facts: Facts, subject: Subject, extra: dict, number: str, day_: str, printed: str) -> Paper:
    case, row = facts.case, subject.row
    to = facts.need(case.particulars.get("spot", ""), "隐患单位或场所", "fill_in", "补填要素里写上")
    return Paper(
        f"{TITLE}（{case.number}）",
        (
            Title(TITLE, gap_after=0),
            Number(number),
            Recipient(f"{to}："),
            Paragraph(
                f"{day(row.issued_at)}{row.authority}以{row.document}通知停用的“{row.what}”，"
                f"经没有参与整改的人员现场验收合格，自{hour(row.lifted_at)}起解除停用。"
            ),
            *paragraphs(sentence(facts.without_names(row.lift_text))),
            Paragraph("请继续落实日常检查，发现反弹立即停用并报告。"),
            Signature(facts.office.name, printed, gap_before=1),
            *receipt(TITLE, number, (to,)),
        ),
        page=FORM_A4,
        author=facts.office.name,
        day=day_,
    )


KIND = Kind("lift_notice", TITLE, door, build, purpose="送达隐患单位")
