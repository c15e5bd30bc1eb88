"""不予受理告知书: why not, by which lawful route instead, and where to go (第二十三条)."""

from django import forms

from huiyin.documents.facts import Facts, sentence
from huiyin.documents.kinds.base import Door, Extra, Kind, Subject, paragraphs, receipt
from huiyin.papers.blocks import FORM_A4, Heading, Number, Paper, Paragraph, Recipient, Signature, Title


class Routes(Extra):
    routes = forms.MultipleChoiceField(
        label="属于哪条法定途径", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="选了会印在告知书里；都不是就不选。",
    )  # fmt: skip

    def prepare(self):
        self.fields["routes"].choices = [(r, r) for r in self.facts.words("non_acceptance")["routes"]]


def door(facts: Facts) -> Door:
    if facts.case.is_anonymous:
        return Door(is_apt=False)
    if facts.event("decline") is None:
        is_open = facts.case.state == "received"
        return Door(reason="没有“不予受理”的决定", verb="decline", is_apt=is_open)
    return Door((Subject(),))


def build(facts: Facts, subject, extra: dict, number: str, day: str, printed: str) -> Paper:
    words, title = facts.words("non_acceptance"), title_of(facts)
    said = facts.event("decline")
    data = said.data if said else {}
    reason = facts.need(data.get("reason", "").strip(), "不予受理的理由", "decline", "先“不予受理”并写明理由")
    advice = facts.need(data.get("advice", "").strip(), "可以去哪里", "decline", "先“不予受理”并写明去处")
    routes = extra.get("routes") or []
    by_law = [Paragraph(f"该事项属于应当通过{'、'.join(routes)}等法定途径解决的事项。")] if routes else []
    opening = words["petition"] if facts.is_petition else words["other"]
    names = facts.names()
    return Paper(
        f"{title}（{facts.case.number}）",
        (
            Title(title, gap_after=0),
            Number(number),
            Recipient((*names, "：")),
            *[Paragraph(row) for row in facts.sentences(opening)],
            Heading("不予受理的理由"),
            *paragraphs(sentence(reason)),
            Heading("您可以通过的途径"),
            *by_law,
            *paragraphs(sentence(advice)),
            *[Paragraph(row) for row in facts.sentences(words["then"])],
            Paragraph(words["closing"]),
            Signature(facts.office.name, printed, gap_before=1),
            *receipt(title, number, names),
        ),
        page=FORM_A4,
        author=facts.office.name,
        day=day,
    )


def title_of(facts: Facts) -> str:
    return "信访事项不予受理告知书" if facts.is_petition else "事项不予受理告知书"


KIND = Kind("non_acceptance", "不予受理告知书", door, build, form=Routes)
