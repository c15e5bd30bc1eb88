"""联合处置记录: the one record of a visit of several units, with a line for each signature."""

from huiyin.cases.workflow import CENTRE, CHIEF, UNIT
from huiyin.cooperation import together
from huiyin.cooperation.models import JointRecord, JointUnit
from huiyin.documents.facts import Facts, day, hour, sentence
from huiyin.documents.kinds.base import Door, Kind, Subject, label_cell
from huiyin.orgs.models import Role
from huiyin.papers.blocks import FORM_A4, Cell, Grid, Number, Paper, Paragraph, Row, Title

CODE, TITLE = "joint_record", "联合处置记录"


def door(facts: Facts) -> Door:
    rows = together.of(facts.case).joints
    if not rows:
        return Door(reason="没有几家一起到过现场", verb="joint", is_apt=False)
    return Door(tuple(Subject(str(row.pk), f"{day(row.held_at)} {row.place}", row) for row in rows))


def build(facts: Facts, subject: Subject, extra: dict, number: str, day_: str, printed: str) -> Paper:
    record, words = subject.row, facts.words(CODE)
    units = list(record.units.all())
    lead = [row for row in units if row.organisation_id == record.host_id]
    others = [row for row in units if row.organisation_id != record.host_id]
    for row in units:
        facts.need(row.signed_at, f"{row.organisation}的签字", "joint_sign", "各家签齐再出")
    return Paper(
        f"{TITLE}（{facts.case.number}）",
        (
            Title(TITLE, gap_after=0),
            Number(number, "right"),
            Grid((28, 50, 28, 50), _head(facts, record)),
            Grid((28, 40, 60, 28), tuple(_units([*lead, *others])), header_rows=1),
            *([Grid((60, 44, 26, 26), tuple(_measures(record)), header_rows=1)] if record.measures.all() else []),
            *[Paragraph(line, size_pt=12) for line in words.get("notes", ())],
        ),
        page=FORM_A4,
        author=facts.office.centre_name,
        day=day_,
    )  # fmt: skip


def _head(facts: Facts, record: JointRecord) -> tuple[Row, ...]:
    case = facts.case
    return (
        Row((label_cell("事项编号"), Cell(case.number), label_cell("种　　类"), Cell(facts.kind_name))),
        Row((label_cell("事　　由"), Cell(facts.without_names(case.title), across=3))),
        Row((label_cell("到场时间"), Cell(hour(record.held_at)), label_cell("地　　点"), Cell(record.place))),
        Row(
            (
                label_cell("牵头单位"),
                Cell(record.host.name),
                label_cell("记 录 人"),
                Cell(record.opened_by.name),
            )
        ),
        Row((label_cell("现场情况"), Cell(facts.without_names(sentence(record.summary)), across=3)), 30),
    )


def _units(rows: list[JointUnit]):
    yield Row(
        tuple(label_cell(words) for words in ("单　　位", "到场的人", "看到什么、什么意见", "签字和日期"))
    )
    for row in rows:
        signed = f"{row.signed_by.name}\n{day(row.signed_at)}" if row.signed_at else ""
        yield Row(
            (Cell(row.organisation.name), Cell(row.people), Cell(sentence(row.finding)), Cell(signed)), 18
        )


def _measures(record: JointRecord):
    yield Row(tuple(label_cell(words) for words in ("措　　施", "谁来做", "哪天前", "做完")))
    for row in record.measures.all():
        who = f"{row.organisation} {row.person}".strip()
        done = day(row.done_at) if row.done_at else ""
        yield Row((Cell(row.text), Cell(who), Cell(f"{row.due_on:%Y-%m-%d}"), Cell(done)))


KIND = Kind(
    CODE,
    TITLE,
    door,
    build,
    roles=CENTRE | CHIEF | UNIT | {Role.SUPERVISOR},
    purpose="附卷",
)
