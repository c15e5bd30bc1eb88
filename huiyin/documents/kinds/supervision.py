"""督办单: the supervision notice on paper, under the number that the notice already has."""

from huiyin.cases import record
from huiyin.cases.workflow import CENTRE, CHIEF
from huiyin.documents.facts import Facts, day, hour
from huiyin.documents.kinds.base import Door, Kind, Subject, label_cell
from huiyin.orgs.models import Role
from huiyin.papers.blocks import FORM_A4, Cell, Cut, Grid, Number, Paper, Row, Title

LEVELS = {1: "第一次", 2: "第二次"}


def door(facts: Facts) -> Door:
    rows = [row for row in record.rows(facts.case, "notices") if row.round == facts.case.round]
    if not rows:
        return Door(reason="没有督办过", verb="supervise", is_apt=False)
    rows.sort(key=lambda row: row.issued_at)
    return Door(
        tuple(Subject(str(row.pk), f"{row.organisation}（{LEVELS.get(row.level, '')}）", row) for row in rows)
    )


def build(facts: Facts, subject: Subject, extra: dict, number: str, day_: str, printed: str) -> Paper:
    words, case, notice = facts.words("supervision"), facts.case, subject.row
    title = "督办单" if notice.level < 2 else "第二次督办单"
    facts.need(notice.text.strip(), "督办要求", "supervise", "督办时写明要求")
    lead = facts.lead
    report = facts.due("report", assignment=lead) if lead else None
    signer = notice.issued_by.name if notice.issued_by else "到期未处理，按规则自动发出"
    return Paper(
        f"{title}（{notice.number}）",
        (
            Title(title, gap_after=0),
            Number(number, "right"),
            Grid(
                (26, 52, 26, 52),
                (
                    Row((label_cell("督办单位"), Cell(notice.organisation.name), label_cell("事项编号"), Cell(case.number))),
                    Row((label_cell("事　　由"), Cell(facts.without_names(case.title), across=3))),
                    Row((label_cell("督办缘由"), Cell(notice.get_cause_display()), label_cell("第几次"), Cell(LEVELS.get(notice.level, "")))),
                    Row((label_cell("登记日期"), Cell(day(case.registered_at)), label_cell("报结期限"), Cell(f"{hour(report)}前" if report else "已过办理期限"))),
                    Row((label_cell("职责依据"), Cell((lead.duty_item if lead else "") or "按派单要求办理", across=3))),
                    Row((label_cell("督办要求"), Cell(f"{facts.without_names(notice.text)}\n{words['requirement']}", across=3)), 48),
                    Row((label_cell("回复期限"), Cell(f"{hour(notice.due_at)}前", across=3))),
                    Row((label_cell("签　　发"), Cell(signer, across=3, foot=(f"{facts.office.centre_name}　{day(notice.issued_at)}",))), 26),
                ),
            ),
            Cut("督办回复（承办单位填写后交回）"),
            Grid(
                (34, 44, 34, 44),
                (
                    Row((label_cell("督办单文号"), Cell(number), label_cell("事项编号"), Cell(case.number))),
                    Row((label_cell("办到哪一步"), Cell("", across=3)), 16),
                    Row((label_cell("没办完的原因"), Cell("", across=3)), 12),
                    Row((label_cell("打算哪天办完"), Cell(""), label_cell("回复人和日期"), Cell("")), 12),
                ),
                is_whole=True,
            ),
        ),
        page=FORM_A4,
        author=facts.office.centre_name,
        day=day_,
    )  # fmt: skip


KIND = Kind(
    "supervision",
    "督办单",
    door,
    build,
    roles=CENTRE | CHIEF | {Role.SUPERVISOR},
    own_number=False,
    purpose="交承办单位",
)
