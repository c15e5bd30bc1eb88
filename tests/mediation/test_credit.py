"""The ledger of a credit society: it balances, or says by how much it does not."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.base.refusal import Refusal
from huiyin.mediation import agreeing, credit
from huiyin.rules import clock
from tests.cases.walks import bring

pytestmark = pytest.mark.django_db


@pytest.fixture
def society(world):
    return credit.register_society(bring(world, "in_hand"), by=world.clerk, name="测试会")


def people(society, count: int) -> list:
    return [credit.join(society, person={"name": f"会员{n}"}) for n in range(count)]


def owed(society, creditor, debtor, amount, confirmed=True):
    row = credit.claim(society, creditor=creditor, debtor=debtor, amount=Decimal(amount), basis="会单")
    return credit.confirm(row, on=clock.today()) if confirmed else row


def ring(society, *amounts) -> list:
    """Claims a→b→c→a of the given amounts: the first's debtor is the second's creditor, and so on."""
    who = people(society, len(amounts))
    return [owed(society, who[n], who[(n + 1) % len(who)], amount) for n, amount in enumerate(amounts)]


def settle(world, society, row, **parts):
    """An agreement over the whole claim, and what was paid on it by kind."""
    day = clock.today()
    promise = agreeing.Promise(f"还第 {row.number} 笔", day + timedelta(days=30), row.amount, row)
    agreement = agreeing.agree(
        society.case, by=world.clerk, form="written", content="分期还清", agreed_on=day, promises=[promise], society=society
    )  # fmt: skip
    for kind, amount in parts.items():
        agreeing.fulfil(
            agreement.obligations.get(),
            by=world.clerk,
            kind=kind,
            on=day,
            paper="收条",
            amount=Decimal(amount),
        )
    return agreement


def test_netting_makes_debts_smaller_and_changes_nobodys_balance(world, society):
    claims = ring(society, 100, 80, 60)
    before = credit.ledger(society)
    credit.net(society, by=world.clerk, claims=claims, amount=Decimal(60), on=clock.today(), paper="三方字据")
    after = credit.ledger(society)
    assert after.balances == before.balances and after.totals["netted"] == 180
    assert [after.claims[row.pk].left for row in claims] == [40, 20, 0]
    assert after.totals["left"] == before.totals["left"] - 180


def test_only_a_closed_ring_of_confirmed_claims_can_be_netted(world, society):
    claims = ring(society, 100, 80, 60)
    net = lambda rows, amount: credit.net(  # noqa: E731
        society, by=world.clerk, claims=rows, amount=Decimal(amount), on=clock.today(), paper="字据"
    )
    with pytest.raises(Refusal, match="连不成一圈"):
        net([claims[1], claims[0], claims[2]], 10)
    with pytest.raises(Refusal, match="最多能划 60"):
        net(claims, 61)
    with pytest.raises(Refusal, match="2 到"):
        net(claims[:1], 10)
    credit.confirm(claims[0], on=clock.today(), disputed=True)
    with pytest.raises(Refusal, match="双方确认"):
        net(claims, 10)
    assert credit.ledger(society).totals["netted"] == 0


def test_a_wrong_netting_is_taken_back_by_its_mirror(world, society):
    claims = ring(society, 50, 50)
    made = credit.net(
        society, by=world.clerk, claims=claims, amount=Decimal(50), on=clock.today(), paper="字据"
    )
    credit.take_back_netting(made, by=world.clerk, reason="写错了人")
    assert credit.ledger(society).totals["netted"] == 0 and society.nettings.count() == 2
    with pytest.raises(Refusal, match="冲销过"):
        credit.take_back_netting(made, by=world.clerk, reason="再冲一次")


def test_what_is_paid_is_counted_by_kind_and_never_more_than_promised(world, society):
    a, b = people(society, 2)
    row = owed(society, a, b, 1000)
    agreement = settle(world, society, row, cash=300, pledge=200, sale=100, waiver=50)
    with pytest.raises(Refusal, match="还差 350"):
        agreeing.fulfil(
            agreement.obligations.get(),
            by=world.clerk,
            kind="cash",
            on=clock.today(),
            paper="收条",
            amount=Decimal(351),
        )
    totals = credit.ledger(society).totals
    assert [totals[name] for name in ("cash", "pledge", "sale", "waiver", "left", "agreed")] == [
        300,
        200,
        100,
        50,
        350,
        1000,
    ]
    assert credit.ledger(society).balances_out


def test_a_stated_total_that_misses_is_named_with_its_gap(world, society):
    a, b = people(society, 2)
    settle(world, society, owed(society, a, b, 1000), cash=269)
    day = clock.today()
    for name, amount in (("agreed", 1833), ("netted", 1087), ("cash", 269), ("pledge", 311), ("sale", 68)):
        credit.state_total(
            society, by=world.clerk, name=name, amount=Decimal(amount), on=day, paper="小组汇报"
        )
    found = " ".join(credit.ledger(society).differences)
    assert "相差 98" in found and "协议总额：小组汇报报 1833" in found and "报数多 833" in found
    assert "现金偿还：" not in found


def test_the_ledger_of_a_past_day_knows_nothing_of_later_payments(world, society):
    a, b = people(society, 2)
    settle(world, society, owed(society, a, b, 100), cash=100)
    assert credit.ledger(society, clock.today() - timedelta(days=1)).totals["cash"] == 0


def test_claims_belong_to_one_society_and_to_two_people(world, society):
    a, b = people(society, 2)
    other = credit.register_society(bring(world, "in_hand"), by=world.clerk, name="另一个会")
    stranger = people(other, 1)[0]
    for debtor, words in ((stranger, "这个会的人"), (a, "自己欠自己")):
        with pytest.raises(Refusal, match=words):
            credit.claim(society, creditor=a, debtor=debtor, amount=Decimal(5), basis="会单")
    with pytest.raises(Refusal, match="最多到分"):
        credit.claim(society, creditor=a, debtor=b, amount=Decimal("0.001"), basis="会单")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 10_000_00), min_size=2, max_size=6), st.data())
def test_whatever_is_netted_and_paid_every_claim_adds_up(world, society, cents, data):
    claims = ring(society, *[Decimal(value) / 100 for value in cents])
    most = min(cents)
    amount = Decimal(data.draw(st.integers(1, most))) / 100
    credit.net(society, by=world.clerk, claims=claims, amount=amount, on=clock.today(), paper="字据")
    book = credit.ledger(society)
    for line in book.claims.values():
        assert line.claim.amount == line.netted + sum(line.paid.values()) + line.left and line.left >= 0
    assert sum(book.balances.values()) == 0
    parts = sum(book.totals[name] for name in ("netted", "cash", "pledge", "sale", "waiver", "left"))
    assert book.totals["claims"] == parts and book.balances_out
