"""The legal consultation station: sittings with slots, bookings, advice, referral to legal aid or mediation."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, Q

from huiyin.base.refusal import Refusal
from huiyin.cases.intake import Person, Words, register
from huiyin.cases.intake_form import default_reply
from huiyin.cases.states import Channel
from huiyin.reception import house_rules, service_use
from huiyin.reception.models import Consultation, ConsultationDay, Referral
from huiyin.reception.models.consultation import is_legal
from huiyin.rules import clock

ITEMS = {Referral.LEGAL_AID: "SF02", Referral.MEDIATION: "SF03"}
CATEGORIES = {Referral.LEGAL_AID: "120306", Referral.MEDIATION: "120302"}


def slots(day: ConsultationDay) -> list[dict]:
    """[{number, at, taken}] of a sitting."""
    taken = {row.slot: row for row in day.consultations.all() if row.cancelled_at is None}
    start = datetime.combine(day.on, day.starts, tzinfo=clock.TZ)
    return [
        {"number": n, "at": start + timedelta(minutes=day.minutes * (n - 1)), "taken": taken.get(n)}
        for n in range(1, day.slots + 1)
    ]


def sit(office, given: dict, *, by) -> ConsultationDay:
    """A sitting of a legal worker on a day."""
    if given["on"] < clock.today():
        raise Refusal("坐班日期不能在过去。", status=400, errors={"on": "请选今天或以后"})
    try:
        with transaction.atomic():
            return ConsultationDay.objects.create(office=office, **given)
    except IntegrityError as error:
        raise Refusal("这位这天这个钟点已经排了坐班。", status=400, errors={"starts": "已经排过"}) from error


def book(day: ConsultationDay, given: dict, *, by, key: str) -> tuple[Consultation, bool]:
    """One slot for one person. Of two who want the same slot one is refused with 409."""
    known = Consultation.objects.filter(office_id=day.office_id, form_key=key).first()
    if known:
        return known, False
    if not 1 <= given["slot"] <= day.slots:
        raise Refusal("没有这个时段，请从列表里选。", status=400, errors={"slot": "请从列表里选"})
    if day.on < clock.today():
        raise Refusal("这次坐班已经过去，请选以后的。")
    try:
        with transaction.atomic():
            made = Consultation.objects.create(
                office_id=day.office_id, day=day, form_key=key, entered_at=clock.now(), entered_by=by, **given
            )
    except IntegrityError as error:
        known = Consultation.objects.filter(office_id=day.office_id, form_key=key).first()
        if known:
            return known, False
        raise Refusal("这个时段刚被别人约走了，请换一个。", errors={"slot": "已被约走，请换一个"}) from error
    return made, True


def _locked(row: Consultation) -> Consultation:
    rows = Consultation.objects.select_for_update(of=("self",)).select_related("day", "office")
    return rows.get(pk=row.pk)


@transaction.atomic
def advise(row: Consultation, *, by, question: str, advice: str, topic: str) -> Consultation:
    """What was asked and advised; only the legal posts write it."""
    row = _locked(row)
    if not is_legal(by):
        raise Refusal("咨询由坐班的司法工作人员来记。", status=403)
    if row.cancelled_at:
        raise Refusal("这次预约已经取消。")
    row.question, row.advice, row.topic = question.strip(), advice.strip(), topic
    row.done_at, row.done_by = row.done_at or clock.now(), by
    row.save(update_fields=["question", "advice", "topic", "done_at", "done_by"])
    return row


@transaction.atomic
def cancel(row: Consultation, *, by) -> Consultation:
    row = _locked(row)
    if row.done_at:
        raise Refusal("已经谈过了，不能取消。")
    row.cancelled_at = row.cancelled_at or clock.now()
    row.save(update_fields=["cancelled_at"])
    return row


@transaction.atomic
def refer(row: Consultation, referral: str, *, by) -> Consultation:
    """To legal aid or mediation: a matter with the item of the catalogue. What was advised stays here."""
    row = _locked(row)
    if not is_legal(by):
        raise Refusal("转介由坐班的司法工作人员来办。", status=403)
    if row.done_at is None:
        raise Refusal("先写好咨询情况，再转介。")
    if referral not in Referral.values:
        raise Refusal("请选转法律援助还是人民调解。", status=400)
    if row.case_id:
        raise Refusal(f"已经转为{row.get_referral_display()}（{row.case.number}）。")
    topic = house_rules.topics(row.office).get(row.topic, "其他")
    name = Referral(referral).label
    persons = [Person(name=row.person_name, phone=row.person_phone)]
    persons = persons if row.person_name or row.person_phone else []
    words = Words(
        description=f"法律咨询后申请{name}：{topic}。",
        title=f"申请{name}（{topic}）",
        kind="service_request" if referral == Referral.LEGAL_AID else "petition",
        channel=Channel.VISIT,
        category=CATEGORIES[referral],
        persons=persons,
        reply_by=default_reply(persons),
    )
    row.case = register(row.office, words, by=by, key=f"consultation:{row.pk}")
    service_use.set_item(row.case, ITEMS[referral], by=by)
    row.referral = referral
    row.save(update_fields=["case", "referral"])
    return row


def figures(office, period) -> dict:
    """Numbers without content, for everybody who may book: booked, held, cancelled, referred by where to."""
    rows = Consultation.objects.filter(office=office, **period.holds_days("day__on"))
    return rows.aggregate(
        booked=Count("pk"),
        held=Count("pk", filter=Q(done_at__isnull=False)),
        cancelled=Count("pk", filter=Q(cancelled_at__isnull=False)),
        legal_aid=Count("pk", filter=Q(referral=Referral.LEGAL_AID)),
        mediation=Count("pk", filter=Q(referral=Referral.MEDIATION)),
    )
