"""片区: communities, grids and buildings below the subdistrict, with households and persons."""

from decimal import Decimal

from huiyin.areas.models import Area, AreaFact, AreaKind
from huiyin.areas.tree import HOUSEHOLDS, PERSONS, latest_facts
from huiyin.opening.steps.base import Plan, Step, among, differences, said, twice, words_of
from huiyin.rules import clock
from huiyin.sheets.columns import YES_NO, Column, Sheet

ABOVE = {
    AreaKind.COMMUNITY: AreaKind.SUBDISTRICT,
    AreaKind.GRID: AreaKind.COMMUNITY,
    AreaKind.BUILDING: AreaKind.GRID,
}
KINDS = {kind.label: kind.value for kind in ABOVE}
PLAIN = ("name", "is_exclusive", "address", "lon", "lat")
FACTS = {"households": (HOUSEHOLDS, "户"), "persons": (PERSONS, "人")}


class Areas(Step):
    name, title = "areas", "片区"
    about = "社区、网格、楼院，从大到小，都在一份表里。代码是它们的身份：再传一次，同一代码就是更新。"
    shows = ("desk_areas", "片区和地图")

    def sheet(self, office) -> Sheet:
        code = office.code[:9]
        return Sheet(
            "areas",
            "片区",
            "街道下面的社区、网格和楼院。社区代码 12 位，前 9 位是街道代码；网格代码是社区代码再加 3 位；楼院代码自定。",
            (
                Column("code", "代码", "code", required=True, most=20, example=f"{code}001001", width=20,
                       help="社区 12 位，网格 15 位，楼院自定"),
                Column("kind", "层级", "choice", required=True, choices=KINDS, example="grid"),
                Column("name", "名称", required=True, most=60, example="东社区第01网格"),
                Column("parent", "上级代码", "code", most=20, example=f"{code}001", width=20,
                       help="社区不用填；网格填社区代码，楼院填网格代码"),
                Column("is_exclusive", "专属网格", "choice", choices=YES_NO, example=False,
                       help="校园、商场等单独成格的填“是”"),
                Column("address", "地址", most=100, example="一号路 1 号", help="楼院的门牌，登记时按它找网格"),
                Column("households", "户数", "integer", least=0, most=10_000_000, example=420),
                Column("persons", "人口", "integer", least=0, most=100_000_000, example=1130),
                Column("lon", "经度", "number", least=-180, most=180, example=118.05, help="楼院的位置，WGS 84"),
                Column("lat", "纬度", "number", least=-90, most=90, example=27.05),
                Column("since", "启用日", "date", example="2020-01-01", help="不填就从今天起"),
            ),
        )  # fmt: skip

    def check(self, office, found, options) -> Plan:
        plan = Plan()
        known = {area.code: area for area in _standing(office)}
        closed = set(_closed(office).values_list("code", flat=True)) - set(known)
        first = twice(found, "code", "代码")
        street = next((a for a in known.values() if a.kind == AreaKind.SUBDISTRICT), None)
        made: dict[str, Area] = {}
        self.facts = latest_facts([area.pk for area in known.values()])
        for kind in ABOVE:  # from large to small, so that what stands above is there
            for code, row in first.items():
                if row["kind"] != kind:
                    continue
                if code in closed:
                    found.blame(row, "code", f"代码“{code}”已经停用", "换一个代码，或到片区页恢复")
                    continue
                parent = self._parent(found, row, kind, known | made, street)
                if parent is not None:
                    made[code] = self._one(office, found, row, kind, parent, known.get(code), plan)
        _blame_homeless(found, first, made)
        return plan

    def _parent(self, found, row, kind, areas: dict, street):
        """The area above this line, or None with the reason noted."""
        wanted, code = ABOVE[kind], row["code"]
        if kind == AreaKind.COMMUNITY:
            if row["parent"] and street and row["parent"] != street.code:
                found.blame(row, "parent", f"社区的上级是街道 {street.code}", "这一格空着就行")
            if street and not (code.startswith(street.code[:9]) and len(code) == 12 and code.isdigit()):
                found.blame(
                    row, "code", f"社区代码“{code}”不对", f"要 12 位数字，前 9 位是 {street.code[:9]}"
                )
            return street
        if not row["parent"]:
            if "parent" not in row.bad:
                found.blame(row, "parent", "没有填上级代码", f"填所在{wanted.label}的代码")
            return None
        parent = areas.get(row["parent"])
        if parent is None or parent.kind != wanted:
            why = f"代码“{row['parent']}”不是一个{wanted.label}"
            found.blame(row, "parent", why, f"填一个{wanted.label}的代码；它可以在同一份表里")
            return None
        if kind == AreaKind.GRID and not (code.startswith(parent.code) and len(code) > len(parent.code)):
            found.blame(
                row, "code", f"网格代码“{code}”不在社区 {parent.code} 下面", f"以 {parent.code} 开头再加 3 位"
            )
        return parent

    def _one(self, office, found, row, kind, parent, area, plan) -> Area:
        """The area that this line makes or changes, counted in `plan`."""
        if (row["lon"] is None) != (row["lat"] is None):
            found.blame(row, "lon" if row["lon"] is None else "lat", "经度和纬度要一起填", "补上另一格")
        wanted = among(found, row, PLAIN)
        wanted |= {key: value or "" for key, value in wanted.items() if key == "address"}
        wanted |= {"is_exclusive": bool(row["is_exclusive"])} if "is_exclusive" in wanted else {}
        if kind != AreaKind.BUILDING or row["lon"] is None:
            wanted = {key: value for key, value in wanted.items() if key not in ("lon", "lat")}
        facts = {key: row[key] for key in FACTS if row[key] is not None}
        if area is None:
            since = row["since"] or clock.today()
            area = Area(office=office, code=row["code"], kind=kind, parent=parent, valid_from=since, **wanted)
            plan.fresh.append((area, facts))
            return area
        if area.kind != kind:
            found.blame(
                row, "kind", f"{area.code} 现在是{area.get_kind_display()}", "层级不能改；要改请换一个代码"
            )
            return area
        moved = parent.pk != area.parent_id
        if moved and area.cases.exists():
            found.blame(row, "parent", f"{area.name} 已经有事项，上级不能改", "改回原来的上级")
        changes = differences(area, wanted) | ({"parent": (area.parent, parent)} if moved else {})
        new_facts = {key: value for key, value in facts.items() if self._fact(area, key) != value}
        if not changes and not new_facts:
            plan.same += 1
            return area
        plan.changed.append((area, changes, new_facts))
        plan.tell(f"{area.code} {area.name}：" + (said(words_of(area, changes)) or "户数、人口有新数"))
        return area

    def _fact(self, area, key: str):
        fact = self.facts.get(area.pk, {}).get(FACTS[key][0])
        return int(fact.value) if fact else None

    def apply(self, office, plan, *, by, options) -> dict:
        fresh = [area for area, _ in plan.fresh]
        for area in fresh:  # from large to small: what stands above has its path already
            area.ancestors = [*area.parent.ancestors, area.parent_id]
            area.fill_pinyin()
        Area.objects.bulk_create(fresh, batch_size=1000)
        moved = False
        for area, changes, _ in plan.changed:
            for name, (_, value) in changes.items():
                setattr(area, name, value)
            moved |= "parent" in changes
            if changes:
                area.save()
        if moved:
            _mend_paths(office)
        today, facts = clock.today(), [*plan.fresh, *((area, facts) for area, _, facts in plan.changed)]
        AreaFact.objects.bulk_create(
            [
                AreaFact(area=area, name=FACTS[key][0], unit=FACTS[key][1], on=today, source="开办导入", value=Decimal(value))
                for area, known in facts
                for key, value in known.items()
            ],
            update_conflicts=True, unique_fields=["area", "name", "on"], update_fields=["value", "source"],
            batch_size=1000,
        )  # fmt: skip
        return {
            "改动": [
                f"{area.code}：{said(words_of(area, changes))}"
                for area, changes, _ in plan.changed
                if changes
            ][:200]
        }

    def rows(self, office):
        areas = [area for area in _standing(office) if area.kind in ABOVE]
        facts = latest_facts([area.pk for area in areas])
        for area in areas:
            own = {key: facts.get(area.pk, {}).get(name) for key, (name, _) in FACTS.items()}
            yield {
                "code": area.code, "kind": area.kind, "name": area.name, "is_exclusive": area.is_exclusive,
                "parent": "" if area.kind == AreaKind.COMMUNITY else area.parent.code, "address": area.address,
                "lon": area.lon if area.kind == AreaKind.BUILDING else None,
                "lat": area.lat if area.kind == AreaKind.BUILDING else None, "since": area.valid_from,
                **{key: int(fact.value) if fact else None for key, fact in own.items()},
            }  # fmt: skip

    def standing(self, office):
        kinds = [area_kind for area_kind in _counted(office)]
        return [(kind.label, kinds.count(kind)) for kind in ABOVE]


def _standing(office) -> list[Area]:
    rows = (
        Area.objects.valid()
        .filter(office=office)
        .select_related("parent")
        .defer("boundary", "parent__boundary")
    )
    return list(rows.order_by("code"))


def _closed(office):
    return Area.objects.filter(office=office, valid_until__lte=clock.today())


def _counted(office) -> list[str]:
    return list(Area.objects.valid().filter(office=office).values_list("kind", flat=True)[:20000])


def _blame_homeless(found, first: dict, made: dict) -> None:
    """Names that stand twice below one parent would not be told apart."""
    names: dict = {}
    for code, area in made.items():
        key = (area.parent_id, area.name)
        if area.kind != AreaKind.BUILDING and key in names:
            found.blame(
                first[code], "name", f"“{area.name}”在同一上级下出现了两次", f"和第 {names[key]} 行区分开"
            )
        names.setdefault(key, first[code].number)


def _mend_paths(office) -> None:
    """After a move the path of everything below is written anew."""
    areas = {
        area.pk: area
        for area in Area.objects.filter(office=office).defer("boundary").select_related("parent")
    }
    order = [*ABOVE]
    wrong = []
    for area in sorted(areas.values(), key=lambda a: order.index(a.kind) if a.kind in order else -1):
        parent = areas.get(area.parent_id) or area.parent
        path = [*parent.ancestors, parent.pk] if parent else []
        if path != area.ancestors:
            area.ancestors = path
            wrong.append(area)
    Area.objects.bulk_update(wrong, ["ancestors"], batch_size=1000)
