"""Which office this visitor has come to, and the telephone numbers it answers by."""

from huiyin.accounts.offices import current
from huiyin.orgs.models import Organisation, OrganisationKind

__all__ = ["current", "oversight_phone", "stations"]


def oversight_phone(office) -> str:
    """A number outside the handlers' line: that of the leading body; '' when none is known."""
    rows = Organisation.objects.current().filter(office=office, kind=OrganisationKind.LEADING_BODY)
    return rows.exclude(phone="").order_by("code").values_list("phone", flat=True).first() or ""


def stations(office) -> list[Organisation]:
    """The community stations, in the order of their areas."""
    rows = Organisation.objects.current().filter(office=office, kind=OrganisationKind.STATION)
    return list(rows.select_related("area").defer("area__boundary").order_by("area__code"))
