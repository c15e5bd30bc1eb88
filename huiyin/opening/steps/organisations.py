"""组织: units that handle matters, and standing bodies of every kind, each with its code."""

from huiyin.areas.models import Area, AreaKind
from huiyin.opening.steps.base import Plan, Step, among, differences, said, twice, words_of
from huiyin.orgs.models import Organisation, OrganisationKind
from huiyin.rules import clock
from huiyin.sheets.columns import Column, Sheet

KINDS = {label: value for value, label in OrganisationKind.choices}
TEXTS = ("name", "short_name", "type", "duties", "basis", "phone", "address", "hours")
FIELDS = (*TEXTS, "services", "member_count", "kind")


class Organisations(Step):
    name, title = "organisations", "组织"
    about = (
        "办事的单位（联动中心、部门、服务站、居委会），和各类组织：领导小组、指挥部、委员会、中队、支部、"
        "自治组织、文明实践站、党群服务中心……一行一个，代码自定，用拼音最好记。"
    )
    shows = ("desk_network", "服务网络")

    def sheet(self, office) -> Sheet:
        return Sheet(
            "organisations",
            "组织",
            "一行一个组织。职责清单、分类、岗位都用这里的代码指到它。",
            (
                Column("code", "代码", "code", required=True, most=30, example="zhifa", help="自定，用拼音最好记"),
                Column("kind", "类别", "choice", required=True, choices=KINDS, example="department", width=20),
                Column("name", "全称", required=True, most=60, example="综合行政执法队", width=30),
                Column("short_name", "简称", most=20, example="执法队", help="列表里显示；不填就用全称"),
                Column("parent", "上级组织代码", "code", most=30, example="zhongxin"),
                Column("area", "片区代码", "code", most=20, example="", width=20, help="管哪一片；不填就是全街道"),
                Column("type", "细类", most=40, example=""),
                Column("duties", "职责", most=4000, example="街面秩序巡查和处置", width=40),
                Column("basis", "成立依据", most=200, example=""),
                Column("services", "服务项目", "list", most=1000, example=["占道经营", "乱张贴清理"]),
                Column("member_count", "人数", "integer", least=0, most=100_000, example=24),
                Column("phone", "电话", "phone", example="0000-600 0119"),
                Column("address", "地址", most=100, example="一号路 2 号"),
                Column("hours", "服务时间", most=60, example="工作日 8:30—17:30"),
                Column("since", "成立日", "date", example="2020-01-01", help="不填就从今天起"),
                Column("until", "撤销日", "date", example="", help="还在的不填"),
            ),
        )  # fmt: skip

    def check(self, office, found, options) -> Plan:
        plan = Plan()
        known = {unit.code: unit for unit in _all(office)}
        areas = {area.code: area for area in _areas(office)}
        street = next((area for area in areas.values() if area.kind == AreaKind.SUBDISTRICT), None)
        made: dict = {}
        first = twice(found, "code", "代码")
        for code, row in first.items():
            area = areas.get(row["area"]) if row["area"] else None
            if row["area"] and area is None:
                found.blame(
                    row, "area", f"没有代码为“{row['area']}”的片区", "先录入片区，或改正代码；空着就是全街道"
                )
            made[code] = self._one(office, found, row, known.get(code), area or street, plan)
        everything = known | made
        for code, row in first.items():
            self._parent(found, row, made[code], everything, plan)
        _blame_circles(found, first, everything)
        return _sorted_out(plan)

    def _one(self, office, found, row, unit, area, plan) -> Organisation:
        wanted = among(found, row, FIELDS)
        wanted |= {key: wanted[key] or "" for key in TEXTS if key in wanted}
        if "services" in wanted:
            wanted["services"] = wanted["services"] or []
        wanted["short_name"] = wanted.get("short_name") or (wanted.get("name") or "")[:20]
        if row["since"] and row["until"] and row["until"] <= row["since"]:
            found.blame(row, "until", "撤销日早于成立日", "核对两个日期")
        if unit is None:
            since = row["since"] or clock.today()
            unit = Organisation(
                office=office,
                code=row["code"],
                area=area,
                valid_from=since,
                valid_until=row["until"],
                **wanted,
            )
            plan.fresh.append(unit)
            return unit
        if unit.kind != wanted["kind"] and wanted["kind"] and unit.assignments.exists():
            found.blame(row, "kind", f"{unit} 已经办过事项，类别不能改", f"改回“{unit.get_kind_display()}”")
        if "area" in found.places:
            wanted["area"] = area
        if row["since"]:
            wanted["valid_from"] = row["since"]
        if "until" in found.places:
            wanted["valid_until"] = row["until"]
        plan.changed.append((unit, differences(unit, wanted)))
        return unit

    def _parent(self, found, row, unit, everything: dict, plan) -> None:
        if "parent" not in found.places or "parent" in row.bad:
            return
        parent = everything.get(row["parent"]) if row["parent"] else None
        if row["parent"] and parent is None:
            found.blame(row, "parent", f"没有代码为“{row['parent']}”的组织", "改正代码；上级可以在同一份表里")
            return
        if unit._state.adding:
            unit.parent = parent
        elif unit.parent_id != (parent.pk if parent else None):
            changes = next(changes for one, changes in plan.changed if one is unit)
            changes["parent"] = (unit.parent, parent)

    def apply(self, office, plan, *, by, options) -> dict:
        for unit in plan.fresh:
            unit.fill_pinyin()
        Organisation.objects.bulk_create(plan.fresh, batch_size=1000)
        for unit, changes in plan.changed:
            for name, (_, value) in changes.items():
                setattr(unit, name, value)
            unit.save()
        return {
            "改动": [f"{unit.code}：{said(words_of(unit, changes))}" for unit, changes in plan.changed][:200]
        }

    def rows(self, office):
        for unit in _all(office):
            whole = unit.area.kind == AreaKind.SUBDISTRICT
            yield {
                "code": unit.code, "parent": unit.parent.code if unit.parent else "", "since": unit.valid_from,
                "area": "" if whole else unit.area.code, "until": unit.valid_until,
                **{key: getattr(unit, key) for key in FIELDS},
            }  # fmt: skip

    def standing(self, office):
        from django.db.models import Count

        counts = dict(
            Organisation.objects.current()
            .filter(office=office)
            .order_by()
            .values_list("kind")
            .annotate(Count("pk"))
        )
        return [(label, counts[kind]) for kind, label in OrganisationKind.choices if kind in counts]


def _all(office) -> list[Organisation]:
    rows = Organisation.objects.filter(office=office).select_related("parent", "area").defer("area__boundary")
    return list(rows.order_by("code"))


def _areas(office) -> list[Area]:
    return list(Area.objects.valid().filter(office=office).defer("boundary"))


def _blame_circles(found, first: dict, everything: dict) -> None:
    """A body above itself would hang in the air."""
    above = {code: unit.parent.code if unit.parent else None for code, unit in everything.items()}
    for code, row in first.items():
        if "parent" in found.places and "parent" not in row.bad:
            above[code] = row["parent"]
    for code, row in first.items():
        seen, at = set(), code
        while at in above and at not in seen:
            seen.add(at)
            at = above[at]
        if at == code and above.get(code):
            found.blame(row, "parent", "上级绕了一圈又回到自己", "核对上级组织代码")


def _sorted_out(plan: Plan) -> Plan:
    """Those of the known ones that do change; the others are counted."""
    known = plan.changed
    plan.changed = [(unit, changes) for unit, changes in known if changes]
    plan.same = len(known) - len(plan.changed)
    for unit, changes in plan.changed:
        plan.tell(f"{unit.code} {unit}：{said(words_of(unit, changes))}")
    return plan
