"""The ledger of a broken credit society: it balances, or says by how much it does not.

A claim is diminished by netting in rings and by what was paid on it by agreement. Netting takes one amount off
every claim of a ring, so nobody's balance (owed to him minus owed by him) changes.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from huiyin.base.refusal import Refusal
from huiyin.cases.states import Act
from huiyin.mediation.models import (
    Claim,
    ClaimState,
    CreditMember,
    CreditRole,
    CreditSociety,
    Fulfilment,
    FulfilmentKind,
    Netting,
    NettingLine,
    StatedTotal,
)
from huiyin.people.models import Party
from huiyin.rules import clock

ZERO = Decimal(0)
CENT = Decimal("0.01")
TOTALS = {
    "claims": "债权合计", "netted": "划拨冲抵", "cash": "现金偿还", "pledge": "财产抵押", "sale": "变卖房产",
    "waiver": "自愿放弃", "left": "还欠", "agreed": "协议总额",
}  # fmt: skip
MOST_RING = 12


@transaction.atomic
def register_society(case, *, by, name: str, **more) -> CreditSociety:
    """The credit society of a matter. `more`: started_on, broke_on, rounds, stake."""
    if CreditSociety.objects.filter(case=case).exists():
        raise Refusal("这件事已经登记了会案。")
    society = CreditSociety.objects.create(
        office=case.office, case=case, name=name, registered_by=by, registered_at=clock.now(), **more
    )
    case.record(by=by, act=Act.NOTE, text=f"登记会案“{name}”。")
    return society


@transaction.atomic
def found_group(society, *, by, on: date, names: str) -> CreditSociety:
    """The debt-clearing group (民间清债小组) of the society."""
    society = _locked(society)
    if society.group_founded_on:
        raise Refusal(f"清债小组已在 {society.group_founded_on} 成立。")
    society.group_founded_on, society.group_names = on, names.strip()
    society.save(update_fields=["group_founded_on", "group_names"])
    society.case.record(by=by, act=Act.MEDIATION, text=f"成立民间清债小组：{names.strip()}。")
    return society


@transaction.atomic
def join(society, *, person: dict, role: str = CreditRole.MEMBER, shares: int = 1) -> CreditMember:
    """A member by {name, phone, id_number, address}; numbered in the order of coming."""
    society = _locked(society)
    last = society.members.aggregate(Max("number"))["number__max"] or 0
    party = Party.objects.create(office=society.office, **person)
    return CreditMember.objects.create(
        office=society.office, society=society, party=party, number=last + 1, role=role, shares=shares
    )


@transaction.atomic
def claim(society, *, creditor, debtor, amount: Decimal, basis: str) -> Claim:
    """`creditor` states a claim on `debtor`, both of this society."""
    society = _locked(society)
    if creditor.society_id != society.pk or debtor.society_id != society.pk:
        raise Refusal("债权人和债务人都要是这个会的人。", status=400, errors={"debtor": "请换"})
    if creditor.pk == debtor.pk:
        raise Refusal("不能自己欠自己。", status=400, errors={"debtor": "请换"})
    if amount <= 0 or amount != amount.quantize(CENT):
        raise Refusal("金额要大于 0，最多到分。", status=400, errors={"amount": "请改"})
    last = society.claims.aggregate(Max("number"))["number__max"] or 0
    return Claim.objects.create(
        office=society.office, society=society, number=last + 1, creditor=creditor, debtor=debtor, amount=amount, basis=basis
    )  # fmt: skip


@transaction.atomic
def confirm(row: Claim, *, on: date, disputed: bool = False) -> Claim:
    """Both sides agree to the claim, or it is marked as disputed."""
    row = Claim.objects.select_for_update().get(pk=row.pk)
    row.state = ClaimState.DISPUTED if disputed else ClaimState.CONFIRMED
    row.confirmed_on = None if disputed else on
    row.save(update_fields=["state", "confirmed_on"])
    return row


@transaction.atomic
def net(society, *, by, claims: list[Claim], amount: Decimal, on: date, paper: str) -> Netting:
    """Take `amount` off a ring of claims: each one's debtor is the next one's creditor, the last's the first's."""
    society = _locked(society)
    book = ledger(society)
    if any(row.pk not in book.claims for row in claims):
        raise Refusal("只能划拨这个会里的债权。", status=400, errors={"claims": "请重选"})
    ring = [book.claims[row.pk].claim for row in claims]  # as they are now, under the lock
    if not 2 <= len(ring) <= MOST_RING or len({row.pk for row in ring}) != len(ring):
        raise Refusal(f"划拨要选 2 到 {MOST_RING} 笔不同的债权。", status=400, errors={"claims": "请重选"})
    for row, following in zip(ring, [*ring[1:], ring[0]], strict=True):
        if row.debtor_id != following.creditor_id:
            raise Refusal(
                f"连不成一圈：第 {row.number} 笔的债务人不是第 {following.number} 笔的债权人。",
                status=400,
                errors={"claims": "连不上"},
            )
    for row in ring:
        if row.state != ClaimState.CONFIRMED:
            raise Refusal(f"第 {row.number} 笔还没有双方确认，不能划拨。", missing=("双方确认",))
    least = min(ring, key=lambda row: book.claims[row.pk].left)
    left = book.claims[least.pk].left
    if amount <= 0 or amount > left:
        raise Refusal(
            f"最多能划 {left} 元：第 {least.number} 笔只剩这么多。", status=400, errors={"amount": "多了"}
        )
    made = Netting.objects.create(
        office=society.office, society=society, amount=amount, on=on, paper=paper, recorded_by=by, recorded_at=clock.now()
    )  # fmt: skip
    NettingLine.objects.bulk_create(
        [NettingLine(office=society.office, netting=made, claim=row, amount=amount) for row in ring]
    )
    society.case.record(
        by=by,
        act=Act.MEDIATION,
        text=f"三角债划拨：{len(ring)} 笔债权各减 {amount} 元，合计 {amount * len(ring)} 元。",
    )
    return made


@transaction.atomic
def take_back_netting(row: Netting, *, by, reason: str) -> Netting:
    """A wrong netting: the same ring with the opposite sign."""
    society = _locked(row.society)
    if row.takes_back_id or Netting.objects.filter(takes_back=row).exists():
        raise Refusal("这次划拨已经冲销过，或者本来就是冲销。")
    back = Netting.objects.create(
        office=society.office, society=society, amount=-row.amount, on=clock.today(), paper=reason, takes_back=row,
        recorded_by=by, recorded_at=clock.now(),
    )  # fmt: skip
    NettingLine.objects.bulk_create(
        [
            NettingLine(office=society.office, netting=back, claim_id=line.claim_id, amount=-line.amount)
            for line in row.lines.all()
        ]
    )
    return back


@transaction.atomic
def state_total(society, *, by, name: str, amount: Decimal, on: date, paper: str) -> StatedTotal:
    """A total from a paper, to be held against the ledger."""
    if name not in TOTALS:
        raise Refusal("没有这个项目，请从列表里选。", status=400, errors={"name": "请选"})
    return StatedTotal.objects.create(
        office=society.office, society=society, name=name, amount=amount, on=on, paper=paper, recorded_by=by,
        recorded_at=clock.now(),
    )  # fmt: skip


@dataclass
class ClaimLine:
    """One claim: amount = netted + paid of each kind + left."""

    claim: Claim
    netted: Decimal = ZERO
    paid: dict = field(default_factory=lambda: defaultdict(lambda: ZERO))
    agreed: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        return self.claim.amount - self.netted - sum(self.paid.values(), ZERO)


@dataclass
class Ledger:
    """Claims by id, totals by name (TOTALS), balance of each member, and what does not fit."""

    society: CreditSociety
    claims: dict
    totals: dict
    balances: dict
    differences: list[str]

    @property
    def balances_out(self) -> bool:
        return not self.differences


def ledger(society, on: date | None = None) -> Ledger:
    """The ledger as of a day (default today), from the rows alone; five queries."""
    on = on or clock.today()
    rows = society.claims.select_related("creditor", "debtor").order_by("number")
    lines = {row.pk: ClaimLine(row) for row in rows}
    for line in NettingLine.objects.filter(netting__society=society, netting__on__lte=on):
        lines[line.claim_id].netted += line.amount
    paid = Fulfilment.objects.filter(obligation__claim__society=society, on__lte=on).select_related(
        "obligation"
    )
    for row in paid:
        lines[row.obligation.claim_id].paid[row.kind] += row.amount or ZERO
    for agreement in society.agreements.filter(agreed_on__lte=on).prefetch_related("obligations"):
        for promise in agreement.obligations.all():
            if promise.claim_id:
                lines[promise.claim_id].agreed += promise.amount or ZERO
    totals = _totals(lines.values())
    return Ledger(
        society, lines, totals, _balances(lines.values()), _differences(society, lines.values(), totals, on)
    )


def _totals(lines) -> dict[str, Decimal]:
    totals = dict.fromkeys(TOTALS, ZERO)
    for line in lines:
        totals["claims"] += line.claim.amount
        totals["netted"] += line.netted
        totals["left"] += line.left
        totals["agreed"] += line.agreed
        for kind in (FulfilmentKind.CASH, FulfilmentKind.PLEDGE, FulfilmentKind.SALE, FulfilmentKind.WAIVER):
            totals[kind.value] += line.paid[kind.value]
    return totals


def _balances(lines) -> dict:
    """member id → still owed to the member minus still owed by the member; all together they are zero."""
    balances = defaultdict(lambda: ZERO)
    for line in lines:
        balances[line.claim.creditor_id] += line.left
        balances[line.claim.debtor_id] -= line.left
    return dict(balances)


def _differences(society, lines, totals: dict, on: date) -> list[str]:
    """Every sum that does not come out, with the amount by which it misses."""
    found = []
    for line in lines:
        if line.left < 0:
            found.append(f"第 {line.claim.number} 笔多还了 {-line.left} 元。")
        if line.agreed > line.claim.amount:
            more = line.agreed - line.claim.amount
            found.append(f"第 {line.claim.number} 笔的协议金额比债权多 {more} 元。")
    latest = {}
    for row in StatedTotal.objects.filter(society=society, on__lte=on).order_by("on", "recorded_at"):
        latest[row.name] = row
    for name, row in latest.items():
        gap = row.amount - totals[name]
        if gap:
            way = "多" if gap > 0 else "少"
            found.append(
                f"{TOTALS[name]}：{row.paper}报 {row.amount} 元，台账是 {totals[name]} 元，报数{way} {abs(gap)} 元。"
            )
    parts = [name for name in ("netted", "cash", "pledge", "sale", "waiver") if name in latest]
    if "agreed" in latest and parts:
        gap = latest["agreed"].amount - sum((latest[name].amount for name in parts), ZERO)
        if gap:
            names = "、".join(TOTALS[name] for name in parts)
            found.append(f"报数自己对不上：协议总额与{names}之和相差 {abs(gap)} 元。")
    return found


def _locked(society) -> CreditSociety:
    return (
        CreditSociety.objects.select_for_update(of=("self",))
        .select_related("case__office")
        .get(pk=society.pk)
    )
