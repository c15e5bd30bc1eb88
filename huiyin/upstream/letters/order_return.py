"""退单说明: why the order is not ours, by which clause, told upward with its number."""

from huiyin.cases import record
from huiyin.documents.facts import Facts, day, hour, sentence
from huiyin.documents.kinds.base import Door, Kind, Subject, paragraphs
from huiyin.papers.blocks import FORM_A4, Heading, Number, Paper, Paragraph, Recipient, Signature, Title
from huiyin.upstream import orders, profile
from huiyin.upstream.models import OrderReturn
from huiyin.upstream.profile import HOTLINE

CODE, TITLE = "order_return", "退单说明"


def door(facts: Facts) -> Door:
    if facts.case.kind != HOTLINE:
        return Door(is_apt=False)
    rows = facts.case.order_returns.order_by("asked_at") if record.has(facts.case, OrderReturn) else []
    if not rows:
        return Door(reason="没有退过单", verb="return_order", is_apt=False)
    return Door(tuple(Subject(str(row.pk), f"{day(row.asked_at)}的退单", row) for row in rows))


def build(facts: Facts, subject: Subject, extra: dict, number: str, day_: str, printed: str) -> Paper:
    words, row, order = facts.words(CODE), subject.row, orders.known(facts.case)
    cause = profile.causes(facts.office).get(row.cause, {}).get("name", row.cause)
    window = f"，在退单截止（{hour(row.until)}）以前" if row.until else ""
    return Paper(
        f"{TITLE}（{order.number}）",
        (
            Title(TITLE, gap_after=0),
            Number(number),
            Recipient((f"{order.system}：",)),
            Paragraph(f"你单位转来的编号{order.number}（本街道编号{facts.case.number}）一件，我街道于{hour(row.asked_at)}{window}提出退单，说明如下："),
            Heading("缘由"),
            Paragraph(f"{cause}。"),
            Heading("理由"),
            *paragraphs(facts.without_names(sentence(row.reason))),
            *([Heading("依据"), Paragraph(f"{row.clause}。")] if row.clause else []),
            *[Paragraph(line) for line in facts.sentences(words["closing"])],
            Signature(facts.office.name, printed, gap_before=1),
        ),
        page=FORM_A4,
        author=facts.office.name,
        day=day_,
    )  # fmt: skip


KIND = Kind(CODE, TITLE, door, build, purpose="交上级热线")
