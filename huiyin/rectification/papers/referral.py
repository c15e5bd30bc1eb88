"""移送函: a street has no power to punish; facts and papers go to the body that has."""

from huiyin.documents.facts import Facts, sentence
from huiyin.documents.kinds.base import Door, Kind, Subject, paragraphs
from huiyin.papers.blocks import AttachmentNote, Head, Heading, Paper, Paragraph, Recipient, Signature, Title
from huiyin.rectification import plans
from huiyin.rectification.models import EnforcementReferral


def door(facts: Facts) -> Door:
    if facts.case.kind != "hazard":
        return Door(is_apt=False)
    rows = list(EnforcementReferral.objects.filter(case=facts.case).order_by("sent_at")[:20])
    if not rows:
        return Door(reason="没有移送过", verb="refer_enforcement", is_apt=False)
    return Door(tuple(Subject(str(row.pk), row.to, row) for row in rows))


def build(facts: Facts, subject: Subject, extra: dict, number: str, day: str, printed: str) -> Paper:
    case, row, words = facts.case, subject.row, facts.words("enforce_referral")
    spot = case.particulars.get("spot", "") or facts.place
    title = f"关于移送{spot}安全隐患的函"
    names = ["隐患登记和现场照片", *(["整改方案和措施清单"] if plans.current(case) else [])]
    return Paper(
        title,
        (
            Title(title),
            Recipient(f"{row.to}："),
            Paragraph(
                f"我街道在办理“{facts.without_names(case.title)}”（编号：{case.number}）时，发现下列情况："
            ),
            Heading("查明的事实"),
            *paragraphs(sentence(facts.without_names(row.facts))),
            Heading("涉嫌违反"),
            *paragraphs(sentence(row.basis)),
            *[Paragraph(line) for line in facts.sentences(words["opening"])],
            *[Paragraph(line) for line in facts.sentences([words["contact"]])],
            AttachmentNote(tuple(names)),
            Signature(facts.office.name, printed),
        ),
        head=Head("letter", facts.office.name, number),
        author=facts.office.name,
        day=day,
    )


KIND = Kind("enforce_referral", "移送执法函", door, build, own_number=False, purpose="送执法机关")
