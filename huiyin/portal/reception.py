"""What residents see of the reception: published days of leaders, and thanks whose givers agreed."""

from datetime import date
from uuid import UUID

from django.db.models import Q

from huiyin.base.refusal import Refusal
from huiyin.publications.masking import mask
from huiyin.reception.models import Thanks
from huiyin.reception.rota import published_week
from huiyin.rules import clock

PAGE = 20


def days_of_week(office, day: date) -> list[dict] | None:
    """The days of the week `day` lies in, in order; None while the week is not public."""
    week = published_week(office, day)
    return week and week["days"]


def coming_days(office) -> list[dict]:
    """The days of this week from today on; on the last ones nothing may be left."""
    today = clock.today()
    return [row for row in days_of_week(office, today) or [] if row["on"] >= today]


def thanks(office, after: str = "", most: int = PAGE) -> tuple[list[Thanks], str]:
    """A page of what people gave thanks for and agreed to show, the newest first; cursor of the next.

    Their name stands there because they agreed; numbers, addresses and other people in the text do not.
    """
    rows = Thanks.objects.filter(office=office, is_public=True).exclude(case__is_restricted=True)
    rows = rows.select_related("organisation")
    if after:
        day, _, pk = after.partition("~")
        try:
            rows = rows.filter(Q(on__lt=date.fromisoformat(day)) | Q(on=day, pk__lt=UUID(pk)))
        except ValueError as error:
            raise Refusal("翻页记号不对，请从第一页重新看。", status=400) from error
    found = list(rows.order_by("-on", "-pk")[: most + 1])
    last = found[most - 1] if len(found) > most else None
    for row in found:
        row.shown_text = mask(row.text).text
    return found[:most], f"{last.on}~{last.pk}" if last else ""
