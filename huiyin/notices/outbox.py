"""Sends what waits, at least once. A worker takes a few under a lease, lets go of the rows, talks to the network,
then writes down how it went. Whoever dies in between leaves a lease that ends: the message goes again, same key."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from huiyin.notices import rules, transports
from huiyin.notices.models import OUTAGE, Delivery, DeliveryState, Sender, Transport, Way
from huiyin.rules import clock

LEASE = timedelta(minutes=5)
AT_ONCE = 10  # times the longest try stays below the lease
BUDGET_SECONDS = 45
PATIENCE = 2  # failures of one sender in one round before the rest of it waits too
DEAD_AFTER = 20  # takes of a message that never came to an end: something about it kills the worker
MOST_PURGED = 2000

# Rooms above say who is told: f(delivery), f(sender). Called in the transaction of the fact.
ON_GIVEN_UP: list[Callable] = []
ON_OUTAGE: list[Callable] = []
ON_REPAIR: list[Callable] = []

log = logging.getLogger(__name__)


def deliver_due(budget_seconds: float = BUDGET_SECONDS) -> int:
    """Send what is due, oldest first; returns how many were tried. Several workers may do this at once."""
    until, tried = time.monotonic() + budget_seconds, 0
    while time.monotonic() < until:
        rows = claim(AT_ONCE)
        if not rows:
            break
        broken = Counter()
        for row in rows:
            tried += attempt(row, broken)
    return tried


def claim(most: int) -> list[Delivery]:
    """Take up to `most` due messages for this worker. Of one lane only the oldest that still waits."""
    now, token = clock.now(), uuid4()
    older = Delivery.objects.waiting().filter(lane=OuterRef("lane"), pk__lt=OuterRef("pk"))
    due = Delivery.objects.waiting().filter(next_try_at__lte=now).exclude(Exists(older))
    with transaction.atomic():
        due = due.order_by("next_try_at", "pk").select_for_update(of=("self",), skip_locked=True)
        ids = list(due.values_list("pk", flat=True)[:most])
        Delivery.objects.filter(pk__in=ids).update(claim=token, next_try_at=now + LEASE, tries=F("tries") + 1)
    rows = Delivery.objects.filter(claim=token, pk__in=ids).select_related("sender", "office")
    return sorted(rows, key=lambda row: row.pk)


def attempt(row: Delivery, broken: Counter) -> bool:
    """One try, its end written down. `broken`: sender → failures in this round."""
    if clock.now() > row.next_try_at - LEASE / 4:
        _put_back(row)
        return False
    sender = sender_of(row)
    try:
        if sender is None:
            raise transports.Failed(f"没有启用的{row.get_way_display()}通道")
        if broken[sender.pk] >= PATIENCE:
            raise transports.Failed("同一通道刚刚不通，先不试这一条")
        transports.carry(sender, row)
    except transports.Failed as failure:
        _failed(row, sender, failure, broken)
    except Exception as error:  # a bug in a transport must not stop the others, nor be hidden
        log.exception("delivery %s", row.pk)
        _failed(row, sender, transports.Failed(f"程序出错（{type(error).__name__}）", whole=False), broken)
    else:
        mark_sent(row, sender)
        broken[sender.pk] = 0
    return True


def sender_of(row: Delivery) -> Sender | None:
    """The robot that the message is for, or the office's mail server or gateway, when it is switched on."""
    if row.way == Way.ROBOT:
        return row.sender if row.sender and row.sender.is_on else None
    transport = {Way.MAIL: Transport.MAIL, Way.SMS: Transport.SMS}[Way(row.way)]
    return Sender.objects.on(row.office_id).filter(transport=transport).order_by("pk").first()


def _mine(row: Delivery):
    return Delivery.objects.waiting().filter(pk=row.pk, claim=row.claim)


def _put_back(row: Delivery):
    _mine(row).update(claim=None, next_try_at=clock.now(), tries=F("tries") - 1)


def mark_sent(row: Delivery, sender: Sender):
    """Written after the other side took it. Killed before this line: it goes again, with the same key."""
    now = clock.now()
    with transaction.atomic():
        done = _mine(row).update(
            state=DeliveryState.SENT, sent_at=now, ended_at=now, claim=None, last_error="", sender=sender
        )
        works(sender)
    return bool(done)


def works(sender: Sender):
    """The sender took something: an outage ends, what waited for it may go now, oldest first."""
    now = clock.now()
    was_out = Sender.objects.filter(pk=sender.pk, outage_told_at__isnull=False)
    since = was_out.select_for_update().values_list("failing_since", flat=True).first()
    changed = Sender.objects.filter(pk=sender.pk, failures__gte=OUTAGE).update(failures=0, failing_since=None)
    told = was_out.update(outage_told_at=None)
    Sender.objects.filter(pk=sender.pk).update(last_ok_at=now, failures=0, failing_since=None, last_error="")
    if changed or told:
        pull_forward(sender)
    if told:
        for tell in ON_REPAIR:
            tell(sender, since)


def pull_forward(sender: Sender) -> int:
    """What failed and waits for this sender is due now; returns how many."""
    rows = Delivery.objects.waiting().filter(office=sender.office_id, claim=None, tries__gt=0)
    if sender.is_robot:
        rows = rows.filter(sender=sender)
    else:
        rows = rows.filter(way=Way.MAIL if sender.transport == Transport.MAIL else Way.SMS)
    count = rows.update(next_try_at=clock.now())
    if count:
        from huiyin.notices.outward import wake

        transaction.on_commit(wake, robust=True)
    return count


def _failed(row: Delivery, sender: Sender | None, failure, broken: Counter):
    now = clock.now()
    then = rules.retry_at(row.office, row.tries, now, is_alarm=row.is_alarm)
    with transaction.atomic():
        if failure.for_good or then is None or row.tries > DEAD_AFTER:
            give_up(row, failure.reason)
        else:
            _mine(row).update(claim=None, next_try_at=then, last_error=failure.reason)
        if sender is not None and failure.whole and broken[sender.pk] < PATIENCE:
            breaks(sender, failure.reason)
    if sender is not None and failure.whole:
        broken[sender.pk] += 1


def give_up(row: Delivery, reason: str) -> bool:
    """Stop trying and say so to those who must act."""
    ended = _mine(row).update(
        state=DeliveryState.GIVEN_UP, claim=None, last_error=reason, ended_at=clock.now()
    )
    if ended:
        row.state, row.last_error = DeliveryState.GIVEN_UP, reason
        for tell in ON_GIVEN_UP:
            tell(row)
    return bool(ended)


def breaks(sender: Sender, reason: str):
    """One more failure; at the third on end the administrators are told, once for the whole outage."""
    now = clock.now()
    mine = Sender.objects.filter(pk=sender.pk)
    mine.filter(failing_since=None).update(failing_since=now)
    mine.update(failures=F("failures") + 1, last_error=reason)
    if mine.filter(failures__gte=OUTAGE, outage_told_at=None).update(outage_told_at=now):
        for tell in ON_OUTAGE:
            tell(Sender.objects.get(pk=sender.pk))


def purge() -> int:
    """Delete what ended longer ago than the office keeps it; of what was given up only words and addresses."""
    from huiyin.accounts.models import Office

    gone = 0
    for office in Office.objects.all():
        before = clock.now() - timedelta(days=rules.content(office)["keep_days"])
        old = Delivery.objects.filter(office=office, ended_at__lt=before)
        ended = [DeliveryState.SENT, DeliveryState.TOLD, DeliveryState.DROPPED]
        ids = list(old.filter(state__in=ended).values_list("pk", flat=True)[:MOST_PURGED])
        gone += Delivery.objects.filter(pk__in=ids).delete()[0]
        old.filter(state=DeliveryState.GIVEN_UP).update(address="", text="", ended_at=None)
    return gone


def standing(office) -> dict[str, int]:
    """waiting, failed, given_up, out (senders): each counted up to 1001. For pages and for a monitor."""
    rows = Delivery.objects.filter(office=office)
    return {
        "waiting": rows.waiting()[:1001].count(),
        "failed": rows.waiting().exclude(last_error="")[:1001].count(),
        "given_up": rows.filter(state=DeliveryState.GIVEN_UP)[:1001].count(),
        "out": Sender.objects.on(office).filter(failures__gte=OUTAGE).count(),
    }
