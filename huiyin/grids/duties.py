"""Changes of responsibilities: take on, hand to somebody else, end. Nothing is removed: a period gets its end."""

from datetime import date

from django.db import transaction

from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.grids import rulings
from huiyin.grids.models import Responsibility
from huiyin.grids.notice import BUILDING
from huiyin.grids.people import office_phone


@transaction.atomic
def assign(office, *, by, role: str, start_on: date, source: str, area=None, section=None, key=None, **who):
    """A new responsibility; `who`: user, organisation, name, phone, substitute, compound, standard, end_on.

    Refused: a kind that comes from posts or does not belong to such an area, nobody or two named, a mobile
    number, an end before the start, the same duty of the same person for an overlapping period.
    """
    if key and (known := Responsibility.objects.filter(pk=key, office=office).first()):
        return known
    kind = _kind(office, role)
    row = Responsibility(
        office=office, role=role, start_on=start_on, source=source, area=area, section=section,
        **{name: value for name, value in who.items() if value not in (None, "")},
        **({"pk": key} if key else {}),
    )  # fmt: skip
    _check_target(row, kind)
    _check_person(row)
    _check_period(row)
    row.save(force_insert=True)
    _note("定责任", row, by, role=role, who=row.who, start_on=str(start_on))
    return row


def _kind(office, role: str) -> rulings.Kind:
    kind = rulings.kinds(office).get(role)
    if kind is None:
        raise Refusal("没有这一类责任，请从列表里选。", status=400, errors={"role": "请从列表里选"})
    if kind.from_post:
        raise Refusal(
            f"{kind.name}从岗位来，不在这里另录：请管理员在服务网络里设岗位，网格名单和公示会自己跟上。",
            status=400,
            errors={"role": "从岗位来"},
        )
    return kind


def _check_target(row: Responsibility, kind: rulings.Kind):
    if (row.area is None) == (row.section is None):
        raise Refusal("请选一片区域，或者选一条路段，只选一样。", status=400, errors={"area": "选一样"})
    if row.section is not None:
        if not kind.sections:
            raise Refusal(
                f"{kind.name}不落在路段上，只用于{rulings.level_words(kind)}。",
                status=400,
                errors={"section": "不用于路段"},
            )
        return
    if not rulings.fits(kind, row.area):
        raise Refusal(
            f"{kind.name}只用于{rulings.level_words(kind)}，{row.area} 是{row.area.get_kind_display()}。",
            status=400,
            errors={"area": f"请选{rulings.level_words(kind)}"},
        )
    if row.compound and row.compound not in compounds_in(row.area):
        raise Refusal(
            f"{row.area} 里没有叫“{row.compound}”的小区或楼院，请写片区里登记的名称。",
            status=400,
            errors={"compound": "没有这个小区"},
        )


def compounds_in(area) -> list[str]:
    """Compounds of a grid by their names without building numbers."""
    names = area.children.valid().filter(kind="building").order_by("code").values_list("name", flat=True)
    return list(dict.fromkeys((hit["compound"] if (hit := BUILDING.match(name)) else name) for name in names))


def _check_person(row: Responsibility):
    if not (row.user or row.organisation or row.name):
        raise Refusal("请选工作人员、单位，或者写上姓名。", status=400, errors={"user": "写明是谁"})
    if row.user and row.name:
        raise Refusal("工作人员和姓名只填一样。", status=400, errors={"name": "只填一样"})
    if row.phone and not office_phone(row.phone):
        raise Refusal(
            "公示上只印办公电话，不印私人手机号。请填座机或值守电话，没有就空着。",
            status=400,
            errors={"phone": "填办公电话"},
        )
    if row.substitute and row.user and row.substitute.pk == row.user.pk:
        raise Refusal("B 角不能是本人，请另选。", status=400, errors={"substitute": "换一位"})


def _check_period(row: Responsibility):
    if row.end_on and row.end_on <= row.start_on:
        raise Refusal("止日要晚于起日，请改日期。", status=400, errors={"end_on": "日期太早"})
    same = Responsibility.objects.filter(
        office=row.office, role=row.role, area=row.area, section=row.section, compound=row.compound,
        user=row.user, organisation=row.organisation, name=row.name,
    ).exclude(pk=row.pk)  # fmt: skip
    if row.end_on:
        same = same.filter(start_on__lt=row.end_on)
    clash = same.exclude(end_on__lte=row.start_on).first()
    if clash:
        until = f"到 {clash.end_on}" if clash.end_on else "还没有止日"
        raise Refusal(
            f"{row.who} 从 {clash.start_on} 起已经担这份责任（{until}），不用再定。",
            errors={"start_on": "时段重复"},
        )


@transaction.atomic
def end(row: Responsibility, *, by, on: date, reason: str = "") -> Responsibility:
    """From `on` it no longer holds; the period stays in the history."""
    row = _locked(row)
    if on < row.start_on:
        raise Refusal(f"止日不能早于起日 {row.start_on}。", status=400, errors={"on": "日期太早"})
    row.end_on = on
    row.save(update_fields=["end_on"])
    _note("结束责任", row, by, on=str(on), reason=reason)
    return row


@transaction.atomic
def hand_over(row: Responsibility, *, by, on: date, source: str, user=None, name="", phone="", key=None):
    """Somebody else answers from `on`: the old period ends, a new one begins the same day. Returns the new row."""
    if key and (known := Responsibility.objects.filter(pk=key, office=row.office).first()):
        return known
    row = _locked(row)
    if on < row.start_on:
        raise Refusal(f"换人的日子不能早于起日 {row.start_on}。", status=400, errors={"on": "日期太早"})
    if (user and user.pk == row.user_id) or (name and name == row.name):
        raise Refusal("还是同一个人，没有要换的。", status=400, errors={"user": "换一位"})
    end(row, by=by, on=on, reason="换人")
    return assign(
        row.office, by=by, role=row.role, area=row.area, section=row.section, compound=row.compound,
        start_on=on, source=source, user=user, name=name, phone=phone, standard=row.standard, key=key,
        organisation=None if user or name else row.organisation,
    )  # fmt: skip


@transaction.atomic
def set_substitute(row: Responsibility, *, by, substitute) -> Responsibility:
    row = _locked(row)
    if substitute and substitute.pk == row.user_id:
        raise Refusal("B 角不能是本人，请另选。", status=400, errors={"substitute": "换一位"})
    row.substitute = substitute
    row.save(update_fields=["substitute"])
    _note("换 B 角", row, by, after=str(substitute or ""))
    return row


def _locked(row: Responsibility) -> Responsibility:
    rows = Responsibility.objects.select_for_update(of=("self",))
    row = rows.select_related("user", "organisation", "area", "section", "office", "substitute").get(
        pk=row.pk
    )
    if row.end_on:
        raise Refusal(f"这份责任已定在 {row.end_on} 结束，不能再改。要重新担责，请另定一份。")
    return row


def _note(action: str, row: Responsibility, by, **detail):
    record(action, f"responsibility:{row.pk}", by=by, office=row.office, target=row.target, **detail)
