"""Agreements and whether they are kept: recorded, confirmed by the court, fulfilled by date and kind."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from huiyin.base.refusal import Refusal
from huiyin.cases import numbering
from huiyin.cases.states import Act
from huiyin.mediation import mediating, rules
from huiyin.mediation.models import Agreement, Fulfilment, FulfilmentKind, Obligation
from huiyin.rules import clock

SERIES = "调协"
ZERO = Decimal(0)


@dataclass
class Promise:
    """One line of an agreement: who does or pays what until when."""

    text: str
    due_on: date
    amount: Decimal | None = None
    claim: object = None


@transaction.atomic
def agree(
    case,
    *,
    by,
    form: str,
    content: str,
    agreed_on: date,
    promises: list[Promise],
    mediation=None,
    society=None,
) -> Agreement:
    """Record an agreement; with `mediation` that mediation ends as agreed."""
    if not promises:
        raise Refusal("协议里至少要有一条约定：谁在哪天以前做什么。", status=400, errors={"promises": "请填"})
    if agreed_on > clock.today():
        raise Refusal("生效日不能在今天以后。", status=400, errors={"agreed_on": "太晚"})
    early = [row.text for row in promises if row.due_on < agreed_on]
    if early:
        raise Refusal(
            f"约定的日期早于协议生效日：{early[0][:20]}。", status=400, errors={"promises": "日期太早"}
        )
    if mediation is not None:
        mediating.agreed(mediation, by=by, text=f"{len(promises)} 条约定")
    now = clock.now()
    agreement = Agreement.objects.create(
        office=case.office, case=case, mediation=mediation, society=society, form=form, content=content.strip(),
        number=numbering.document_number(case.office, SERIES, now), agreed_on=agreed_on, recorded_by=by,
        confirm_by=rules.confirm_by(case.office, agreed_on),
    )  # fmt: skip
    Obligation.objects.bulk_create(
        [
            Obligation(
                office=case.office, agreement=agreement, text=row.text, amount=row.amount, due_on=row.due_on, claim=row.claim
            )
            for row in promises
        ]
    )  # fmt: skip
    text = f"{agreement.get_form_display()} {agreement.number}，{len(promises)} 条约定，{agreed_on} 生效；"
    case.record(by=by, act=Act.MEDIATION, text=text + f"可在 {agreement.confirm_by} 以前共同申请司法确认。")
    return agreement


@transaction.atomic
def ask_confirmation(agreement, *, by, on: date) -> Agreement:
    """The parties asked the court together; the law gives 30 days from taking effect."""
    agreement = _locked(agreement)
    if agreement.confirmation_asked_on:
        raise Refusal(f"已在 {agreement.confirmation_asked_on} 申请过司法确认。")
    if on > agreement.confirm_by:
        raise Refusal(
            f"超过了 {agreement.confirm_by}：生效三十日内才能共同申请司法确认（人民调解法第33条）。可以另行起诉。",
            status=400,
            errors={"on": "超期"},
        )
    if on < agreement.agreed_on or on > clock.today():
        raise Refusal("申请日要在生效日和今天之间。", status=400, errors={"on": "日期不对"})
    agreement.confirmation_asked_on = on
    agreement.save(update_fields=["confirmation_asked_on"])
    agreement.case.record(by=by, act=Act.MEDIATION, text=f"{agreement.number} 双方共同申请司法确认。")
    return agreement


@transaction.atomic
def decide_confirmation(agreement, *, by, on: date, refused: str = "") -> Agreement:
    """What the court said: confirmed on `on`, or refused with the reason."""
    agreement = _locked(agreement)
    if not agreement.confirmation_asked_on:
        raise Refusal("还没有申请司法确认。", missing=("申请司法确认",))
    if agreement.confirmed_on or agreement.confirmation_refused:
        raise Refusal("法院的结果已经记过了。")
    if on < agreement.confirmation_asked_on:
        raise Refusal("法院的日期不能早于申请日。", status=400, errors={"on": "太早"})
    if refused.strip():
        agreement.confirmation_refused = refused.strip()
    else:
        agreement.confirmed_on = on
    agreement.save(update_fields=["confirmed_on", "confirmation_refused"])
    said = f"法院不予确认：{refused.strip()}" if refused.strip() else "法院裁定确认有效"
    agreement.case.record(by=by, act=Act.MEDIATION, text=f"{agreement.number} {said}。")
    return agreement


@transaction.atomic
def fulfil(obligation, *, by, kind: str, on: date, paper: str, amount: Decimal | None = None) -> Fulfilment:
    """Something was paid or done. Never more than was promised."""
    obligation = (
        Obligation.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=obligation.pk)
    )
    if on > clock.today():
        raise Refusal("还没到的日子不能记履行。", status=400, errors={"on": "太晚"})
    if obligation.amount is None:
        if kind != FulfilmentKind.ACT or amount is not None:
            raise Refusal(
                "这一条是要做的事，方式选“做到的事”，不写金额。", status=400, errors={"kind": "请换"}
            )
        if standing_rows(obligation):
            raise Refusal("这一条已经做到了。")
    else:
        if kind == FulfilmentKind.ACT or not amount or amount <= 0:
            raise Refusal("这一条是钱，写明金额和方式。", status=400, errors={"amount": "请填金额"})
        left = obligation.amount - paid(obligation)
        if amount > left:
            raise Refusal(
                f"这一条还差 {left} 元，不能记 {amount} 元。", status=400, errors={"amount": "多了"}
            )
    return _book(obligation, by, kind, on, paper, amount)


@transaction.atomic
def take_back(row: Fulfilment, *, by, reason: str) -> Fulfilment:
    """A wrong entry: a row of the opposite sign that names it. The wrong one stays."""
    obligation = Obligation.objects.select_for_update(of=("self",)).get(pk=row.obligation_id)
    if row.takes_back_id or Fulfilment.objects.filter(takes_back=row).exists():
        raise Refusal("这一笔已经冲销过，或者本来就是冲销。")
    return _book(obligation, by, row.kind, clock.today(), reason, -row.amount if row.amount else None, row)


def _book(obligation, by, kind, on, paper, amount, takes_back=None) -> Fulfilment:
    if not paper.strip():
        raise Refusal("请写凭据，比如 收条编号、抵押登记号。", status=400, errors={"paper": "请填"})
    return Fulfilment.objects.create(
        office_id=obligation.office_id, obligation=obligation, kind=kind, amount=amount, on=on, paper=paper.strip(),
        takes_back=takes_back, recorded_by=by, recorded_at=clock.now(),
    )  # fmt: skip


def standing_rows(obligation) -> list[Fulfilment]:
    """Rows that were not taken back."""
    rows = list(obligation.fulfilments.all())
    gone = {row.takes_back_id for row in rows if row.takes_back_id}
    return [row for row in rows if not row.takes_back_id and row.pk not in gone]


def paid(obligation) -> Decimal:
    """Yuan paid on this promise so far."""
    return sum((row.amount for row in standing_rows(obligation) if row.amount), ZERO)


def is_kept(obligation) -> bool:
    if obligation.amount is None:
        return bool(standing_rows(obligation))
    return paid(obligation) >= obligation.amount


def standing_of(obligation, on: date) -> str:
    """'kept', 'due' or 'late' on a day."""
    if is_kept(obligation):
        return "kept"
    return "late" if obligation.due_on < on else "due"


def _locked(agreement) -> Agreement:
    return (
        Agreement.objects.select_for_update(of=("self",)).select_related("case__office").get(pk=agreement.pk)
    )
