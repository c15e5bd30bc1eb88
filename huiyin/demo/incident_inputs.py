"""What the steps of an incident's story mean: facts by their number, money as Decimal, households by their number."""

from decimal import Decimal


def _statement(cast, cases, case, given, at):
    numbers = given.pop("facts")
    return {**given, "facts": list(case.site_facts.filter(number__in=numbers))}


def _damage(cast, cases, case, given, at):
    amount = given.get("amount")
    area = {"area": cast.grid(given["grid"])} if "grid" in given else {}
    given = {name: value for name, value in given.items() if name != "grid"}
    return {**given, **area, "amount": Decimal(str(amount)) if amount else None}


def _relief(cast, cases, case, given, at):
    number = given.pop("household", None)
    household = case.damages.get(number=number) if number else None
    return {**_counted(given), "household": household}


def _take_back(cast, cases, case, given, at):
    return {"reason": given["reason"], "subject": case.relief.get(number=given["relief"])}


def _clean_up(cast, cases, case, given, at):
    return _counted(given)


def _counted(given: dict) -> dict:
    """`unit` is taken in a story: it names an organisation; here it is `measured`."""
    rest = {name: value for name, value in given.items() if name != "measured"}
    return {**rest, "unit": given["measured"], "quantity": Decimal(str(given["quantity"]))}


INCIDENTS = {
    "draft_statement": _statement, "record_damage": _damage, "record_relief": _relief,
    "take_back_entry": _take_back, "clean_up": _clean_up,
}  # fmt: skip
