"""Disputes, the credit society and the rounds of the demo: played to the end by the real functions, once."""

import pytest

from huiyin.cases.models import Case
from huiyin.demo.mediation_world import load_mediation
from huiyin.mediation import credit
from huiyin.mediation.models import Agreement, CreditSociety, Mediation, Screening
from huiyin.rules import clock

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo-world")]


def test_disputes_go_up_are_agreed_kept_or_fail(demo_office):
    with clock.travel("2026-11-25T10:20"):
        for _ in range(2):
            load_mediation(demo_office)
    states = dict(Case.objects.filter(kind="dispute").values_list("intake_key", "state"))
    assert states == {
        "demo:dispute:aircon": "closed", "demo:dispute:stall-rent": "closed", "demo:dispute:dog-bite": "closed",
        "demo:dispute:lift-fee": "in_hand", "demo:dispute:society": "in_hand",
    }  # fmt: skip
    assert {row.outcome for row in Mediation.objects.all()} == {"open", "agreed", "failed", "passed_up"}
    assert {row.form for row in Agreement.objects.all()} == {"oral", "written"}
    assert Agreement.objects.filter(confirmed_on__isnull=False).count() == 1
    assert Screening.objects.filter(closed_at__isnull=False).count() == 2


def test_the_ledger_says_by_how_much_a_stated_total_is_wrong(demo_office):
    with clock.travel("2026-11-25T10:20"):
        load_mediation(demo_office)
        book = credit.ledger(CreditSociety.objects.get())
    assert book.totals["claims"] == 73000 and book.totals["netted"] == 36000 and book.totals["left"] == 19000
    assert sum(book.balances.values()) == 0
    assert any("相差" in words or "500" in words for words in book.differences)
