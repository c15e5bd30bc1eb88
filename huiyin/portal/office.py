"""Which office this visitor has come to, and the telephone numbers it answers by."""

from django.http import HttpRequest

from huiyin.accounts.models import Office
from huiyin.base.refusal import Refusal
from huiyin.orgs.models import Organisation, OrganisationKind


def current(request: HttpRequest) -> Office:
    """The office that this portal speaks for: the only or first one of the installation."""
    office = getattr(request, "portal_office", None)
    if office is None:
        office = Office.objects.order_by("code").first()
        if office is None:
            raise Refusal("这里还没有设好街道，暂时不能登记。请找街道的工作人员。", status=409)
        request.portal_office = office
    return office


def oversight_phone(office) -> str:
    """A number outside the handlers' line: that of the leading body; '' when none is known."""
    rows = Organisation.objects.current().filter(office=office, kind=OrganisationKind.LEADING_BODY)
    return rows.exclude(phone="").order_by("code").values_list("phone", flat=True).first() or ""


def stations(office) -> list[Organisation]:
    """The community stations, in the order of their areas."""
    rows = Organisation.objects.current().filter(office=office, kind=OrganisationKind.STATION)
    return list(rows.select_related("area").order_by("area__code"))
