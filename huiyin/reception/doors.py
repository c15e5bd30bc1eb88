"""The room's door on the rail, today's reception in the top bar, and its parts on the desk's pages."""

from django.db.models import IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from huiyin.cases import attachments, beside
from huiyin.cases.intake_form import DEFAULT_RECEIVER
from huiyin.cases.models import Case
from huiyin.cases.states import State
from huiyin.documents.facts import LETTER_FEET
from huiyin.grids.roster import WORK
from huiyin.grids.tallies import AREAS
from huiyin.reception import contacts, house_rules, rights, rota, service_use, tallies, thanks, views
from huiyin.reception.models import DayPart, RotaDay
from huiyin.reception.sheet import at_reception
from huiyin.rules import clock
from huiyin.rules.calendar import midnight
from huiyin.shell import rail, slots
from huiyin.upstream import papers


def duty(request) -> dict | None:
    """{"text", "name", "waiting"}: who receives now by the published rota, and how many persons wait. One query."""
    office, now = getattr(request.user, "office", None), clock.now()
    if office is None:
        return None
    half = DayPart.MORNING if f"{now:%H:%M}" < house_rules.content(office)["noon"] else DayPart.AFTERNOON
    waiting = Case.objects.filter(
        at_reception(),
        office_id=OuterRef("office_id"),
        state=State.RECEIVED,
        registered_at__gte=midnight(now.date()),
    )
    waiting = waiting.order_by().values("channel").annotate(persons=Sum("group_size")).values("persons")
    rows = RotaDay.objects.filter(office=office, on=now.date(), part__in=[DayPart.WHOLE, half])
    rows = rows.filter(week__published_at__isnull=False).select_related("leader")
    row = rows.annotate(waiting=Coalesce(Subquery(waiting, output_field=IntegerField()), 0)).first()
    return {"text": "今日接访", "name": row.leader.name, "waiting": row.waiting} if row else None


def put_up():
    """Called once when the room is ready."""
    rail.register(
        "reception",
        "接待",
        "people",
        "desk_reception",
        allowed=rights.may_enter_room,
        order=25,
        on_phone=False,
    )
    slots.fill("duty", duty)
    papers.ITEM_OF.append(service_use.item_of)
    AREAS.append(tallies.visits())
    WORK.extend(tallies.works())
    LETTER_FEET.append(contacts.foot)
    DEFAULT_RECEIVER.append(rota.on_duty)
    attachments.KEPT.append(thanks.keep_photos)
    beside.MATTER.fill("reception/parts/beside_tipoff.html", views.tipoffs.beside_matter, order=20)
    beside.MATTER.fill("reception/parts/beside_directive.html", views.directives.beside_matter, order=30)
    beside.MATTER.fill("reception/parts/beside_service.html", views.catalogue.beside_matter, order=40)
    beside.MATTER.fill("reception/parts/beside_thanks.html", views.thanks.beside_matter, order=90)
    beside.TODAY.fill("reception/parts/today_hotline.html", views.hotline.reminder, order=60)
