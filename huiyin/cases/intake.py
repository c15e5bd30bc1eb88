"""Taking a matter in: one way for every door – the counter, the portal, the API, a patrol, an order from above."""

import re
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from huiyin.areas.locate import grid_at
from huiyin.areas.models import Area, AreaKind
from huiyin.base.refusal import Refusal
from huiyin.cases import (
    access,
    categories,
    deadlines,
    early_signs,
    numbering,
    particulars,
    procedures,
    search,
    telling,
)
from huiyin.cases.models import Case, CaseParty
from huiyin.cases.models.case import GROUP_SIZE
from huiyin.cases.moving import FOLLOWERS, Step, write_event
from huiyin.cases.states import Channel, Reply, State
from huiyin.cases.wording import shorten
from huiyin.people.models import Party
from huiyin.rules import clock

MOST_REPRESENTATIVES = 5
NEEDED_TO_REPLY = {
    Reply.PHONE: ("phone", "电话"), Reply.SMS: ("phone", "手机号"), Reply.EMAIL: ("email", "电子邮箱"),
    Reply.LETTER: ("address", "地址"),
}  # fmt: skip


@dataclass
class Person:
    """Someone who raises a matter, as said at the counter."""

    name: str = ""
    phone: str = ""
    email: str = ""
    id_number: str = ""
    address: str = ""
    reply_by: str = ""  # their own way, where it is not the matter's


@dataclass
class Words:
    """What came in. Only `description` must be there; everything else can be found out later."""

    description: str
    kind: str = "petition"
    channel: str = Channel.WEB
    title: str = ""
    wants: str = ""
    category: str = ""
    area: Area | None = None
    lon: float | None = None
    lat: float | None = None
    place: str = ""
    group_size: int = 1
    persons: list[Person] = field(default_factory=list)
    reply_by: str = Reply.WEB
    is_restricted: bool = False
    is_urgent: bool = False
    sources: list[dict] = field(default_factory=list)
    attachments: list = field(default_factory=list)
    received_by: object = None
    watch_source: str = (
        ""  # kinds with levels (苗头性问题): where it was heard of, how grave, who keeps an eye on it
    )
    watch_level: str = ""
    responsible: object = None
    particulars: dict = field(default_factory=dict)  # code → value of the kind's own fields


def register(office, words: Words, *, by=None, key: str | None = None, address: str = "") -> Case:
    """Register one matter and return it; the same `key` returns the matter of the first time.

    Raises Refusal 400 when something is wrong with what was entered.
    """
    if key:
        known = Case.objects.filter(office=office, intake_key=key).first()
        if known:
            return known
    check(office, words)
    try:
        with transaction.atomic():
            return _register(office, words, by, key)
    except IntegrityError:
        known = Case.objects.filter(office=office, intake_key=key).first() if key else None
        if known is None:
            raise
        return known


def check(office, words: Words):
    """Say in Chinese what is wrong with `words`, all at once."""
    errors = {}
    if len(words.description.strip()) < 4:
        errors["description"] = "请把事情说清楚，至少 4 个字"
    if len(words.description) > 20000:
        errors["description"] = "太长了，请控制在 2 万字以内，其余用附件"
    if words.channel not in Channel.values:
        errors["channel"] = "没有这个渠道"
    if words.reply_by not in Reply.values:
        errors["reply_by"] = "没有这种告知办法"
    if not 1 <= words.group_size <= 100000:
        errors["group_size"] = "人数要在 1 到 100000 之间"
    is_group_visit = words.channel == Channel.VISIT and words.group_size >= GROUP_SIZE
    if is_group_visit and not any(person.name.strip() for person in words.persons):
        errors["persons"] = (
            f"{GROUP_SIZE} 人以上来访要推选代表，请写上代表的姓名，1 到 {MOST_REPRESENTATIVES} 人"
        )
    if len(words.persons) > MOST_REPRESENTATIVES:
        errors["persons"] = f"集体来访请推选代表，不超过 {MOST_REPRESENTATIVES} 人"
    if words.reply_by in (Reply.PHONE,) and not any(person.phone for person in words.persons):
        errors["reply_by"] = "要打电话告诉本人，请留电话；不愿留就选“自己上网查”"
    if words.reply_by == Reply.SMS and not any(person.phone for person in words.persons):
        errors["reply_by"] = "要发短信告诉本人，请留手机号；不愿留就选“自己上网查”"
    for person in words.persons:
        needed, missing = NEEDED_TO_REPLY.get(person.reply_by, ("", ""))
        if person.reply_by and person.reply_by not in Reply.values:
            errors["persons"] = "没有这种告知办法"
        elif needed and not getattr(person, needed):
            errors["persons"] = f"{person.name or '代表'}要{Reply(person.reply_by).label}，请留{missing}"
    if words.reply_by == Reply.EMAIL and not any(person.email for person in words.persons):
        errors["reply_by"] = "要发邮件告诉本人，请留电子邮箱；不愿留就选“自己上网查”"
    if words.reply_by == Reply.LETTER and not any(person.address for person in words.persons):
        errors["reply_by"] = "要寄信告诉本人，请留地址"
    if (words.lon is None) != (words.lat is None):
        errors["lon"] = "经度和纬度要一起填"
    procedures.known(office, words.kind)
    row = procedures.current(office).content["kinds"][words.kind]
    if row.get("informant") == "apart" and any(person.name or person.phone for person in words.persons):
        errors["persons"] = "举报人的姓名和电话另册保管，请从“接待 › 举报”登记，这里不要填"
    try:
        words.particulars = particulars.clean(
            particulars.resolved(row.get("fields", []), office.pk), words.particulars
        )
    except Refusal as refusal:
        errors |= refusal.errors
    if words.category:
        categories.known(office, words.category)
    if errors:
        raise Refusal(
            "有几处要改：" + "；".join(errors.values()) + "。您填的都还在。", status=400, errors=errors
        )


def _register(office, words: Words, by, key) -> Case:
    now = clock.now()
    area = words.area or _find_area(office, words)
    procedure = procedures.current(office)
    is_group = words.group_size >= GROUP_SIZE
    row = procedure.content["kinds"][words.kind]
    is_restricted = words.is_restricted or bool(row.get("restricted"))
    case = Case(
        office=office,
        number="",
        kind=words.kind,
        channel=words.channel,
        procedure=procedure,
        title=(words.title.strip() or shorten(words.description))[:100],
        description=words.description.strip(),
        wants=words.wants.strip(),
        category=words.category,
        particulars=words.particulars,
        area=area,
        place=words.place.strip()[:120],
        lon=words.lon,
        lat=words.lat,
        group_size=words.group_size,
        is_urgent=is_group or words.is_urgent,
        is_restricted=is_restricted,
        is_anonymous=not any(person.name or person.phone for person in words.persons),
        reply_by=words.reply_by,
        registered_at=now,
        registered_by=by,
        received_by=words.received_by or by,
        intake_key=key,
        updated_at=now,
        last_seq=1,
    )
    if is_restricted:
        case.named_readers = access.keepers_of(office)
    elif by is not None and not _reads(by, area):
        case.named_readers = [by.pk]
    if by is not None and words.channel in (Channel.VISIT, Channel.CALL):
        case.first_contact_at = now
    case.number = numbering.case_number(office, now, words.kind)
    search.index(case)
    case.save(force_insert=True)
    for number, person in enumerate(words.persons):
        _add_person(case, person, "raiser" if number == 0 else "representative")
    early_signs.begin(case, source=words.watch_source, level=words.watch_level, responsible=words.responsible)
    for source in words.sources:
        case.sources.create(office=office, **source)
    step = Step(case, "register", by)
    step.title = by.title if by else "居民"
    if words.received_by and words.received_by != by:
        step.title = f"{step.title}，接访 {words.received_by.title or words.received_by.name}"
    step.to_state = State.RECEIVED
    step.from_state = ""
    step.say(
        case.description, persons=case.group_size, channel=case.channel, representatives=len(words.persons)
    )
    if words.particulars:
        step.data["particulars"] = words.particulars
    for follow in FOLLOWERS:
        follow(case, step)
    event = write_event(case, step)
    for row in words.attachments:
        row.case, row.event, row.draft = case, event, None
        row.is_from_person = by is None or words.channel not in (Channel.PATROL, Channel.OUTREACH)
        row.save(update_fields=["case", "event", "draft", "is_from_person"])
    deadlines.follow(case, step)
    case.save(update_fields=["next_deadline", "due_at", "first_contact_at"])
    access.refresh_readers(case)
    step.event = event
    telling.tell(case, step)
    return case


def _find_area(office, words: Words) -> Area:
    if words.lon is not None:
        found = grid_at(office, words.lon, words.lat)
        if found:
            return found
    if words.place.strip():
        found = area_of_place(office, words.place)
        if found:
            return found
    return Area.objects.valid().get(office=office, kind=AreaKind.SUBDISTRICT)


def area_of_place(office, place: str) -> Area | None:
    """The grid of the building that `place` names, the longest name first; spaces do not count.

    A compound named without its building ("南塘新村门口") is found when all of it lies in one grid.
    """
    said = re.sub(r"\s+", "", place)
    buildings = Area.objects.valid().filter(office=office, kind=AreaKind.BUILDING).select_related("parent")
    rows = sorted(buildings.only("name", "parent"), key=lambda row: -len(row.name))
    hit = next((row for row in rows if re.sub(r"\s+", "", row.name) in said), None)
    if hit:
        return hit.parent
    grids: dict[str, dict] = {}
    for row in rows:
        compound = re.sub(r"\s*\d+\s*(幢|栋|号楼)$", "", row.name)
        if len(compound) > 1 and compound in said:
            grids.setdefault(compound, {})[row.parent_id] = row.parent
    found = grids[max(grids, key=len)] if grids else {}
    return next(iter(found.values())) if len(found) == 1 else None


def _reads(user, area) -> bool:
    return any(
        access.reach_of(post) == access.BY_AREA and post.area_id in area.path for post in user.current_posts
    )


def party_of(office, person: Person) -> Party:
    """The party with this name and telephone, a new one when there is none; a new e-mail address is kept."""
    name, email = person.name.strip(), person.email.strip()
    if person.phone:
        known = Party.objects.with_phone(office, person.phone)
        party = next((row for row in known if row.name == name), None)
        if party is not None:
            if email and party.email != email:
                party.email = email
                party.save(update_fields=["email"])
            return party
    return Party.objects.create(
        office=office,
        name=name,
        phone=person.phone.strip(),
        email=email,
        id_number=person.id_number.strip(),
        address=person.address.strip(),
    )


def _add_person(case, person: Person, role: str):
    party = party_of(case.office, person)
    code = {"tracking_code": case.tracking_code} if role == "raiser" else {}
    CaseParty.objects.get_or_create(
        office=case.office,
        case=case,
        party=party,
        defaults={"role": role, "reply_by": person.reply_by, **code},
    )
