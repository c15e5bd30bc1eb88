"""How much one address may do in an hour without an account: counted in the database, across all processes."""

from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from huiyin.accounts import offices
from huiyin.base.addresses import address_of, is_from_this_machine
from huiyin.base.refusal import Refusal
from huiyin.cases.models import PublicUse
from huiyin.rules import clock

WRONG_CODE, UPLOAD, RAISE = "wrong_code", "upload", "raise"
SPAN = timedelta(hours=1)
MOST = {WRONG_CODE: 30, UPLOAD: 60, RAISE: 20}
WORDS = {
    WRONG_CODE: "从您这里一小时内输错了 {most} 次查询码，先停一停，请在 {until} 以后再查。查询码找不到了，或者事情急，请打 {phone}。",
    UPLOAD: "从您这里一小时内已经传了 {most} 个文件，请在 {until} 以后再传。事情急，请打 {phone}。",
    RAISE: "从您这里一小时内已经交了 {most} 件事，请在 {until} 以后再交。事情急，请打 {phone}。",
}


def refuse_more(request: HttpRequest, use: str):
    """Raises Refusal 429 when this address has used up the hour."""
    _refuse_from(request, use, MOST[use])


def note(request: HttpRequest, use: str) -> PublicUse:
    """One more of it; what is older than the hour is forgotten."""
    PublicUse.objects.filter(at__lt=clock.now() - SPAN).delete()
    source, office = _digest(request), offices.current(request)
    return PublicUse.objects.create(office=office, source=source, use=use, at=clock.now())


@contextmanager
def counted(request: HttpRequest, use: str):
    """Counts what is done inside, unless it is refused. Raises Refusal 429 when the hour is used up.

    Noted first and counted then: many at the same time cannot slip through together.
    """
    row = note(request, use)
    try:
        _refuse_from(request, use, MOST[use] + 1)
        yield
    except Refusal:
        row.delete()
        raise


def _refuse_from(request, use, number):
    """Refuse when there are `number` of them within the hour."""
    if settings.NO_LIMITS and is_from_this_machine(request):
        return
    office, since = offices.current(request), clock.now() - SPAN
    rows = PublicUse.objects.filter(office=office, source=_digest(request), use=use, at__gt=since)
    last = list(rows.order_by("-at").values_list("at", flat=True)[number - 1 : number])
    if last:
        words = WORDS[use].format(most=MOST[use], until=_minute(last[0] + SPAN), phone=office.phone)
        raise Refusal(words, status=429)


def _minute(moment: datetime) -> str:
    """The first full minute after it."""
    return f"{clock.local(moment + timedelta(seconds=59)):%H:%M}"


def _digest(request) -> str:
    return salted_hmac("huiyin.cases.allowance", address_of(request), algorithm="sha256").hexdigest()
