"""The first hour of an empty house: the code for the first administrator, that person, the subdistrict."""

import os
from pathlib import Path

from django.conf import settings
from django.db import transaction

from huiyin.accounts import invitations
from huiyin.accounts.models import Office, User
from huiyin.areas.models import Area, AreaKind
from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.orgs.models import Organisation, OrganisationKind, Post, Role
from huiyin.rules import clock
from huiyin.rules.models import load_seeds

FILE = "first-administrator.txt"
ACTION = "开通账号"
NAMED = "设第一位管理员"


def is_empty() -> bool:
    """Nobody can sign in yet: no user has ever been made."""
    return not User.objects.exists()


def is_opened() -> bool:
    return Office.objects.exists()


def prepare() -> str:
    """Load the shipped rules; in an empty house make a new code and return it, else ''. For every start."""
    load_seeds()
    path = Path(settings.DATA) / FILE
    if not is_empty():
        path.unlink(missing_ok=True)
        return ""
    return invitations.for_first_administrator()


def write_down(address: str) -> Path:
    """Keep the address with its code in the data folder, readable by its owner only."""
    path = Path(settings.DATA) / FILE
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(f"开办地址（设第一位系统管理员，三天内有效，只能用一次；重新启动会换新的）：\n{address}\n")
    return path


@transaction.atomic
def name_administrator(code: str, *, name: str, username: str, password: str, address: str = "") -> User:
    """The first user of the house. Raises Refusal when the code is not good any more."""
    invitation = invitations.find(code, lock=True)
    if invitation is None or invitation.user_id or not is_empty():
        raise Refusal("这个开办地址已经用过、过期或不对。重新启动程序，会印出新的地址。", status=403)
    user = User(username=username, name=name)
    user.set_password(password)
    user.save()
    invitations.use(invitation)
    record(NAMED, f"账号 {username}", by=user, address=address)
    (Path(settings.DATA) / FILE).unlink(missing_ok=True)
    return user


@transaction.atomic
def set_password(code: str, password: str, *, address: str = "") -> User:
    """The invited user sets the own password; other sessions of that account end."""
    invitation = invitations.find(code, lock=True)
    if invitation is None or invitation.user_id is None:
        raise Refusal("这个链接已经用过、过期或不对。请系统管理员在“开通单”里重新开一个。", status=403)
    user = User.objects.select_for_update().get(pk=invitation.user_id)
    user.set_password(password)
    user.save(update_fields=["password"])
    invitations.use(invitation)
    record(ACTION, f"账号 {user.username}", by=user, address=address)
    return user


def may_found(user) -> bool:
    """The first administrator, while there is no subdistrict."""
    return user.is_authenticated and user.office_id is None and not is_opened() and User.objects.count() == 1


@transaction.atomic
def found_subdistrict(*, by: User, city: str, district: str, **fields) -> Office:
    """The office with its node of the area tree, the two above it, its centre, and the administrator's post."""
    founder = User.objects.select_for_update().get(pk=by.pk)
    if not may_found(founder):
        raise Refusal("街道已经设好了，不用再设。")
    office, today = Office.objects.create(**fields), clock.today()
    top = _node(office.code[:4] + "00", AreaKind.CITY, city, None, today)
    middle = _node(office.code[:6], AreaKind.DISTRICT, district, top, today)
    street = Area.objects.create(
        office=office,
        code=office.code,
        kind=AreaKind.SUBDISTRICT,
        name=office.short_name,
        parent=middle,
        valid_from=today,
    )
    common = {
        "office": office,
        "area": street,
        "valid_from": today,
        "phone": office.phone,
        "address": office.address,
    }
    leading = Organisation.objects.create(
        code="jiedao",
        kind=OrganisationKind.LEADING_BODY,
        name=office.name,
        short_name=office.short_name,
        **common,
    )
    centre = Organisation.objects.create(
        code="zhongxin", kind=OrganisationKind.CENTRE, name=office.centre_name, short_name="联动中心", parent=leading,
        hours=office.hours, **common,
    )  # fmt: skip
    founder.office = office
    founder.save(update_fields=["office"])
    Post.objects.create(
        office=office,
        user=founder,
        organisation=centre,
        role=Role.ADMIN,
        title="系统管理员",
        area=street,
        start_on=today,
    )
    record(
        "设街道",
        f"office:{office.code}",
        by=founder,
        office=office,
        **{key: str(value) for key, value in fields.items()},
    )
    return office


def _node(code: str, kind: str, name: str, parent, today) -> Area:
    """A node above the subdistrict, shared by the offices below it."""
    found = Area.objects.valid().filter(office=None, code=code).first()
    return found or Area.objects.create(code=code, kind=kind, name=name, parent=parent, valid_from=today)


@transaction.atomic
def revise(office: Office, *, by: User, **fields) -> Office:
    """Correct what is said about the subdistrict; its code only while nothing is numbered below it."""
    office = Office.objects.select_for_update().get(pk=office.pk)
    street = Area.objects.valid().get(office=office, kind=AreaKind.SUBDISTRICT)
    changes = {
        key: [str(getattr(office, key)), str(value)]
        for key, value in fields.items()
        if getattr(office, key) != value
    }
    if "code" in changes and street.children.exists():
        raise Refusal("下面已经有社区，区划代码不能再改。", errors={"code": "改回原来的"})
    for key, value in fields.items():
        setattr(office, key, value)
    office.save()
    if {"code", "short_name"} & set(changes):
        street.code, street.name = office.code, office.short_name
        street.save()
    if changes:
        record("改街道", f"office:{office.code}", by=by, office=office, **changes)
    return office
