"""The acts of an incident, each a row of its own and one event of the matter."""

from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines, numbering
from huiyin.cases.intake import Person, party_of
from huiyin.cases.moving import move
from huiyin.incidents import ledger
from huiyin.incidents.models import (
    Briefing,
    BriefingLevel,
    CleanUp,
    Damage,
    FactSource,
    Flow,
    IncidentReport,
    Release,
    Relief,
    ReportStage,
    SiteFact,
    Statement,
    StatementState,
)
from huiyin.rules import clock

SERIES = "通"
MONEY = "元"


def moment(case, at: datetime | None, field: str) -> datetime:
    """`at` or now. Refused when it lies in the future, or a day or more before anybody had heard of it."""
    now = clock.now()
    if at is None:
        return now
    if at > now:
        raise Refusal("还没到的时间不能记。", status=400, errors={field: "太晚"})
    if (case.registered_at - at).days >= 1:
        raise Refusal("比登记早一天以上，请核对日期。", status=400, errors={field: "太早"})
    return at


def past_day(on: date | None, field: str) -> date:
    today = clock.today()
    if on and on > today:
        raise Refusal("还没到的日子不能记。", status=400, errors={field: "太晚"})
    return on or today


def next_number(rows) -> int:
    """The matter's row is locked by the move, so nobody else takes the same number."""
    return (rows.aggregate(Max("number"))["number__max"] or 0) + 1


def written(case, by, at) -> dict:
    return {"office_id": case.office_id, "case": case, "recorded_by": by, "recorded_at": at}


def report(case, *, by, stage: str, to: str, way: str, text: str, told_at=None, asked: str = ""):
    """报告: the first one once; the final one only when life is back to normal, and none after it."""
    with move(case, "report_incident", by) as step:
        earlier = list(case.incident_reports.order_by("number"))
        if any(row.stage == ReportStage.FINAL for row in earlier):
            raise Refusal("已经终报，不再报了。情况又有变化的，先重新办理。")
        if stage == ReportStage.FIRST and earlier and any(row.to == to.strip() for row in earlier):
            raise Refusal(f"已经向{to.strip()}初报过，现在用“续报”。", status=400, errors={"stage": "请改"})
        if stage != ReportStage.FIRST and not earlier:
            raise Refusal("还没有初报，先初报。", status=400, errors={"stage": "请选初报"})
        if stage == ReportStage.FINAL and not ledger.normal_since(case):
            raise Refusal("还没有“恢复正常”，不能终报。", missing=("恢复正常",))
        row = IncidentReport.objects.create(
            number=len(earlier) + 1, stage=stage, to=to.strip(), way=way, told_at=moment(case, told_at, "told_at"),
            text=text.strip(), asked=asked.strip(), **written(case, by, step.at),
        )  # fmt: skip
        minutes = max(0, int((row.told_at - case.registered_at).total_seconds() // 60))
        step.say(row.text, report=str(row.pk))
        step.data["notes"] = [
            f"{row}，{row.get_way_display()}报{row.to}，接报后 {minutes} 分钟",
            *([f"要求：{row.asked}"] if row.asked else []),
        ]
    return row


def gather(case, *, by, source: str, text: str, learnt_at=None, place: str = "", affected: int | None = None):
    """核实: one fact, and from whom."""
    with move(case, "gather_facts", by) as step:
        row = SiteFact.objects.create(
            number=next_number(case.site_facts), source=source, learnt_at=moment(case, learnt_at, "learnt_at"),
            place=place.strip(), affected=affected, text=text.strip(), **written(case, by, step.at),
        )  # fmt: skip
        step.say(row.text, fact=str(row.pk))
        step.data["notes"] = [
            " · ".join(
                part
                for part in (row.get_source_display(), row.place, f"{affected} 人" if affected else "")
                if part
            )
        ]
    return row


def brief(case, *, by, level: str, place: str, chaired_by: str, present: str, number_present: int, text: str,
          held_at=None):  # fmt: skip
    """通报会. The people are told only what the house itself was told: cadres before residents."""
    with move(case, "brief", by) as step:
        if level == BriefingLevel.RESIDENTS and not case.briefings.exclude(level=level).exists():
            raise Refusal(
                "先在班子会、干部会上讲清楚，再开群众会，免得各说各的。", status=400, errors={"level": "请换"}
            )
        row = Briefing.objects.create(
            level=level, held_at=moment(case, held_at, "held_at"), place=place.strip(), chaired_by=chaired_by.strip(),
            present=present.strip(), number_present=number_present, text=text.strip(), **written(case, by, step.at),
        )  # fmt: skip
        step.say(row.text, briefing=str(row.pk))
        step.data["notes"] = [f"{row}，{row.place}，{row.chaired_by}主持", f"参加：{row.present}"]
    return row


def draft(case, *, by, kind: str, text: str, facts, rumour: str = ""):
    """起草: every statement stands on facts that are more than hearsay."""
    with move(case, "draft_statement", by) as step:
        chosen = [row for row in facts if row.case_id == case.pk]
        if not chosen:
            raise Refusal("口径要有依据：至少选一条核实过的情况。", status=400, errors={"facts": "请选"})
        doubtful = [str(row.number) for row in chosen if row.source == FactSource.HEARSAY]
        if doubtful:
            raise Refusal(
                f"情况{'、'.join(doubtful)}只是听说，没有核实，不能拿来对外说。",
                status=400,
                errors={"facts": "请换"},
            )
        if kind == "clarify" and not rumour.strip():
            raise Refusal("澄清谣言要写明外面怎么传。", status=400, errors={"rumour": "请填"})
        row = Statement.objects.create(
            office_id=case.office_id, case=case, number=numbering.document_number(case.office, SERIES, step.at),
            kind=kind, rumour=rumour.strip(), text=text.strip(), drafted_by=by, drafted_at=step.at,
        )  # fmt: skip
        row.facts.set(chosen)
        step.say(row.text, statement=str(row.pk))
        step.data["notes"] = [f"{row}，依据{'、'.join(f'情况{fact.number}' for fact in chosen)}"]
    return row


def decide(case, *, by, subject, approve: bool, text: str = ""):
    """审批: by a leader who did not draft it. A refusal says why."""
    with move(case, "decide_statement", by, subject) as step:
        row = Statement.objects.get(pk=subject.pk)
        if row.state != StatementState.DRAFT:
            raise Refusal(f"{row}已经审过：{row.get_state_display()}。")
        if row.drafted_by_id == by.pk:
            raise Refusal("口径不能自己起草自己批。", status=403)
        if not approve and not text.strip():
            raise Refusal("不批准要写明哪里要改。", status=400, errors={"text": "请填"})
        row.state = StatementState.APPROVED if approve else StatementState.REFUSED
        row.decided_by, row.decided_at, row.decision = by, step.at, text.strip()
        row.save(update_fields=["state", "decided_by", "decided_at", "decision"])
        step.say(row.decision, statement=str(row.pk), approved=approve)
        step.data["notes"] = [f"{row}：{row.get_state_display()}"]
    return row


def release(case, *, by, subject, outlet: str, where: str, released_at=None):
    """发布: an approved statement, word for word, in one more place."""
    with move(case, "release_statement", by, subject) as step:
        statement = Statement.objects.get(pk=subject.pk)
        if statement.state != StatementState.APPROVED:
            raise Refusal(f"{statement}还没有批准，不能发。")
        at = moment(case, released_at, "released_at")
        if at < statement.decided_at.replace(second=0, microsecond=0):
            raise Refusal("发出的时间早于批准。", status=400, errors={"released_at": "太早"})
        if statement.releases.filter(outlet=outlet, where=where.strip()).exists():
            raise Refusal(f"在{where.strip()}已经发过。", status=400, errors={"where": "发过了"})
        row = Release.objects.create(
            statement=statement,
            outlet=outlet,
            where=where.strip(),
            released_at=at,
            **written(case, by, step.at),
        )
        step.say(statement.text, statement=str(statement.pk), release=str(row.pk))
        step.data["notes"] = [f"{statement}，{row.get_outlet_display()}：{row.where}"]
    return row


def damage(case, *, by, name: str, kind: str, text: str, area=None, phone: str = "", address: str = "",
           persons: int = 1, amount: Decimal | None = None, seen_on: date | None = None):  # fmt: skip
    """受损登记 of one household; its name goes into Party and never into the history."""
    with move(case, "record_damage", by) as step:
        party = party_of(case.office, Person(name=name, phone=phone, address=address))
        if case.damages.filter(party=party, kind=kind, takes_back=None, taken_back_by=None).exists():
            raise Refusal("这一户的这种损失已经登记过。", status=400, errors={"kind": "登记过了"})
        first = not case.damages.exists()
        row = Damage.objects.create(
            number=next_number(case.damages), party=party, area=area or case.area, kind=kind, persons=persons,
            amount=amount, text=text.strip(), seen_on=past_day(seen_on, "seen_on"), **written(case, by, step.at),
        )  # fmt: skip
        if first:
            deadlines.happened(case, "damage_recorded", step.at)
        step.say(
            f"{row}，{persons} 人" + (f"，估计损失 {amount:,.2f} 元" if amount else ""), damage=str(row.pk)
        )
    return row


def relief(case, *, by, flow: str, item: str, unit: str, quantity: Decimal, paper: str, source: str = "",
           household=None, on: date | None = None):  # fmt: skip
    """收发款物: what is handed out must have come in, and goes to a household or to somebody named."""
    with move(case, "record_relief", by) as step:
        item, unit = item.strip(), unit.strip()
        if flow == Flow.OUT:
            left = ledger.left(case, item, unit)
            if quantity > left:
                raise Refusal(
                    f"{item}只剩 {left:,.2f} {unit}，发不出 {quantity:,.2f}。先记收到的，或者核对数量。",
                    status=400,
                    errors={"quantity": "多了"},
                )
            if household is None and not source.strip():
                raise Refusal("发给哪一户、发给谁，要写明。", status=400, errors={"household": "请选"})
            if household and household.is_taken_back:
                raise Refusal("这一户的登记已经划去，不能发。", status=400, errors={"household": "请换"})
        elif not source.strip():
            raise Refusal("收到的款物要写明是谁给的。", status=400, errors={"source": "请填"})
        row = Relief.objects.create(
            number=next_number(case.relief), flow=flow, item=item, unit=unit, quantity=quantity, source=source.strip(),
            damage=household if flow == Flow.OUT else None, paper=paper.strip(), on=past_day(on, "on"),
            **written(case, by, step.at),
        )  # fmt: skip
        if flow == Flow.OUT:
            deadlines.happened(case, "relief_given", step.at)
        to = f"，{household}" if household and flow == Flow.OUT else f"，{row.source}" if row.source else ""
        step.say(f"{row}{to}", relief=str(row.pk))
        step.data["notes"] = [f"凭据：{row.paper}"]
    return row


def take_back(case, *, by, subject, reason: str):
    """划去一笔: the same row once more, the other way round; the history keeps both."""
    with move(case, "take_back_entry", by, subject) as step:
        row = type(subject).objects.get(pk=subject.pk)
        if row.is_taken_back:
            raise Refusal("这一笔已经划去。")
        if isinstance(row, Relief):
            if row.flow == Flow.IN and ledger.left(case, row.item, row.unit) < row.quantity:
                raise Refusal(f"这笔{row.item}已经发出去了，先划去发放的那几笔。")
        elif row.relief.filter(takes_back=None, taken_back_by=None).exists():
            raise Refusal("这一户已经领过款物，先划去发放的那几笔。")
        copy = {
            field.name: getattr(row, field.name)
            for field in row._meta.fields
            if field.name not in ("id", "number")
        }
        copy |= {
            "takes_back": row,
            "number": next_number(type(row).objects.filter(case=case)),
            **written(case, by, step.at),
        }
        type(row).objects.create(**copy)
        step.say(reason.strip())
        step.data["notes"] = [f"划去：{row}"]


def clean_up(
    case, *, by, what: str, place: str, quantity: Decimal, unit: str, hands: int | None = None, done_on=None
):
    with move(case, "clean_up", by) as step:
        row = CleanUp.objects.create(
            what=what.strip(), place=place.strip(), quantity=quantity, unit=unit.strip(), hands=hands,
            done_on=past_day(done_on, "done_on"), **written(case, by, step.at),
        )  # fmt: skip
        step.say(
            f"{row.what} {quantity:g} {row.unit}" + (f"，出动 {hands} 人" if hands else ""),
            clean_up=str(row.pk),
        )
        step.data["notes"] = [row.place]
    return row


def back_to_normal(case, *, by, text: str, normal_on: date | None = None):
    """恢复正常: the day on which people live as before."""
    with move(case, "back_to_normal", by) as step:
        if ledger.normal_since(case):
            raise Refusal("已经记过恢复正常。")
        day = past_day(normal_on, "normal_on")
        if day < clock.local(case.registered_at).date():
            raise Refusal("恢复正常的日子早于出事。", status=400, errors={"normal_on": "太早"})
        step.say(text.strip(), normal_on=str(day))
        step.data["notes"] = [f"{day} 恢复正常"]


def summarise(case, *, by, text: str, lessons: str):
    """总结: what happened, what worked, what is done differently next time."""
    with move(case, "summarise", by) as step:
        if not ledger.normal_since(case):
            raise Refusal("还没有恢复正常，先不总结。", missing=("恢复正常",))
        step.say(text.strip(), lessons=lessons.strip())
        step.data["notes"] = [f"今后：{lessons.strip()}"]
