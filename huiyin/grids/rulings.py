"""The room's rules as typed values: kinds of responsibility, staffing of a grid, criteria of a road check."""

from dataclasses import dataclass, field

from huiyin.areas.models import Area, AreaKind
from huiyin.rules.models import RuleSet


@dataclass(frozen=True)
class Kind:
    """One kind of responsibility. `areas`: levels it may be for; `from_post`: the post role it is read from."""

    code: str
    name: str
    group: str
    team: str = ""
    areas: tuple = ()
    sections: bool = False
    compound: bool = False
    public: bool = False
    from_post: str = ""
    duty: str = ""
    order: int = 0


@dataclass(frozen=True)
class Staffing:
    """What a grid needs: `least` persons among `counted` kinds, and so many of each kind in `needs`."""

    name: str
    least: int
    counted: tuple
    needs: dict = field(default_factory=dict)
    source: str = ""


def _content(name: str, office) -> dict:
    return RuleSet.objects.current(name, office).content


def kinds(office) -> dict[str, Kind]:
    """code → kind, in the order of the rule."""
    rows = _content("grid_roles", office)["roles"]
    return {
        row["code"]: Kind(order=number, **{**row, "areas": tuple(row.get("areas", ()))})
        for number, row in enumerate(rows)
    }


def groups(office) -> dict[str, str]:
    """code → name, in the order of the rule."""
    return {row["code"]: row["name"] for row in _content("grid_roles", office)["groups"]}


def standards(office) -> list[str]:
    return _content("grid_roles", office).get("standards", [])


def staffing(office) -> dict[bool, Staffing]:
    """is_exclusive → what such a grid needs."""
    rule = RuleSet.objects.current("grid_staffing", office)
    found = {}
    for name, exclusive in (("basic", False), ("exclusive", True)):
        row = rule.content["kinds"][name]
        found[exclusive] = Staffing(
            row["name"], row["least"], tuple(row["counted"]), row.get("needs", {}), rule.source
        )
    return found


def checks(office) -> RuleSet:
    """The rule of road checks in force; its content has `criteria` [{code, name, points}] and `pass`."""
    return RuleSet.objects.current("section_checks", office)


def notice_words(office) -> dict:
    """`title`, `can`, `never`, `visit` of the notice."""
    return _content("grid_notice", office)


def fits(kind: Kind, area: Area) -> bool:
    return area.kind in kind.areas


def level_words(kind: Kind) -> str:
    """'社区、网格' – where this kind may be."""
    words = [AreaKind(level).label for level in kind.areas]
    return "、".join(words + (["路段"] if kind.sections else []))
