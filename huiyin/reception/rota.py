"""Leaders' reception days: the week's plan, its gaps, publication, swaps, and who is on duty."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.notices.models import send
from huiyin.orgs.models import Post, Role
from huiyin.reception import house_rules
from huiyin.reception.models import DayPart, RotaDay, RotaSwap, RotaWeek
from huiyin.rules import clock

WEEKDAYS = "一二三四五六日"
RECEIVERS = (Role.DUTY_LEADER, Role.LEADER, Role.DIRECTOR, Role.DEPUTY, Role.UNIT_HEAD)
HALVES = {DayPart.MORNING, DayPart.AFTERNOON}


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def days_of(monday: date) -> list[date]:
    return [monday + timedelta(days=number) for number in range(7)]


def day_name(day: date) -> str:
    """周三（11月25日）"""
    return f"周{WEEKDAYS[day.weekday()]}（{day.month}月{day.day}日）"


def week_of(office, day: date) -> RotaWeek | None:
    return RotaWeek.objects.filter(office=office, monday=monday_of(day)).first()


def entries(office, monday: date) -> list[RotaDay]:
    rows = RotaDay.objects.filter(office=office, on__range=(monday, monday + timedelta(days=6)))
    return list(rows.select_related("leader").order_by("on", "-part"))


def gaps(office, monday: date, rows: list[RotaDay] | None = None) -> list[tuple[date, str]]:
    """(working day, 全天 or the half that nobody receives); make-up workdays count, holidays do not."""
    calendar = house_rules.calendar(office)
    rows = entries(office, monday) if rows is None else rows
    found = []
    for day in days_of(monday):
        if not calendar.is_workday(day):
            continue
        there = {row.part for row in rows if row.on == day}
        lacking = HALVES - there
        if DayPart.WHOLE in there or not lacking:
            continue
        found.append((day, "全天" if len(lacking) == 2 else DayPart(next(iter(lacking))).label))
    return found


def gap_words(found: list[tuple[date, str]]) -> tuple[str, ...]:
    return tuple(day_name(day) + ("" if part == "全天" else part) for day, part in found)


def absences(office, rows: list[RotaDay]) -> dict:
    """id of a rota day → 请假到几号, for leaders away on their day."""
    posts = Post.objects.filter(
        office=office, user__in={row.leader_id for row in rows}, away_from__isnull=False
    )
    posts = list(posts.current())
    found = {}
    for row in rows:
        for post in posts:
            if (
                post.user_id == row.leader_id
                and post.away_from <= row.on
                and (post.away_until is None or post.away_until >= row.on)
            ):
                until = f"到 {post.away_until.month}月{post.away_until.day}日" if post.away_until else ""
                found[row.pk] = f"{row.leader.name}那天请假{until}"
    return found


@dataclass(frozen=True)
class Plan:
    """One row of the week as filled in."""

    on: date
    part: str
    leader: object
    kind: str
    place: str = ""


@transaction.atomic
def save_week(office, monday: date, plans: list[Plan], *, by) -> RotaWeek:
    """Set the days of a week that is not published yet. Raises Refusal 409 for a published one."""
    week, _ = RotaWeek.objects.get_or_create(office=office, monday=monday)
    week = RotaWeek.objects.select_for_update().get(pk=week.pk)
    if week.published_at:
        raise Refusal(
            f"{monday:%m-%d} 这一周已经公布，不能直接改。要换人请用“调班”：一方提出，另一方同意，两边都留记录。"
        )
    week.days.all().delete()
    RotaDay.objects.bulk_create([RotaDay(office=office, week=week, **vars(plan)) for plan in plans])
    record("排接访周", f"rota:{monday}", by=by, office=office, days=len(plans))
    return week


def copy_from_last(office, monday: date, *, by) -> RotaWeek:
    """Last week's leaders on the same weekdays; days off stay empty. Refused when there is no last week."""
    calendar = house_rules.calendar(office)
    last = entries(office, monday - timedelta(days=7))
    if not last:
        raise Refusal("上一周没有排班，没有可以照抄的；请直接在表里填。")
    plans = [
        Plan(row.on + timedelta(days=7), row.part, row.leader, row.kind, row.place)
        for row in last
        if calendar.is_workday(row.on + timedelta(days=7))
    ]
    return save_week(office, monday, plans, by=by)


@transaction.atomic
def publish(office, monday: date, *, by) -> RotaWeek:
    """Make the week public. Raises Refusal 409 that names the working days nobody receives on."""
    week = RotaWeek.objects.select_for_update().filter(office=office, monday=monday).first()
    if week is not None and week.published_at:
        return week
    missing = gap_words(gaps(office, monday))
    if missing:
        raise Refusal(
            f"还不能公布：{'、'.join(missing)}没有人接访。每个工作日都要排上人，补齐再公布。", missing=missing
        )
    if week is None:
        raise Refusal("这一周还没有排班，请先排班。")
    week.published_at, week.published_by = clock.now(), by
    week.save(update_fields=["published_at", "published_by"])
    record("公布接访周", f"rota:{monday}", by=by, office=office)
    return week


def published_week(office, day: date) -> dict | None:
    """{monday, published_at, days: [{on, day_name, part, name, title, kind, place, is_swapped}]}; None if not public.

    For the residents' page: names and offices of leaders only.
    """
    week = week_of(office, day)
    if week is None or not week.published_at:
        return None
    rows = entries(office, week.monday)
    titles = titles_of(office, {row.leader_id for row in rows})
    agreed = RotaSwap.objects.filter(office=office, agreed_at__isnull=False)
    agreed = agreed.filter(Q(day__week=week) | Q(in_return__week=week))
    swapped = {pk for pair in agreed.values_list("day_id", "in_return_id") for pk in pair}
    days = [
        {
            "on": row.on,
            "day_name": day_name(row.on),
            "part": row.get_part_display(),
            "name": row.leader.name,
            "title": titles.get(row.leader_id, ""),
            "kind": row.get_kind_display(),
            "place": row.place,
            "is_swapped": row.pk in swapped,
        }
        for row in rows
    ]
    return {"monday": week.monday, "published_at": week.published_at, "days": days}


def titles_of(office, users) -> dict:
    """user id → the title of the first post, without the words about duty."""
    posts = Post.objects.current().filter(office=office, user__in=users).order_by("start_on", "pk")
    found: dict = {}
    for post in posts.exclude(role=Role.DUTY_LEADER):
        found.setdefault(post.user_id, post.title)
    for post in posts.filter(role=Role.DUTY_LEADER):
        found.setdefault(post.user_id, post.title.split("，")[0].removesuffix("值班领导") or post.title)
    return found


def on_duty(office, at):
    """The user who receives at this moment by the published rota, or None."""
    row = duty_row(office, at)
    return row.leader if row else None


def duty_row(office, at) -> RotaDay | None:
    at = clock.local(at)
    half = DayPart.MORNING if f"{at:%H:%M}" < house_rules.content(office)["noon"] else DayPart.AFTERNOON
    rows = RotaDay.objects.filter(office=office, on=at.date(), part__in=[DayPart.WHOLE, half])
    return rows.filter(week__published_at__isnull=False).select_related("leader").first()


def receivers(office):
    """Users who may stand on the rota."""
    from huiyin.accounts.models import User

    posts = Post.objects.current().filter(office=office, role__in=RECEIVERS)
    return User.objects.filter(pk__in=posts.values("user_id"), is_active=True).order_by("pinyin")


# Swaps -------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_swap(day: RotaDay, *, by, takes, reason: str, in_return: RotaDay | None = None) -> RotaSwap:
    """Ask `takes` to receive on `day`. The leader of the day asks, or the centre for them."""
    day = RotaDay.objects.select_for_update().select_related("leader", "office").get(pk=day.pk)
    centre = {Role.CLERK, Role.DEPUTY, Role.DIRECTOR}
    if by.pk != day.leader_id and not by.roles & centre:
        raise Refusal("调班由当天接访的人提出，或由中心代提。", status=403)
    if day.on < clock.today():
        raise Refusal(f"{day_name(day.on)}已经过去，不能再调班。")
    if takes.pk == day.leader_id:
        raise Refusal("换上的人就是原来那位，请另选。", status=400, errors={"takes": "请另选一位"})
    if in_return is not None and in_return.leader_id != takes.pk:
        raise Refusal(
            f"还的那天要是{takes.name}接访的一天。", status=400, errors={"in_return": "请选对方的接访日"}
        )
    if RotaSwap.objects.filter(day=day, agreed_at=None, declined_at=None).exists():
        raise Refusal("这一天已经有一个调班在等对方答应，等有了结果再提。")
    swap = RotaSwap.objects.create(
        office=day.office, day=day, in_return=in_return, gives=day.leader, takes=takes, reason=reason.strip(),
        asked_by=by, asked_at=clock.now(),
    )  # fmt: skip
    words = f"{day.leader.name}请您{day_name(day.on)}代为接访：{swap.reason}。请答应或不答应。"
    send([takes], words, office=day.office, url="/desk/reception/rota/swaps/", key=f"swap:{swap.pk}")
    return swap


@transaction.atomic
def answer_swap(swap: RotaSwap, *, by, agree: bool) -> RotaSwap:
    """The one who was asked agrees – then the days change hands at once – or does not."""
    swap = RotaSwap.objects.select_for_update().get(pk=swap.pk)
    if by.pk != swap.takes_id:
        raise Refusal("要由被请的那位自己答应。", status=403)
    if not swap.is_open:
        raise Refusal("这个调班已经答过了。")
    days = {row.pk: row for row in RotaDay.objects.select_for_update().filter(
        pk__in=[swap.day_id, swap.in_return_id])}  # fmt: skip
    day, back = days[swap.day_id], days.get(swap.in_return_id)
    if agree and (day.leader_id != swap.gives_id or (back and back.leader_id != swap.takes_id)):
        raise Refusal("排班在这中间变了，请让对方重新提一次。")
    if agree:
        swap.agreed_at = clock.now()
        _hand(day, swap.takes_id)
        if back:
            _hand(back, swap.gives_id)
    else:
        swap.declined_at = clock.now()
    swap.save(update_fields=["agreed_at", "declined_at"])
    word = "答应" if agree else "没有答应"
    record("调班", f"rota:{day.on}", by=by, office=swap.office, agreed=agree, gives=str(swap.gives_id))
    send(
        {swap.gives, swap.asked_by}, f"{by.name}{word}了{day_name(day.on)}的调班。", office=swap.office,
        url="/desk/reception/rota/swaps/", key=f"swap-answer:{swap.pk}",
    )  # fmt: skip
    return swap


def _hand(day: RotaDay, leader_id):
    """The place stays; as what the new one receives is taken from their latest day."""
    last = RotaDay.objects.filter(office_id=day.office_id, leader_id=leader_id).order_by("-on").first()
    day.leader_id, day.kind = leader_id, last.kind if last else day.kind
    day.save(update_fields=["leader", "kind"])
