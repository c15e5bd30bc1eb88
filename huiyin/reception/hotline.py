"""The 24-hour hotline: each call logged once, answered at once or made a matter; response times."""

from django.db import transaction
from django.db.models import Aggregate, Count, F, FloatField, Q
from django.db.models.functions import Extract, ExtractHour, ExtractMinute

from huiyin.base.refusal import Refusal
from huiyin.cases.intake import Person, Words, register
from huiyin.cases.intake_form import default_kind, default_reply
from huiyin.cases.states import Channel
from huiyin.reception import house_rules
from huiyin.reception.models import CallOutcome, HotlineCall
from huiyin.reception.models.entered import enter
from huiyin.rules import clock
from huiyin.rules.numbers import next_number

CALL = ("rang_at", "answered_at", "ended_at", "subject", "area", "place", "person_name", "person_phone")


class Percentile(Aggregate):
    """percentile_cont of a duration in seconds."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def log(office, given: dict, *, by, key: str) -> tuple[HotlineCall, bool]:
    """Write down one call and what became of it: `given` is what the form checked. (call, is it new)."""
    now = clock.now()
    if given["answered_at"] < given["rang_at"]:
        raise Refusal("接起不能早于响铃。", status=400, errors={"answered_at": "不能早于来电时间"})
    if given["rang_at"] > now:
        raise Refusal("来电时间在将来，请核对。", status=400, errors={"rang_at": "不能晚于现在"})

    def make():
        year = clock.local(given["rang_at"]).year
        call = HotlineCall(
            office=office, form_key=key, entered_at=now, entered_by=by,
            **{name: given.get(name) for name in CALL},
        )  # fmt: skip
        call.number = f"热线{year % 100:02d}-{next_number(office.pk, 'hotline', year):04d}"
        call.save(force_insert=True)
        if given.get("outcome"):
            _settle(call, given, by)
        return call

    return enter(HotlineCall, office=office, key=key, make=make)


@transaction.atomic
def settle(call: HotlineCall, given: dict, *, by) -> HotlineCall:
    """What became of a call that was left open. Refused when it is known already."""
    call = (
        HotlineCall.objects.select_for_update(of=("self",)).select_related("area", "office").get(pk=call.pk)
    )
    if call.outcome:
        raise Refusal(f"{call.number} 已经写过结果：{call.get_outcome_display()}。")
    _settle(call, given, by)
    return call


def _settle(call: HotlineCall, given: dict, by):
    call.outcome = given["outcome"]
    call.answer = given.get("answer", "").strip()
    if call.outcome == CallOutcome.ANSWERED and len(call.answer) < 4:
        raise Refusal(
            "当场答复了什么，请写一句。", status=400, errors={"answer": "请写怎么答的，至少 4 个字"}
        )
    if call.outcome == CallOutcome.DISPATCHED:
        call.case = register(call.office, _words(call, given), by=by, key=f"hotline:{call.pk}")
    call.ended_at = call.ended_at or clock.now()
    call.save(update_fields=["outcome", "answer", "case", "ended_at"])


def _words(call: HotlineCall, given: dict) -> Words:
    persons = [Person(name=call.person_name, phone=call.person_phone)]
    persons = persons if call.person_name or call.person_phone else []
    category = given.get("category", "")
    return Words(
        description=given.get("description") or call.subject,
        title=call.subject,
        wants=given.get("wants", ""),
        kind=default_kind(call.office, Channel.CALL, category),
        channel=Channel.CALL,
        category=category,
        area=call.area,
        place=call.place,
        persons=persons,
        reply_by=default_reply(persons),
    )


def calls(user, period):
    return HotlineCall.objects.visible_to(user).filter(**period.holds("rang_at"))


def in_shift(office, code: str) -> Q:
    """Calls that rang in this shift; the last shift runs over midnight into the first."""
    starts = [(row["code"], _minutes(row["from"])) for row in house_rules.content(office)["shifts"]]
    position = [name for name, _ in starts].index(code)
    begin = starts[position][1]
    if position + 1 < len(starts):
        return Q(minute__gte=begin, minute__lt=starts[position + 1][1])
    return Q(minute__gte=begin) | Q(minute__lt=starts[0][1])


def _minutes(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def with_minutes(rows):
    """`minute`: the minute of the day on which it rang."""
    return rows.annotate(
        minute=ExtractHour("rang_at", tzinfo=clock.TZ) * 60 + ExtractMinute("rang_at", tzinfo=clock.TZ)
    )


def narrowed(rows, office, *, shift: str = "", outcome: str = ""):
    if shift in house_rules.shifts(office):
        rows = with_minutes(rows).filter(in_shift(office, shift))
    if outcome == "open":
        return rows.filter(outcome="")
    return rows.filter(outcome=outcome) if outcome in CallOutcome.values else rows


def figures(user, period) -> dict:
    """calls, answered, dispatched, open, night (share in %, last shift), median and p90 seconds until answered."""
    office = user.office
    night = list(house_rules.shifts(office))[-1]
    seconds = Extract(F("answered_at") - F("rang_at"), "epoch")
    found = with_minutes(calls(user, period)).aggregate(
        calls=Count("pk"),
        answered=Count("pk", filter=Q(outcome=CallOutcome.ANSWERED)),
        dispatched=Count("pk", filter=Q(outcome=CallOutcome.DISPATCHED)),
        open=Count("pk", filter=Q(outcome="")),
        at_night=Count("pk", filter=in_shift(office, night)),
        in_time=Count(
            "pk",
            filter=Q(answered_at__lte=F("rang_at") + _span(house_rules.content(office)["answer_seconds"])),
        ),
        median=Percentile(seconds, share=0.5),
        p90=Percentile(seconds, share=0.9),
    )
    found["night_share"] = round(100 * found["at_night"] / found["calls"]) if found["calls"] else None
    found["night_code"] = night
    return found


def _span(seconds: int):
    from datetime import timedelta

    return timedelta(seconds=seconds)


def waiting(user) -> int:
    """Calls whose outcome nobody has written down, at most 100."""
    return HotlineCall.objects.visible_to(user).filter(outcome="")[:100].count()
