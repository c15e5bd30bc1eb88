"""Tip-offs: a restricted matter whose informant is kept apart and seen by named keepers only, for a stated purpose."""

from django.db import transaction
from django.db.models import Count, Q

from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.cases import access
from huiyin.cases.intake import Words, register
from huiyin.cases.models import Case
from huiyin.cases.states import OPEN, Reply, State
from huiyin.reception.models import Informant
from huiyin.reception.rights import may

KIND = "tipoff"


@transaction.atomic
def take(office, given: dict, *, by, key: str) -> Case:
    """Register a tip-off. The matter itself knows no person: who said it stands in Informant, or nowhere."""
    words = Words(
        description=given["description"],
        kind=KIND,
        channel=given["channel"],
        title=given["title"],
        category=given["category"],
        area=given["area"],
        place=given["place"],
        is_restricted=True,
        reply_by=Reply.WEB,
    )
    case = register(office, words, by=by, key=key)
    name, phone, address = (given[field].strip() for field in ("person_name", "person_phone", "address"))
    if name or phone or address:
        Informant.objects.get_or_create(
            office=office,
            case=case,
            defaults={"person_name": name, "person_phone": phone, "address": address},
        )
    return case


@transaction.atomic
def reveal(case, *, by, purpose: str, address: str = "") -> Informant:
    """The informant, to a keeper who has not handled the matter; the audit trail notes it first.

    Raises Refusal 403 for everybody else, 409 where nobody left a name.
    """
    handlers = {row.handler_id for row in case.live_assignments} | {case.in_charge_id}
    if not may(by, "tipoffs.reveal") or by.pk not in access.people_of(case) or by.pk in handlers:
        record(
            "举报人查看被拒", f"case:{case.number}", by=by, address=address, outcome="拒绝", purpose=purpose
        )
        raise Refusal("举报人的身份只有指定的保管人看得到，经办的人不能看。", status=403)
    row = Informant.objects.filter(office_id=case.office_id, case=case).first()
    if row is None:
        raise Refusal("这一件是不留姓名的举报，没有身份可看；答复在查询码里。")
    record("查看举报人", f"case:{case.number}", by=by, address=address, purpose=purpose)
    return row


def rows(user, period):
    """Tip-offs that `user` may read."""
    return Case.objects.visible_to(user).filter(
        office_id=user.office_id, kind=KIND, **period.holds("registered_at")
    )


def counts(user, period) -> dict:
    """Numbers of the whole office, no content: received, anonymous, checked on site, answered, closed, open."""
    every = Case.objects.filter(office_id=user.office_id, kind=KIND, **period.holds("registered_at"))
    named = Informant.objects.filter(office_id=user.office_id).values("case_id")
    checked = Q(events__verb="record", events__act="site_check")
    return every.aggregate(
        received=Count("pk", distinct=True),
        named=Count("pk", filter=Q(pk__in=named), distinct=True),
        checked=Count("pk", filter=checked, distinct=True),
        answered=Count("pk", filter=Q(answered_at__isnull=False), distinct=True),
        closed=Count("pk", filter=Q(state=State.CLOSED), distinct=True),
        open=Count("pk", filter=Q(state__in=sorted(OPEN)), distinct=True),
    )
