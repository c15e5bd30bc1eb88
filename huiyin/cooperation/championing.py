"""包靠: name a leader and the community's secretary for a hard matter, set steps, report, end."""

from datetime import date

from huiyin.base.refusal import Refusal
from huiyin.cases.moving import move
from huiyin.cooperation import together
from huiyin.cooperation.models import Champion, ChampionOutcome, ChampionStep
from huiyin.cooperation.whistling import OVER
from huiyin.notices.models import send
from huiyin.rules import clock
from huiyin.rules.models import RuleSet


def name(case, *, by, subject=None, leader, goal: str, due_on: date, secretary=None, steps: str = ""):
    """Put a leader and, where there is one, the secretary behind the matter; both read it from now on.

    `steps`: one a line; each is due on the last day unless its line ends with a date (… 2026-12-01).
    """
    if due_on < clock.today():
        raise Refusal("攻下的日子不能是过去。", status=400, errors={"due_on": "请改日期"})
    if secretary is not None and secretary.pk == leader.pk:
        raise Refusal("领导和书记不能是同一个人。", status=400, errors={"secretary": "换一位"})
    planned = read_steps(steps, due_on)
    with move(case, "champion", by) as step:
        held = together.of(case).champion
        if held and held.leader_id == leader.pk:
            raise Refusal(f"已经由{leader.name}包靠。")
        if held:
            _end(held, step, ChampionOutcome.CHANGED, f"改由{leader.name}包靠")
        _refuse_overload(case, leader)
        row = Champion.objects.create(
            office_id=case.office_id, case=case, leader=leader, leader_title=leader.title[:80], secretary=secretary,
            secretary_title=secretary.title[:80] if secretary else "", goal=goal.strip(), due_on=due_on,
            named_at=step.at, named_by=by,
        )  # fmt: skip
        for text, day in planned:
            ChampionStep.objects.create(
                office_id=case.office_id, case=case, champion=row, text=text, due_on=day
            )
        people = [leader, *([secretary] if secretary else [])]
        case.named_readers = list(dict.fromkeys([*case.named_readers, *(user.pk for user in people)]))
        notes = [f"{leader.title} {leader.name}包靠"]
        notes += [f"{secretary.title} {secretary.name}一起"] if secretary else []
        step.say(row.goal, champion=str(row.pk), notes=[*notes, f"{due_on} 前攻下"])
        what = "" if case.is_restricted else f" {case.title}"
        send(
            people, f"请您包靠：{case.number}{what}，{due_on:%m-%d} 前", office=case.office,
            url=f"/desk/cases/{case.number}/", key=f"champion:{row.pk}", outside=f"请您包靠：{case.number}",
            restricted=case.is_restricted, group="arrived",
        )  # fmt: skip
    return row


def read_steps(text: str, last: date) -> list[tuple[str, date]]:
    """[(step, its day)] of lines; a line may end with its day. Refused when a day is unreadable, past or too late."""
    found = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        words, _, tail = line.rpartition(" ")
        day = last
        if words and tail[:2] == "20":
            try:
                day = date.fromisoformat(tail)
            except ValueError as error:
                raise Refusal(
                    f"“{line}”后面的日期要写成 2026-12-01。", status=400, errors={"steps": "日期看不懂"}
                ) from error
            line = words
        if not clock.today() <= day <= last:
            raise Refusal(
                f"“{line[:30]}”的日子要在今天到 {last} 之间。", status=400, errors={"steps": "请改日期"}
            )
        found.append((line[:200], day))
    return found


def _refuse_overload(case, leader):
    most = RuleSet.objects.current("cooperation", case.office_id).content["champion"]["most_open"]
    if Champion.objects.filter(office=case.office_id, leader=leader, ended_at=None).count() >= most:
        raise Refusal(
            f"{leader.name}手上已经包靠 {most} 件，再多顾不过来，请换一位或先销号几件。", status=400,
            errors={"leader": "换一位"},
        )  # fmt: skip


def add_step(case, *, by, subject, text: str, due_on: date):
    """One more step with its day."""
    if due_on < clock.today():
        raise Refusal("日子不能是过去。", status=400, errors={"due_on": "请改日期"})
    with move(case, "champion_step", by, subject) as step:
        if subject.steps.filter(text=text.strip()[:200], done_at=None).exists():
            raise Refusal("这一步已经列了。")
        row = ChampionStep.objects.create(
            office_id=case.office_id,
            case=case,
            champion_id=subject.pk,
            text=text.strip()[:200],
            due_on=due_on,
        )
        step.say(row.text, champion=str(subject.pk), notes=[f"{due_on} 前"])


def report(case, *, by, subject, text: str):
    """The leader or the secretary says what came of a step."""
    with move(case, "champion_report", by, subject) as step:
        row = ChampionStep.objects.select_related("champion").get(pk=subject.pk)
        if row.done_at:
            raise Refusal("这一步已经报过了。")
        if by.pk not in (row.champion.leader_id, row.champion.secretary_id):
            raise Refusal(f"进展由包靠的人来报：{people_of(row.champion)}。", status=403)
        row.done_at, row.done_by, row.done_text = step.at, by, text.strip()
        row.save(update_fields=["done_at", "done_by", "done_text"])
        late = clock.local(step.at).date() > row.due_on
        step.say(
            text.strip(),
            champion=str(row.champion_id),
            notes=[f"{row.text}：做完了" + ("，晚了" if late else "")],
        )


def end(case, *, by, subject, outcome: str, text: str):
    """销号: solved, or steady and back to everyday work. Steps left open must be done first when it is solved."""
    if outcome not in (ChampionOutcome.SOLVED, ChampionOutcome.STEADY):
        raise Refusal("请选攻下了还是稳住了。", status=400, errors={"outcome": "请选一个"})
    with move(case, "champion_end", by, subject) as step:
        row = Champion.objects.get(pk=subject.pk)
        left = [item.text for item in row.steps.filter(done_at=None)]
        if outcome == ChampionOutcome.SOLVED and left:
            raise Refusal(f"还有没做完的：{'、'.join(left)}。", missing=tuple(left))
        if by.pk == row.leader_id:
            raise Refusal("包靠的领导不能自己给自己销号，请别的领导来销。", status=403)
        _end(row, step, outcome, text.strip())
        step.say(
            text.strip(),
            champion=str(row.pk),
            outcome=outcome,
            notes=[f"{row.leader.name}包靠：{row.get_outcome_display()}"],
        )


def _end(row: Champion, step, outcome: str, text: str):
    row.ended_at, row.ended_by, row.outcome, row.outcome_text = step.at, step.by, outcome, text
    row.save(update_fields=["ended_at", "ended_by", "outcome", "outcome_text"])


def people_of(row: Champion) -> str:
    return "、".join(user.name for user in (row.leader, row.secretary) if user)


def follow(case, step):
    """The matter is over: so is the standing behind it."""
    if step.verb in OVER | {"close"}:
        for row in Champion.objects.filter(case=case, ended_at=None):
            outcome = ChampionOutcome.SOLVED if step.verb == "close" else ChampionOutcome.ENDED
            _end(row, step, outcome, "事项办结" if step.verb == "close" else "事项没有办下去")
