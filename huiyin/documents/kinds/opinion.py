"""处理意见书: request, facts and reasons, opinion, basis, outcome, and the right to ask for 复查 within 30 days."""

from django import forms

from huiyin.cases.states import HANDLING_ACTS
from huiyin.documents.facts import Facts, day, sentence, titled
from huiyin.documents.kinds.base import Door, Extra, Kind, Subject, paragraphs
from huiyin.papers.blocks import Head, Heading, Imprint, Paper, Paragraph, Recipient, Signature, Title

OUTCOMES = [("solved", "支持"), ("explained", "解释说明"), ("unsupported", "不支持")]


class Basis(Extra):
    outcome = forms.ChoiceField(label="结果", choices=OUTCOMES, help_text="按答复时选的结果，可以改。")
    basis = forms.CharField(
        label="依据", required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="法律、法规、规章、政策的名称和条款；派单时引用的职责条款已经写上。",
    )  # fmt: skip

    def prepare(self):
        answer = self.facts.event("answer")
        lead = self.facts.lead
        self.fields["outcome"].initial = (answer.data if answer else {}).get("outcome", "solved")
        self.fields["basis"].initial = lead.duty_item if lead else ""


def door(facts: Facts) -> Door:
    if not facts.is_petition or facts.case.is_anonymous:
        return Door(is_apt=False)
    if facts.event("answer") is None:
        return Door(reason="还没有答复意见", verb="answer", is_apt=facts.case.is_open)
    return Door((Subject(),))


def build(facts: Facts, subject, extra: dict, number: str, day_: str, printed: str) -> Paper:
    words, case = facts.words("opinion"), facts.case
    title = f"关于{titled(case.title)}信访事项的处理意见书"
    answer, verify = facts.event("answer"), facts.event("verify")
    wants = facts.need(case.wants.strip(), "请求", "amend", "用“更正登记”补上居民要什么")
    checked = facts.need(verify.text.strip() if verify else "", "核实情况", "verify", "先“核实”")
    opinion = facts.need(answer.text.strip() if answer else "", "处理意见", "answer", "先“答复居民”")
    lead = facts.lead
    outcome = extra.get("outcome") or (answer.data.get("outcome", "solved") if answer else "solved")
    basis = extra.get("basis") if extra.get("basis") is not None else (lead.duty_item if lead else "")
    basis = facts.need((basis or "").strip(), "依据", "dispatch", "派单时引用职责清单，或在这里填上条款")
    names = facts.names()
    done = [f"{day(row.at)}，{row.text.strip()}" for row in work(facts)]
    return Paper(
        title,
        (
            Title(title),
            Recipient((*names, "：")),
            *[Paragraph(row) for row in facts.sentences(words["opening"])],
            Heading("请求"),
            *paragraphs(sentence(wants)),
            Heading("事实和理由"),
            *paragraphs(sentence(f"您反映：{case.description}")),
            *[Paragraph(f"经调查：{'；'.join(row.rstrip('。；') for row in done)}。")] * bool(done),
            *paragraphs(sentence(f"经核实：{checked}")),
            Heading("处理意见"),
            *paragraphs(sentence(opinion)),
            Paragraph(words["outcomes"][outcome]),
            Heading("依据"),
            *paragraphs(sentence(basis)),
            Heading("救济途径"),
            Paragraph(words["rights"]),
            Signature(facts.office.name, printed, gap_before=2),
            *[Paragraph(row, keep_with_next=False) for row in facts.sentences([words["contact"]])],
        ),
        head=Head("document", f"{facts.office.name}文件", number),
        imprint=Imprint(f"{lead.organisation.name}。" if lead else "", facts.office.centre_name, printed),
        author=facts.office.name,
        day=day_,
    )


def work(facts: Facts) -> list:
    """What was done in this round, at most the last five records and the report."""
    rows = [
        row
        for row in facts.events
        if row.round == facts.case.round
        and row.text.strip()
        and (row.verb == "report" or (row.verb == "record" and row.act in HANDLING_ACTS))
    ]
    return rows[-5:]


KIND = Kind("opinion", "处理意见书", door, build, form=Basis)
