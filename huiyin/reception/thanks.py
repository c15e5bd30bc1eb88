"""Thanks: written down once, for a matter, a unit or a service; counted as positive feedback."""

from django.db.models import Count, Exists, OuterRef, Q

from huiyin.base.refusal import Refusal
from huiyin.cases import attachments
from huiyin.cases.models import Attachment, Case
from huiyin.reception.models import Thanks
from huiyin.reception.models.entered import enter
from huiyin.rules import clock


def receive(office, given: dict, photo, *, by, key: str) -> tuple[Thanks, bool]:
    if not (given.get("case") or given.get("organisation") or given.get("service")):
        raise Refusal(
            "请写明谢的是哪一件事、哪个单位或哪项服务，至少一样。", status=400,
            errors={"number": "事项、单位、服务至少填一样"},
        )  # fmt: skip
    if given["on"] > clock.today():
        raise Refusal("日期不能在今天以后。", status=400, errors={"on": "不能晚于今天"})

    def make():
        row = attachments.store(photo, office, by=by) if photo else None
        if row is not None and not row.is_image:
            raise Refusal("照片请传 JPG、PNG 或 WebP。", status=400, errors={"photo": "不是照片"})
        return Thanks.objects.create(
            office=office, form_key=key, entered_at=clock.now(), entered_by=by,
            received_by=given.pop("received_by", None) or by, photo=row, **given,
        )  # fmt: skip

    return enter(Thanks, office=office, key=key, make=make)


def visible(user):
    """Thanks for restricted matters are seen by those who may read these; all others by everybody."""
    readable = Case.objects.visible_to(user).filter(pk=OuterRef("case_id"))
    rows = Thanks.objects.visible_to(user)
    return rows.filter(Q(case=None) | Q(case__is_restricted=False) | Exists(readable))


def of_case(case) -> list[Thanks]:
    return list(Thanks.objects.filter(office_id=case.office_id, case=case).order_by("-on")[:10])


def published(office, limit: int = 10) -> list[Thanks]:
    """For the residents' pages: never of restricted matters; show `masked_sender`, which knows who agreed."""
    rows = Thanks.objects.filter(office=office).exclude(case__is_restricted=True)
    return list(rows.select_related("organisation", "photo").order_by("-on", "-pk")[:limit])


def counts(user, period) -> dict:
    """kind → number, of thanks on a day in the period."""
    rows = visible(user).filter(**period.holds_days("on")).order_by()
    return dict(rows.values_list("kind").annotate(Count("pk")))


def keep_photos(waiting):
    """Uploads that hang on a record of thanks are nobody's orphans."""
    return waiting.exclude(Exists(Thanks.objects.filter(photo_id=OuterRef("pk"))))


def photo_of(thanks: Thanks) -> Attachment | None:
    return thanks.photo
