"""停用通知: the street asks to stop until the danger is gone; an order is the paper of the authority that gave it."""

from huiyin.documents.facts import Facts, hour, sentence
from huiyin.documents.kinds.base import Door, Kind, Subject, paragraphs, receipt
from huiyin.papers.blocks import FORM_A4, Number, Paper, Paragraph, Recipient, Signature, Title
from huiyin.rectification.models import StopKind, StopOrder

TITLE = "停用通知"


def door(facts: Facts) -> Door:
    if facts.case.kind != "hazard":
        return Door(is_apt=False)
    rows = list(StopOrder.objects.filter(case=facts.case, kind=StopKind.ADVICE).order_by("issued_at")[:20])
    if not rows:
        return Door(reason="没有发过停用", verb="stop", is_apt=False)
    return Door(tuple(Subject(str(row.pk), row.what, row) for row in rows))


def build(facts: Facts, subject: Subject, extra: dict, number: str, day: str, printed: str) -> Paper:
    case, row, words = facts.case, subject.row, facts.words("stop_notice")
    to = facts.need(case.particulars.get("spot", ""), "隐患单位或场所", "fill_in", "补填要素里写上")
    return Paper(
        f"{TITLE}（{case.number}）",
        (
            Title(TITLE, gap_after=0),
            Number(number),
            Recipient(f"{to}："),
            Paragraph(f"请你单位（场所）自{hour(row.issued_at)}起停用：{row.what}。理由如下："),
            *paragraphs(sentence(facts.without_names(row.reason))),
            *[Paragraph(line) for line in facts.sentences(words["notes"])],
            Signature(facts.office.name, printed, gap_before=1),
            *receipt(TITLE, number, (to,)),
        ),
        page=FORM_A4,
        author=facts.office.name,
        day=day,
    )


KIND = Kind("stop_notice", TITLE, door, build, own_number=False, purpose="送达隐患单位")
