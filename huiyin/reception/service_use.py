"""Which item of the service catalogue a request asks for: said once, counted with what came to the windows."""

from django.db.models import Count, Exists, OuterRef

from huiyin.audit.models import record
from huiyin.cases import services
from huiyin.cases.models import Case
from huiyin.reception.models import HallVisit, ServiceUse
from huiyin.rules import clock

REQUEST = "service_request"


def set_item(case, code: str, *, by) -> ServiceUse:
    """The matter asks for this item; a later word replaces it. Raises Refusal 400 for an unknown item."""
    service = services.get(case.office, code)
    row, is_new = ServiceUse.objects.update_or_create(
        office_id=case.office_id,
        case=case,
        defaults={"service": service.code, "set_at": clock.now(), "set_by": by},
    )
    if not is_new:
        record("改服务事项", f"case:{case.number}", by=by, office=case.office, service=service.code)
    return row


def item_of(case):
    """The catalogue's Service of this matter, or None."""
    row = ServiceUse.objects.filter(office_id=case.office_id, case=case).first()
    return services.table(case.office).get(row.service) if row else None


def suggested(case, limit: int = 3) -> list:
    """Items that fit the matter's category, else its title."""
    rows = [
        row for row in services.table(case.office).values() if case.category and row.category == case.category
    ]
    return rows[:limit]


def requests(user, period):
    """Requests for a service that `user` may read, with or without an item."""
    return Case.objects.visible_to(user).filter(
        office_id=user.office_id, kind=REQUEST, **period.holds("registered_at")
    )


def without_item(user, period):
    return requests(user, period).filter(~Exists(ServiceUse.objects.filter(case_id=OuterRef("pk"))))


def of_item(user, period, code: str):
    rows = Case.objects.visible_to(user).filter(office_id=user.office_id, **period.holds("registered_at"))
    return rows.filter(Exists(ServiceUse.objects.filter(case_id=OuterRef("pk"), service=code)))


def counts(user, period) -> dict[str, tuple[int, int]]:
    """item code → (matters, visits to the windows) in the period."""
    visible = Case.objects.visible_to(user).filter(pk=OuterRef("case_id"), **period.holds("registered_at"))
    uses = ServiceUse.objects.filter(Exists(visible), office_id=user.office_id).order_by()
    matters = dict(uses.values_list("service").annotate(Count("pk")))
    came = HallVisit.objects.visible_to(user).filter(**period.holds_days("on")).order_by()
    came = dict(came.values_list("service").annotate(Count("pk")))
    return {code: (matters.get(code, 0), came.get(code, 0)) for code in services.table(user.office)}
