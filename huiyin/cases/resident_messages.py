"""The person hears by text message or mail, where that is what they chose; what cannot be sent goes back to staff.

Telephone, visit and letter stay the work of people; whoever looks it up finds it on the tracking page.
"""

from django.conf import settings

from huiyin.cases import outages
from huiyin.cases.recipients import Recipients
from huiyin.cases.states import Reply
from huiyin.cases.story.history import veiled
from huiyin.notices import outward, rules
from huiyin.notices.models import Delivery, DeliveryState, Sender, Transport, Way, send
from huiyin.rules import clock

WAYS = {Reply.SMS: (Way.SMS, Transport.SMS, "短信"), Reply.EMAIL: (Way.MAIL, Transport.MAIL, "邮件")}
MOST_MERGED = 200
NAMES = {"sms": "手机号", "mail": "电子邮箱"}


def tell(case, step, facts: set):
    """Put what the person is told of this move into the outbox, one for each representative.

    Neighbours whose matters were joined to this one hear its answer too, each by the way they chose.
    """
    content = rules.content(case.office_id)
    row = next((row for row in content["residents"] if row["verb"] == step.verb), None)
    if row is None or not set(row.get("if", ())) <= facts:
        return
    _tell_one(case, step, row, step.data.get("reply_by") or case.reply_by)
    if row.get("with_merged"):
        for merged in case.merged_cases.select_related("office", "area").order_by("pk")[:MOST_MERGED]:
            _tell_one(merged, step, row, merged.reply_by, is_restricted=case.is_restricted)


def _tell_one(case, step, row, reply_by, is_restricted=False):
    """The persons of `case` hear of `step`, each by the way they chose for themselves, else by `reply_by`.

    `is_restricted`: it is the move of a matter that is.
    """
    if reply_by not in WAYS and not case.parties.filter(reply_by__in=WAYS).exists():
        return
    parties = case.parties.exclude(role="respondent").select_related("party").order_by("pk")
    by_way: dict = {}
    for party in parties:
        by_way.setdefault(party.reply_by or reply_by, []).append(party)
    for wish, some in by_way.items():
        if wish in WAYS:
            _tell_by(case, step, row, wish, some, is_restricted or case.is_restricted)


def _tell_by(case, step, row, wish, parties, is_restricted):
    """These persons by one way; where it cannot go, staff hear of it."""
    content = rules.content(case.office_id)
    way, transport, name = WAYS[wish]
    said = "" if is_restricted else shorten(veiled(step.text), content["said_most"][way])
    found = [_delivery(case, step, row, content, party, way, said) for party in parties]
    there = [delivery for delivery in found if delivery.address] or found[:1]
    if not there:
        return
    if Sender.objects.on(case.office_id).filter(transport=transport).exists():
        outward.put([row for row in there if row.address], case.office, is_alarm=row.get("at_once", False))
        reason = f"没有留{NAMES[way]}"
        _hand_back([row for row in there if not row.address], reason)
    else:
        _hand_back(there, f"街道没有设{name}通道")


def _delivery(case, step, row, content, party, way, said) -> Delivery:
    person = party.party
    address = person.phone if way == Way.SMS else person.email
    code = party.tracking_code
    values = {
        "office": case.office.short_name,
        "number": case.number,
        "code": code,
        "phone": case.office.phone,
        "said": said,
    }
    values["where"] = _where(content, code)
    return Delivery(
        office=case.office,
        key=f"person:{step.event.pk}:{party.pk}",
        way=way,
        group="resident",
        case=case,
        party=party,
        verb=step.verb,
        lane=party.pk,
        address=address,
        shown=person.masked_phone if way == Way.SMS else mask_mail(address),
        subject=f"{case.office.short_name}：{row['subject']}",
        text=rules.fill(row["text"], values),
        fields={name: values[name] for name in ("code", "number", "office")} | {"occasion": step.verb},
    )


def _where(content, code: str) -> str:
    if not settings.PUBLIC_ADDRESS:
        return rules.fill(content["where_without_link"], {"code": code})
    return rules.fill(content["where"], {"code": code, "link": f"{settings.PUBLIC_ADDRESS}/track/{code}/"})


def shorten(text: str, most: int) -> str:
    """The words told, on one line, ending in a stop."""
    line = " ".join(text.split())
    if len(line) > most:
        return line[: most - 1] + "…"
    return line if not line or line[-1] in "。！？…" else f"{line}。"


def mask_mail(address: str) -> str:
    """c***@example.org."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}***@{host}" if name else ""


def _hand_back(rows: list[Delivery], reason: str):
    """Nothing can carry these: written down as not sent, and staff are told at once."""
    now = clock.now()
    for row in rows:
        row.state, row.last_error = DeliveryState.GIVEN_UP, reason
        row.created_at = row.next_try_at = row.ended_at = now
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    for row in rows:
        undelivered(row)


def undelivered(row: Delivery):
    """A message that did not go out: who has the matter tells the person another way; else the administrators."""
    if not row.is_to_resident:
        _tell_admins(row)
        return
    case = row.case
    people = Recipients(case).add(["in_charge"] if case.in_charge_id else ["clerks"])
    users, through = people.find()
    if not users:
        users, through = Recipients(case).add(["centre", "supervisors"]).find()
    text = f"{case.number} 给居民的{row.get_way_display()}没送到（{row.last_error}），请换个办法告诉本人"
    send(
        users.values(),
        text,
        office=case.office,
        url=f"/desk/cases/{case.number}/#told",
        key=f"undelivered:{row.pk}:{row.tries}",
        level="alarm",
        group="undelivered",
        outside=f"{case.number} 给居民的{row.get_way_display()}没送到，请换个办法告诉本人",
        through=through,
        restricted=True,
    )


def _tell_admins(row: Delivery):
    send(
        outages.admins(row.office),
        f"有发给工作人员的{row.get_way_display()}没发成（{row.last_error}），在“消息通道”里看",
        office=row.office,
        url=outages.PAGE,
        key=f"given-up:{row.way}:{clock.today()}",
        group="system",
        outside="",
    )
