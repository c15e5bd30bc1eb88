"""The administrator's hand on the ways out: set up, switch, try, and what to do with what did not go out."""

from uuid import uuid4

from django.db import IntegrityError, transaction

from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.notices import outbox, outward, transports
from huiyin.notices.models import Delivery, DeliveryState, Sender, Transport, Way
from huiyin.notices.transports import mail, sms
from huiyin.notices.transports.wire import refuse_address
from huiyin.rules import clock

MOST_AGAIN = 500
WAYS = {Transport.MAIL: Way.MAIL, Transport.SMS: Way.SMS}


def check(transport: str, url: str, options: dict):
    """Refusal 400 with what is wrong with the set-up."""
    if transport == Transport.MAIL:
        if not mail.is_set_up():
            raise Refusal("服务器上没有设邮件（HUIYIN_MAIL_URL），请先找运维。", status=409)
        return
    wrong = refuse_address(url)
    if wrong:
        raise Refusal(f"{wrong}。", status=400, errors={"url": wrong})
    if transport == Transport.SMS:
        sms.GATEWAYS[options.get("gateway", "http")].check(options)


def save(
    sender: Sender | None,
    *,
    by,
    transport="",
    name,
    organisation=None,
    url="",
    secret="",
    forget_secret=False,
    options=None,
) -> Sender:
    """Set up a new one, or change `sender`: an empty address or secret stays as it was."""
    fresh = sender is None
    row = sender or Sender(office=by.office, transport=transport, created_at=clock.now())
    row.name, row.organisation = name.strip(), organisation if row.is_robot else None
    row.url = url.strip() or row.url
    row.secret = "" if forget_secret else secret.strip() or row.secret
    row.options = options or {}
    check(row.transport, row.url, row.options)
    try:
        with transaction.atomic():
            if fresh and not row.is_robot:
                _only_one(row)
            row.save()
            _note(
                "设消息通道" if fresh else "改消息通道",
                row,
                by,
                new_address=bool(url),
                new_secret=bool(secret),
            )
            if not fresh:
                outbox.pull_forward(row)
    except IntegrityError as error:
        raise Refusal("已经有一个同名的通道，换个名字。", status=400, errors={"name": "重名"}) from error
    return row


def _only_one(row: Sender):
    if Sender.objects.filter(office=row.office, transport=row.transport).exists():
        raise Refusal(f"已经有{row.get_transport_display()}了，改那一个就行。", status=409)


@transaction.atomic
def switch(sender: Sender, is_on: bool, *, by):
    Sender.objects.filter(pk=sender.pk).update(is_on=is_on)
    _note("启用消息通道" if is_on else "停用消息通道", sender, by)
    if is_on:
        outbox.pull_forward(sender)


def test(sender: Sender, *, by, address: str = "") -> str:
    """Send one test message now; '' when the other side took it, else its reason."""
    if not sender.is_robot and not address.strip():
        word = "邮箱" if sender.transport == Transport.MAIL else "手机号"
        raise Refusal(f"发到哪个{word}试，请填一个。", status=400, errors={"address": f"请填{word}"})
    row = Delivery(
        office=by.office, key=f"test:{uuid4()}", way=WAYS.get(sender.transport, Way.ROBOT), group="system",
        address=address.strip(), subject="回音：测试消息", created_at=clock.now(),
        text=f"【{by.office.short_name}】这是一条测试消息，收到就说明通道是通的。",
        fields={"occasion": "test", "office": by.office.short_name, "code": "000-000-000", "number": "00-00000"},
    )  # fmt: skip
    reason = ""
    try:
        transports.carry(sender, row)
    except transports.Failed as failure:
        reason = failure.reason
    with transaction.atomic():
        if reason:
            Sender.objects.filter(pk=sender.pk).update(last_error=reason)
        else:
            outbox.works(sender)
        _note("试消息通道", sender, by, outcome_words=reason or "通")
    return reason


@transaction.atomic
def again(delivery: Delivery, *, by):
    """Back into the queue, with the key it had."""
    _require_address(delivery)
    rows = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.GIVEN_UP)
    waiting = Delivery.objects.waiting().filter(pk=delivery.pk, claim=None)
    fresh = {
        "state": DeliveryState.WAITING,
        "tries": 0,
        "next_try_at": clock.now(),
        "ended_at": None,
        "claim": None,
    }
    if not (rows.update(**fresh) or waiting.update(next_try_at=clock.now())):
        raise Refusal("这一条已经发出或另外告诉过了，不用再发。")
    record("再发消息", f"delivery:{delivery.pk}", by=by, office=delivery.office)
    transaction.on_commit(outward.wake, robust=True)


def _require_address(delivery: Delivery):
    if not delivery.text:
        raise Refusal("留的日子过了，正文已经删掉，发不了。", status=409)
    if delivery.way != Way.ROBOT and not delivery.address:
        raise Refusal("没有号码或邮箱，发不了；请换个办法告诉本人。", status=409)


@transaction.atomic
def again_all(sender_way: str, *, by) -> int:
    """Everything of one way that was given up, at most 500, the oldest first; returns how many."""
    given_up = Delivery.objects.visible_to(by).filter(way=sender_way, state=DeliveryState.GIVEN_UP)
    rows = given_up.order_by("pk")[:MOST_AGAIN]
    ids = [row.pk for row in rows if row.text and (row.way == Way.ROBOT or row.address)]
    count = Delivery.objects.filter(pk__in=ids, state=DeliveryState.GIVEN_UP).update(
        state=DeliveryState.WAITING, tries=0, next_try_at=clock.now(), ended_at=None, claim=None
    )
    record("再发消息", f"way:{sender_way}", by=by, office=by.office, count=count)
    transaction.on_commit(outward.wake, robust=True)
    return count


def drop(delivery: Delivery, reason: str, *, by):
    """Not sent any more, with the reason. One for a resident has to be told another way instead."""
    if delivery.is_to_resident:
        raise Refusal("给居民的不能不发了事，请由经办人换个办法告诉本人。", status=409)
    _end(delivery, DeliveryState.DROPPED, reason, by, "不再发消息")


def told(delivery: Delivery, how: str, *, by):
    """The person was told another way."""
    if not delivery.is_to_resident:
        raise Refusal("这一条不是给居民的。", status=404)
    _end(delivery, DeliveryState.TOLD, how, by, "另外告诉居民")


@transaction.atomic
def _end(delivery: Delivery, state: str, words: str, by, action: str):
    words = words.strip()
    if len(words) < 2:
        raise Refusal("请写一句说明。", status=400, errors={"note": "请写一句"})
    open_states = [DeliveryState.WAITING, DeliveryState.GIVEN_UP]
    rows = Delivery.objects.filter(pk=delivery.pk, state__in=open_states)
    if not rows.update(state=state, note=words[:200], ended_at=clock.now(), ended_by=by, claim=None):
        raise Refusal("这一条刚刚已经发出或处理过了，请刷新再看。")
    record(action, f"delivery:{delivery.pk}", by=by, office=delivery.office, reason=words[:200])


def _note(action: str, sender: Sender, by, **detail):
    record(action, f"sender:{sender.pk}", by=by, office=sender.office, name=sender.name, **detail)
