"""What a subdistrict sets for its reception: shifts, levels of orders, topics, domains – from the rule sets."""

from django.db.models import Q

from huiyin.cases import deadlines
from huiyin.rules import clock
from huiyin.rules.models import RuleSet


def content(office) -> dict:
    return RuleSet.objects.current("reception", office).content


def calendar(office):
    """The working calendar now in force, with make-up workdays."""
    return deadlines.calendar(RuleSet.objects.current("calendar", office).pk)


def shifts(office) -> dict[str, str]:
    """code → name, in the order of the day."""
    return {row["code"]: row["name"] for row in content(office)["shifts"]}


def shift_of(office, moment) -> str:
    """The code of the shift that `moment` falls into; before the first one begins the last still runs."""
    at = f"{clock.local(moment):%H:%M}"
    rows = content(office)["shifts"]
    begun = [row["code"] for row in rows if row["from"] <= at]
    return begun[-1] if begun else rows[-1]["code"]


def steps(office) -> list[dict]:
    """[{code, name, say}]: what the reception's own rules ask for, in their order; [] in a version without."""
    return content(office).get("steps", [])


def levels(office) -> dict[str, str]:
    return {row["code"]: row["name"] for row in content(office)["levels"]}


def topics(office) -> dict[str, str]:
    return {row["code"]: row["name"] for row in content(office)["topics"]}


def domains(office) -> dict[str, dict]:
    """code → {code, name, categories: prefixes of category codes}."""
    rows = RuleSet.objects.current("domains", office).content["domains"]
    return {row["code"]: row for row in rows}


def domain_of(office, category: str) -> str:
    """The domain a category belongs to; '' without category or outside all domains."""
    for code, row in domains(office).items():
        if category and category.startswith(tuple(row["categories"])):
            return code
    return ""


def in_domain(office, domain: str) -> Q:
    """Matters whose category belongs to `domain`; '' stands for those that belong to none."""
    if domain:
        return _prefixed(domains(office)[domain])
    some = Q(pk=None)
    for row in domains(office).values():
        some |= _prefixed(row)
    return ~some


def _prefixed(row: dict) -> Q:
    found = Q(pk=None)
    for prefix in row["categories"]:
        found |= Q(category__startswith=prefix)
    return found
