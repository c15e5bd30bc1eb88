"""Kinds of matters and the procedure that each follows: data that narrows the one workflow."""

from huiyin.base.refusal import Refusal
from huiyin.rules.models import RuleSet, rule_set


def current(office):
    """The procedure rule set in force; a matter keeps the version that it began with."""
    return RuleSet.objects.current("procedures", office)


def kinds(office) -> dict[str, str]:
    """kind → its Chinese name."""
    return {kind: row["name"] for kind, row in current(office).content["kinds"].items()}


def kind_name(case) -> str:
    return rule_set(case.procedure_id).content["kinds"][case.kind]["name"]


def known(office, kind: str) -> str:
    """`kind` when there is a procedure for it, else a Refusal."""
    names = kinds(office)
    if kind not in names:
        raise Refusal(
            f"没有这个种类，可选：{'、'.join(names.values())}。", status=400, errors={"kind": "请从列表里选"}
        )
    return kind
