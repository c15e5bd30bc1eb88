"""Kinds of matters and the procedure that each follows: data that narrows the one workflow."""

from huiyin.base.refusal import Refusal
from huiyin.rules.models import RuleSet, rule_set


def current(office):
    """The procedure rule set in force; a matter keeps the version that it began with."""
    return RuleSet.objects.current("procedures", office)


def of(case) -> dict:
    """The procedure by which this matter runs: name, channels, off, opens, roles, requires, fields …

    A kind put right later may be younger than the version the matter began with; then the one in force counts.
    """
    kinds = rule_set(case.procedure_id).content["kinds"]
    return kinds.get(case.kind) or current(case.office_id).content["kinds"][case.kind]


def kinds(office) -> dict[str, str]:
    """kind → its Chinese name."""
    return {kind: row["name"] for kind, row in current(office).content["kinds"].items()}


def kind_name(case) -> str:
    return of(case)["name"]


def known(office, kind: str) -> str:
    """`kind` when there is a procedure for it, else a Refusal."""
    names = kinds(office)
    if kind not in names:
        raise Refusal(
            f"没有这个种类，可选：{'、'.join(names.values())}。", status=400, errors={"kind": "请从列表里选"}
        )
    return kind
