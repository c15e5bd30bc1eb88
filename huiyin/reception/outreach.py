"""Visits to homes: one visit, and each opinion or demand it brought as a matter of its own."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from huiyin.base.refusal import Refusal
from huiyin.cases.intake import Person, Words, register
from huiyin.cases.intake_form import default_reply
from huiyin.cases.models import Case, CaseEvent
from huiyin.cases.moving import Step, finish, lock
from huiyin.cases.states import OPEN, Channel
from huiyin.notices.models import send
from huiyin.reception import contacts, house_rules
from huiyin.reception.models import OutreachDemand, OutreachVisit
from huiyin.reception.models.entered import enter
from huiyin.rules import clock

OPINION = "suggestion"
DISPUTE = "dispute"
KINDS = ("suggestion", "service_request", "petition", "city_problem", DISPUTE)


@dataclass
class Brought:
    """One opinion or demand as heard on the visit."""

    description: str
    kind: str
    category: str
    wants: str = ""


def note_visit(office, given: dict, brought: list[Brought], *, by, key: str) -> tuple[OutreachVisit, bool]:
    """Write down a visit and register what it brought; the domain's contact is in charge of each."""
    if given["on"] > clock.today():
        raise Refusal("走访日期不能在今天以后。", status=400, errors={"on": "不能晚于今天"})

    def make():
        visit = OutreachVisit.objects.create(
            office=office, form_key=key, entered_at=clock.now(), entered_by=by, **given
        )
        there = contacts.current(office)
        for number, row in enumerate(brought, 1):
            _register(visit, row, number, there, by)
        return visit

    return enter(OutreachVisit, office=office, key=key, make=make)


def _register(visit: OutreachVisit, row: Brought, number: int, there: dict, by):
    persons = [Person(name=visit.person_name, phone=visit.person_phone)]
    persons = persons if visit.person_name or visit.person_phone else []
    words = Words(
        description=row.description,
        kind=row.kind,
        channel=Channel.OUTREACH,
        category=row.category,
        wants=row.wants,
        area=visit.area,
        persons=persons,
        reply_by=default_reply(persons),
    )
    case = register(visit.office, words, by=by, key=f"outreach:{visit.pk}:{number}")
    OutreachDemand.objects.create(office=visit.office, visit=visit, case=case)
    domain = house_rules.domain_of(visit.office, row.category)
    contact = there.get(domain)
    if contact is not None:
        put_in_charge(case, contact, house_rules.domains(visit.office)[domain]["name"], by=by)


@transaction.atomic
def put_in_charge(case: Case, contact, domain_name: str, *, by):
    """The contact of the domain answers for the matter until a unit takes it; the history says so."""
    lock(case)
    user = contact.post.user
    case.in_charge = user
    if user.pk not in case.named_readers:
        case.named_readers = [*case.named_readers, user.pk]
    step = Step(case, "hand_over", by)
    step.title = by.title if by else "系统"
    step.say(f"走访带回，由{domain_name}领域联系人{user.name}负责。", to=user.name)
    finish(case, step)
    send(
        [user], f"走访带回一件{domain_name}的事，由您负责：{case.title}", office=case.office,
        url=f"/desk/cases/{case.number}/", key=f"outreach:{case.pk}",
    )  # fmt: skip


def brought_in(user, period):
    """Matters from visits that `user` may read, with `is_solved`: the answer of this round says 解决了."""
    said = CaseEvent.objects.filter(
        office_id=OuterRef("office_id"), case_id=OuterRef("pk"), verb="answer", round=OuterRef("round"),
        data__outcome="solved",
    )  # fmt: skip
    rows = Case.objects.visible_to(user).filter(
        Exists(OutreachDemand.objects.filter(case_id=OuterRef("pk"))), office_id=user.office_id,
        **period.holds("registered_at"),
    )  # fmt: skip
    return rows.annotate(is_solved=Exists(said))


# What a matter from a visit has come to: name, condition. Each matter fits exactly one.
STANDINGS = {
    "solved": ("已解决", Q(answered_at__isnull=False, is_solved=True)),
    "explained": ("已说明", Q(answered_at__isnull=False, is_solved=False)),
    "open": ("在办", Q(answered_at=None, state__in=sorted(OPEN))),
    "other": ("其他结束", Q(answered_at=None) & ~Q(state__in=sorted(OPEN))),
}


def narrowed(user, rows, *, domain: str | None = None, sort: str = "", standing: str = "", role: str = ""):
    """`sort`: opinions (意见建议), demands (诉求) or disputes (纠纷); `role`: of the visitor, of the grid workforce."""
    if role:
        rows = rows.filter(outreach__visit__role=role)
    if sort == "disputes":
        rows, sort = rows.filter(kind=DISPUTE), ""
    if domain is not None:
        rows = rows.filter(house_rules.in_domain(user.office, domain))
    if sort:
        rows = rows.filter(kind=OPINION) if sort == "opinions" else rows.exclude(kind=OPINION)
    return rows.filter(STANDINGS[standing][1]) if standing in STANDINGS else rows


def table(user, period) -> list[dict]:
    """One row a domain, the last for what has none: opinions and demands received, and what became of both."""
    sums = {name: Count("pk", filter=condition) for name, (_, condition) in STANDINGS.items()}
    rows = (
        brought_in(user, period).order_by().values("category", "kind").annotate(received=Count("pk"), **sums)
    )
    names = {code: row["name"] for code, row in house_rules.domains(user.office).items()}
    found = {code: {"code": code, "name": name} for code, name in [*names.items(), ("", "没有归类")]}
    for line in found.values():
        line |= {"opinions": 0, "demands": 0, **dict.fromkeys(STANDINGS, 0)}
    for row in rows:
        line = found[house_rules.domain_of(user.office, row["category"])]
        line["opinions" if row["kind"] == OPINION else "demands"] += row["received"]
        for name in STANDINGS:
            line[name] += row[name]
    return list(found.values())
