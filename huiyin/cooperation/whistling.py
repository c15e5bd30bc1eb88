"""吹哨报到: call units to a matter, each with its own time; they answer, the caller signs off or sends back."""

from dataclasses import dataclass
from datetime import datetime

from huiyin.base.refusal import Refusal
from huiyin.cases import access, deadlines
from huiyin.cases.moving import move
from huiyin.cooperation import together
from huiyin.cooperation.models import Call, CallAnswer, Whistle
from huiyin.notices.models import send
from huiyin.orgs.models import Post, Role
from huiyin.rules import clock, limits
from huiyin.rules.limit_rules import amount_words
from huiyin.rules.models import RuleSet

ANSWERING = {Role.HANDLER, Role.UNIT_HEAD, Role.STATION}
OVER = frozenset({"withdraw", "void", "merge", "refer", "decline"})


@dataclass(frozen=True)
class Level:
    """One row of the rule: how soon and how a called unit answers."""

    code: str
    name: str
    way: str
    amount: float
    unit: str
    source_kind: str
    source: str

    @property
    def length(self) -> str:
        return amount_words(self.amount, self.unit)


def levels(office) -> dict[str, Level]:
    rows = RuleSet.objects.current("cooperation", office).content["whistle"]["levels"]
    return {row["code"]: Level(**row) for row in rows}


def due_of(level: Level, start: datetime, calendar) -> datetime:
    """The last moment in which an answer is in time, on the working calendar where the unit asks for it."""
    rule = limits.LimitRule(
        level.code,
        level.name,
        level.amount,
        level.unit,
        "blown",
        ("answered",),
        level.source_kind,
        level.source,
    )
    return limits.due_at(rule, start, calendar)


def whistle(case, *, by, subject=None, units, level: str, text: str, place: str = "") -> Whistle:
    """Call `units`. Each becomes a reader; of a restricted matter only units whose people are named in it may be called."""
    units = list(dict.fromkeys(units))
    known = levels(case.office).get(level)
    if known is None:
        raise Refusal("请选缓急。", status=400, errors={"level": "请从列表里选"})
    with move(case, "whistle", by) as step:
        _check(case, units)
        rules = RuleSet.objects.current("cooperation", case.office_id)
        days = RuleSet.objects.current("calendar", case.office_id)
        blown = Whistle.objects.create(
            office_id=case.office_id, case=case, round=case.round, level=level, text=text.strip(),
            place=place.strip(), at=step.at, by=by,
        )  # fmt: skip
        due = due_of(known, step.at, deadlines.calendar(days.pk))
        for unit in units:
            Call.objects.create(
                office_id=case.office_id, case=case, whistle=blown, organisation=unit, due_at=due,
                length=known.length, rules=rules, calendar=days,
            )  # fmt: skip
        names = "、".join(str(unit) for unit in units)
        step.say(
            blown.text, units=[str(unit) for unit in units], whistle=str(blown.pk),
            notes=[f"{known.name}：叫 {names}", f"{known.length}内，{clock.local(due):%m-%d %H:%M} 前", *filter(None, [blown.place])],
        )  # fmt: skip
        _tell(case, blown, units, known, due)
    return blown


def _check(case, units):
    if not units:
        raise Refusal("请选要叫的单位。", status=400, errors={"units": "至少选一家"})
    waiting = {row.organisation_id: row for row in together.of(case).calls if row.is_waiting}
    busy = [str(unit) for unit in units if unit.pk in waiting]
    if busy:
        raise Refusal(
            f"{'、'.join(busy)} 已经叫了，还没答复。", status=400, errors={"units": "去掉已经叫过的"}
        )
    if case.is_restricted:
        people = access.people_of(case)
        held = set(
            Post.objects.current().filter(user_id__in=people).values_list("organisation_id", flat=True)
        )
        outside = [str(unit) for unit in units if unit.pk not in held]
        if outside:
            raise Refusal(
                f"这件限知，{'、'.join(outside)} 没有人在知情名单里，不能吹哨叫来；先把人列进去或派单给他们。",
                status=403, errors={"units": "只能叫名单里有人的单位"},
            )  # fmt: skip


def _tell(case, blown, units, level, due):
    for unit in units:
        words = f"{level.name}：{{what}}，{clock.local(due):%m-%d %H:%M} 前"
        _say(case, _people(case, unit), words, f"whistle:{blown.pk}:{unit.pk}", "arrived", "alarm")


def _people(case, unit) -> list:
    """Who answers for a unit; of a restricted matter only those named in it."""
    posts = Post.objects.current().filter(organisation=unit, role__in=ANSWERING, user__is_active=True)
    users = {post.user_id: post.user for post in posts.select_related("user")}
    named = access.people_of(case) if case.is_restricted else users
    return [user for pk, user in users.items() if pk in named]


def _say(case, users, words: str, key: str, group: str, level: str = "plain"):
    """One message; its title stays inside the house."""
    inside = case.number if case.is_restricted else f"{case.number} {case.title}"
    send(
        users, words.format(what=inside), office=case.office, url=f"/desk/cases/{case.number}/#whistle", key=key,
        level=level, group=group, outside=words.format(what=case.number), restricted=case.is_restricted,
    )  # fmt: skip


def answer(case, *, by, subject, way: str, text: str):
    """A called unit came or answered; after a sending back the first moment stays for the figures."""
    if way not in CallAnswer.values:
        raise Refusal("请选怎么来的。", status=400, errors={"way": "请选一个"})
    with move(case, "answer_call", by, subject) as step:
        row = _held(subject)
        if row.answered_at:
            raise Refusal(f"{row} 已经答复过了，等吹哨的人销哨。")
        row.answered_at, row.answered_by, row.way, row.answer = step.at, by, way, text.strip()
        row.first_answered_at = row.first_answered_at or step.at
        row.save(update_fields=["answered_at", "first_answered_at", "answered_by", "way", "answer"])
        late = row.first_answered_at > row.due_at
        step.say(
            row.answer,
            unit=str(row),
            call=str(row.pk),
            late=late,
            notes=[row.get_way_display() + ("，晚了" if late else "，按时")],
        )
        words = f"{row} {row.get_way_display()}，请销哨：{{what}}"
        _say(case, [row.whistle.by], words, f"answered:{row.pk}:{row.sent_back}", "back")


def sign(case, *, by, subject, good: bool, text: str = ""):
    """销哨: the caller finds it done, or sends it back to be done again."""
    with move(case, "sign_call", by, subject) as step:
        row = _held(subject)
        if row.answered_at is None:
            raise Refusal(f"{row} 还没答复，不能销哨；不用来了就“收哨”。")
        if row.signed_at:
            raise Refusal(f"{row} 已经销哨。")
        if row.answered_by_id == by.pk:
            raise Refusal("自己答复的不能自己销哨，请别人来销。", status=403)
        if not good and len(text.strip()) < 2:
            raise Refusal("退回要写明还差什么。", status=400, errors={"text": "请写还差什么"})
        if good:
            row.signed_at, row.signed_by = step.at, by
        else:
            row.answered_at, row.answered_by, row.sent_back = None, None, row.sent_back + 1
        row.save(update_fields=["signed_at", "signed_by", "answered_at", "answered_by", "sent_back"])
        if not good:
            words = "没办好，请再来：{what}"
            _say(
                case,
                _people(case, row.organisation),
                words,
                f"again:{row.pk}:{row.sent_back}",
                "back",
                "alarm",
            )
        step.say(
            text.strip(),
            unit=str(row),
            call=str(row.pk),
            good=good,
            notes=[f"{row}：" + ("办好，销哨" if good else "没办好，再来")],
        )


def release(case, *, by, subject, reason: str):
    """收哨: this unit need not come any more; it no longer counts in the figures."""
    with move(case, "release_call", by, subject) as step:
        row = _held(subject)
        if row.answered_at:
            raise Refusal(f"{row} 已经来过，请“销哨”。")
        row.released_at = step.at
        row.save(update_fields=["released_at"])
        step.say(reason.strip(), unit=str(row), call=str(row.pk), notes=[f"{row} 不用来了"])


def _held(subject) -> Call:
    row = Call.objects.select_related("organisation", "whistle__by").get(pk=subject.pk)
    if row.released_at:
        raise Refusal(f"{row} 已经收哨，不用再答。")
    return row


def follow(case, step):
    """The matter ended another way than by closing: whoever has not come need not come."""
    if step.verb in OVER:
        gone = Call.objects.filter(case=case).waiting().update(released_at=step.at)
        if gone:
            step.data["notes"] = [*step.data.get("notes", ()), f"收哨：{gone} 家不用来了"]


def unsigned(case) -> str:
    """What stands in the way of closing, or ''."""
    calls = [row for row in together.of(case).calls if row.released_at is None and row.signed_at is None]
    waiting = [str(row) for row in calls if row.answered_at is None]
    done = [str(row) for row in calls if row.answered_at]
    said = [f"吹哨叫的 {'、'.join(waiting)} 还没答复"] if waiting else []
    said += [f"{'、'.join(done)} 答复了还没销哨"] if done else []
    return "；".join(said)
