"""Standing bodies (议事和服务组织): founded and dissolved, members with terms, rooms and places.

A term is never overwritten: whoever leaves gets an end, whoever comes a new term, so any past day can be asked.
"""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from huiyin.audit.models import record
from huiyin.base.pinyin import pinyin_keys
from huiyin.base.refusal import Refusal
from huiyin.orgs.models import STANDING_BODIES, Function, Membership, Organisation, OrganisationKind, Venue

MOST_HEADS = 2  # 双组长: the party secretary and the head of the government office together
# What each kind asks of its members: at least so many heads, and whether a term ends by itself (years).
TERM_YEARS = {
    OrganisationKind.PARTY_GENERAL_BRANCH: 5,
    OrganisationKind.PARTY_BRANCH: 3,
    OrganisationKind.YOUTH_BRANCH: 3,
    OrganisationKind.SELF_GOVERNANCE: 5,
}


@transaction.atomic
def found(
    office, *, by, kind: str, name: str, short_name: str, area, valid_from: date, code: str = "", **more
) -> Organisation:
    """A new body. `more`: parent, type, duties, basis, services, phone, address, hours, member_count."""
    if kind not in STANDING_BODIES:
        raise Refusal(
            "这里只设议事和服务组织；部门、服务站由管理员在开办里录入。", status=400, errors={"kind": "请换"}
        )
    code = code or _free_code(office, short_name or name)
    body = Organisation(
        office=office, code=code, kind=kind, name=name, short_name=short_name or name, area=area,
        valid_from=valid_from, **{key: value for key, value in more.items() if value not in (None, "")},
    )  # fmt: skip
    try:
        with transaction.atomic():
            body.save()
    except IntegrityError:
        raise Refusal(f"代码“{code}”已经有了，请换一个。", status=400, errors={"code": "重复"}) from None
    record("成立组织", f"organisation:{code}", by=by, office=office, name=name, kind=kind)
    return body


def _free_code(office, name: str) -> str:
    """Initials of the name, with a number where they are taken."""
    stem = pinyin_keys(name)[1][:20] or "zz"
    taken = set(
        Organisation.objects.filter(office=office, code__startswith=stem).values_list("code", flat=True)
    )
    return next(code for code in (stem, *(f"{stem}{n}" for n in range(2, 10_000))) if code not in taken)


@transaction.atomic
def revise(body: Organisation, *, by, **fields) -> Organisation:
    """Change what is written about a body: name, duties, basis, place, hours … The kind and the code stay."""
    body = _locked(body)
    changed = {key: value for key, value in fields.items() if getattr(body, key) != value}
    if not changed:
        raise Refusal("没有改动，不用保存。", status=400)
    before = {key: str(getattr(body, key)) for key in changed}
    for key, value in changed.items():
        setattr(body, key, value)
    body.save()
    record("改组织", f"organisation:{body.code}", by=by, office=body.office, before=before)
    return body


@transaction.atomic
def dissolve(body: Organisation, *, by, on: date, basis: str) -> int:
    """The body is there until the day before `on`; running terms end with it. Returns how many did."""
    body = _locked(body)
    if body.valid_until:
        raise Refusal(f"{body} 已定在 {body.valid_until} 撤销，不用再办。")
    if on <= body.valid_from:
        raise Refusal(f"撤销日要晚于成立日 {body.valid_from}。", status=400, errors={"on": "太早"})
    standing = list(body.children.current(on).values_list("short_name", flat=True)[:20])
    if standing:
        raise Refusal(f"{body} 下面还有组织，先撤销或改到别处。", missing=standing)
    body.valid_until = on
    body.save(update_fields=["valid_until"])
    running = body.memberships.filter(Q(end_on=None) | Q(end_on__gt=on))
    ended = running.filter(start_on__lt=on).update(end_on=on)
    ended += running.filter(start_on__gte=on).update(end_on=F("start_on"))
    body.venues.filter(valid_until=None).update(valid_until=on)
    record("撤销组织", f"organisation:{body.code}", by=by, office=body.office, on=str(on), basis=basis)
    return ended


@transaction.atomic
def enrol(
    body: Organisation, *, by, function: str, start_on: date, user=None, name: str = "", unit=None,
    title: str = "", basis: str = "", end_on: date | None = None, order: int = 100,
) -> Membership:  # fmt: skip
    """A term of a member of staff, of somebody by name, or of a whole unit (with or without its person)."""
    body = _locked(body)
    _check(body, user, name, unit, function, start_on, end_on)
    member = Membership.objects.create(
        office=body.office, organisation=body, user=user, name="" if user else name, unit=unit,
        function=function, title=title, basis=basis, start_on=start_on, end_on=end_on, order=order,
    )  # fmt: skip
    record(
        "任职", f"organisation:{body.code}", by=by, office=body.office, who=member.who, function=function,
        start_on=str(start_on), basis=basis,
    )  # fmt: skip
    return member


def _check(body, user, name: str, unit, function: str, start_on: date, end_on: date | None):
    """Say in Chinese why this term cannot begin."""
    if user is None and not name and unit is None:
        raise Refusal(
            "请选本街道的人、写姓名，或选成员单位，至少一样。", status=400, errors={"user": "请选或填"}
        )
    if user is not None and name:
        raise Refusal("已经选了本街道的人，姓名就不用再写。", status=400, errors={"name": "请清空"})
    if start_on < body.valid_from:
        raise Refusal(
            f"{body} 在 {body.valid_from} 成立，任职不能更早。", status=400, errors={"start_on": "太早"}
        )
    if body.valid_until and start_on >= body.valid_until:
        raise Refusal(f"{body} 已在 {body.valid_until} 撤销。", status=400, errors={"start_on": "太晚"})
    if end_on and end_on <= start_on:
        raise Refusal("任期的止要晚于起。", status=400, errors={"end_on": "太早"})
    at_once = body.memberships.current(start_on)
    same = at_once.filter(user=user) if user else at_once.filter(user=None, name=name, unit=unit)
    if same.filter(function=function).exists():
        who = user.name if user else name or str(unit)
        raise Refusal(
            f"{who} 这时已经是{body}的{Function(function).label}了。", status=400, errors={"user": "重复"}
        )
    if function == Function.HEAD and at_once.filter(function=Function.HEAD).count() >= MOST_HEADS:
        raise Refusal(
            f"{body}这时已有 {MOST_HEADS} 名负责人（双组长），先结束一名的任期。",
            status=400,
            errors={"function": "满了"},
        )


@transaction.atomic
def end_term(member: Membership, *, by, on: date, basis: str = "") -> Membership:
    """The term holds until the day before `on`."""
    member = (
        Membership.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=member.pk)
    )
    if member.end_on and member.end_on <= on:
        raise Refusal(f"{member.who} 的任期已到 {member.end_on} 为止，不用再办。")
    if on < member.start_on:
        raise Refusal(f"卸任日不能早于任职日 {member.start_on}。", status=400, errors={"on": "太早"})
    member.end_on = on
    member.basis = "；".join(filter(None, [member.basis, basis and f"卸任：{basis}"]))[:200]
    member.save(update_fields=["end_on", "basis"])
    body = member.organisation
    record(
        "卸任",
        f"organisation:{body.code}",
        by=by,
        office=body.office,
        who=member.who,
        on=str(on),
        basis=basis,
    )
    return member


@transaction.atomic
def replace(member: Membership, *, by, on: date, user=None, name: str = "", basis: str = "") -> Membership:
    """Somebody else takes over the same function from `on` (调整); both terms stay in the history."""
    end_term(member, by=by, on=on, basis=basis)
    return enrol(
        member.organisation, by=by, function=member.function, start_on=on, user=user, name=name,
        unit=member.unit, title=member.title, basis=basis, order=member.order,
    )  # fmt: skip


@transaction.atomic
def open_venue(body: Organisation, *, by, name: str, valid_from: date, **more) -> Venue:
    """A room or place. `more`: functions (list of words), address, hours, rules_posted."""
    body = _locked(body)
    if body.venues.filter(name=name, valid_until=None).exists():
        raise Refusal(f"{body} 已有“{name}”，请换个名字。", status=400, errors={"name": "重复"})
    venue = Venue.objects.create(
        office=body.office, organisation=body, name=name, valid_from=valid_from, **more
    )
    record("启用场所", f"organisation:{body.code}", by=by, office=body.office, venue=name)
    return venue


@transaction.atomic
def close_venue(venue: Venue, *, by, on: date) -> Venue:
    venue = Venue.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=venue.pk)
    if venue.valid_until:
        raise Refusal(f"“{venue.name}”已在 {venue.valid_until} 停用。")
    if on < venue.valid_from:
        raise Refusal(f"停用日不能早于启用日 {venue.valid_from}。", status=400, errors={"on": "太早"})
    venue.valid_until = on
    venue.save(update_fields=["valid_until"])
    code = venue.organisation.code
    record("停用场所", f"organisation:{code}", by=by, office=venue.office, venue=venue.name, on=str(on))
    return venue


def _locked(body: Organisation) -> Organisation:
    return Organisation.objects.select_for_update(of=("self",)).select_related("office").get(pk=body.pk)


def term_end(body: Organisation, start_on: date) -> date | None:
    """The day on which a term that began on `start_on` runs out by the statute of its kind; None without one."""
    years = TERM_YEARS.get(body.kind)
    if years is None:
        return None
    try:
        return start_on.replace(year=start_on.year + years)
    except ValueError:  # 29 February
        return start_on.replace(year=start_on.year + years, day=28)
