"""From the body of a request to a registered matter: one way for residents and staff."""

from hashlib import sha256

from django.http import HttpRequest

from huiyin.accounts.models import Office
from huiyin.api.bodies import STAFF_ONLY, CaseIn
from huiyin.areas.locate import grid_at
from huiyin.areas.models import Area
from huiyin.base.refusal import Refusal
from huiyin.cases import allowance
from huiyin.cases.intake import Person, Words, register
from huiyin.cases.models import Attachment, Case
from huiyin.cases.states import Channel, Reply

LONGEST_KEY = 200


def register_from(request: HttpRequest, body: CaseIn, user) -> Case:
    """Register what was sent; the same Idempotency-Key with the same words gives the matter of the first time."""
    if user is None:
        _refuse_staff_fields(body)
    area = _area(body.area, user)
    office = user.office if user else _office(body, area)
    key = _key(request, user)
    known = Case.objects.filter(office=office, intake_key=key).first() if key else None
    if known is None:
        known = _register(request, office, _words(body, area, office, user), user, key)
    said = known.events.filter(verb="register").values_list("text", flat=True).first()
    if key and said != body.description.strip():
        raise Refusal("这个 Idempotency-Key 已经用在另一件事上，新的事请换一个。", status=409)
    return known


def _register(request, office, words, user, key) -> Case:
    if user is not None:
        return register(office, words, by=user, key=key)
    with allowance.counted(request, allowance.RAISE):
        return register(office, words, key=key)


def _refuse_staff_fields(body: CaseIn):
    sent = [name for name in STAFF_ONLY if name in body.model_fields_set]
    if sent:
        errors = dict.fromkeys(sent, "要带令牌才能填")
        raise Refusal(f"这些内容要带工作人员的令牌才能填：{'、'.join(sent)}。", status=400, errors=errors)


def _area(code: str, user) -> Area | None:
    if not code.strip():
        return None
    rows = Area.objects.valid().filter(code=code.strip()).exclude(office=None).select_related("office")
    area = (rows.filter(office=user.office) if user else rows).first()
    if area is None:
        raise Refusal("没有这个区域代码，请核对；不知道就不填。", status=400, errors={"area": "没有这个代码"})
    return area


def _office(body: CaseIn, area) -> Office:
    """The office that answers for the place; without a place the first one of the installation."""
    if area is not None:
        return area.office
    offices = list(Office.objects.order_by("code"))
    if not offices:
        raise Refusal("这里还没有设好街道，暂时不能登记。", status=409)
    if body.lon is not None and body.lat is not None and len(offices) > 1:
        return next((row for row in offices if grid_at(row, body.lon, body.lat)), offices[0])
    return offices[0]


def _key(request: HttpRequest, user) -> str | None:
    """The key as it is stored: one caller's keys never meet another's."""
    text = request.headers.get("Idempotency-Key", "").strip()
    if not text:
        return None
    if len(text) > LONGEST_KEY:
        raise Refusal(f"Idempotency-Key 最长 {LONGEST_KEY} 个字符。", status=400)
    whose = user.pk if user else "public"
    return "api:" + sha256(f"{whose}\n{text}".encode("utf-8", "surrogateescape")).hexdigest()


def _words(body: CaseIn, area, office, user) -> Words:
    persons = [Person(**person.model_dump()) for person in body.persons]
    wish = body.reply_by
    if body.contact is not None:
        contact = body.contact
        if contact.name or contact.phone or contact.address:
            persons.insert(0, Person(name=contact.name, phone=contact.phone, address=contact.address))
        wish = wish or contact.reply_by
    return Words(
        description=body.description,
        kind=body.kind or "petition",
        channel=body.channel or (Channel.VISIT if user else Channel.WEB),
        title=body.title,
        wants=body.wants,
        category=body.category,
        area=area,
        lon=body.lon,
        lat=body.lat,
        place=body.place,
        group_size=body.group_size or max(1, len(persons)),
        persons=persons,
        reply_by=wish or Reply.WEB,
        is_urgent=body.is_urgent,
        is_restricted=body.is_restricted,
        particulars=dict(body.particulars),
        sources=[source.model_dump() for source in body.sources],
        attachments=_waiting(office, body.attachments, user),
    )


def _waiting(office, ids, user) -> list[Attachment]:
    """The caller's own uploads that belong to no matter yet; the public's came without an account."""
    rows = list(Attachment.objects.filter(pk__in=ids, office=office, case=None, draft=None, uploaded_by=user))
    if len(rows) != len(set(ids)):
        raise Refusal(
            "有附件找不到或已经用过，请重新上传。",
            status=400,
            errors={"attachments": "找不到或已经用过，请重新上传"},
        )
    return rows
