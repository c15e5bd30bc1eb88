"""未办结的老事项: the list of open matters of a former register and what may be wrong with it.

How each of them becomes a real matter stands in `huiyin.opening.carrying`.
"""

import contextlib
from datetime import date

from django import forms
from django.db import transaction

from huiyin.accounts.models import User
from huiyin.areas.models import Area, AreaKind
from huiyin.base.refusal import Refusal
from huiyin.cases import categories, procedures
from huiyin.cases.models import Case, CaseSource
from huiyin.cases.states import Channel
from huiyin.cases.workflow import MOVES
from huiyin.opening.carrying import Carrier, key_of, mark_late, tally, tell_units
from huiyin.opening.steps.base import Plan, Step, twice
from huiyin.opening.steps.people import known_by
from huiyin.orgs.models import Organisation, Post
from huiyin.rules import clock
from huiyin.rules.models import RuleSet
from huiyin.sheets.columns import Column, Sheet

CHANNELS = {label: value for value, label in Channel.choices}
NEEDED_RULES = ("limits", "calendar", "procedures", "categories", "duty_lists", "roles", "wording")
EARLIEST = date(2000, 1, 1)
SORTING = ("kind", "channel", "category", "area", "unit", "handler")
SOMETIMES = ("accepted_on", "sent_on", "taken_on", "due_on", "name", "phone")
MOST_SORTS = 50


class _TakenBack(Exception):
    """A rehearsal that went well and leaves nothing."""


class BacklogForm(forms.Form):
    """Whose post registers, and where the matters come from."""

    by = forms.ModelChoiceField(
        User.objects.none(), label="由谁登记", empty_label="请选",
        help_text="老事项记在这位受理人员名下，由他的岗位登记、受理、派单",
        error_messages={"required": "请选一位受理人员；没有的话先录入人员和岗位。", "invalid_choice": "请从列表里选。"},
    )  # fmt: skip
    system = forms.CharField(
        label="原来登记在哪里", max_length=60, initial="原登记台账", help_text="系统或台账的名字，和原编号一起记在事项里",
        error_messages={"required": "请写原来登记在哪里。"},
    )  # fmt: skip

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        roles = MOVES["accept"].roles & MOVES["dispatch"].roles
        street = Area.objects.valid().filter(office=office, kind=AreaKind.SUBDISTRICT)
        holders = Post.objects.current().filter(office=office, role__in=roles, area__in=street).values("user")
        self.fields["by"].queryset = User.objects.filter(pk__in=holders, is_active=True).order_by(
            "pinyin", "pk"
        )
        self.fields["by"].label_from_instance = lambda user: f"{user.name}（{user.title}）"


class Backlog(Step):
    name, title = "backlog", "未办结的老事项"
    about = (
        "原来登记着、还没办完的事。每件成为这里的一件事项：时限从原来的登记日算起，原编号记在来源里，"
        "在谁手里就接着由谁办。再传一次，已经转入的不会再来一遍；转入以后要改，在事项页“更正登记”。"
    )
    form, is_slow = BacklogForm, True

    def sheet(self, office) -> Sheet:
        kinds = {name: kind for kind, name in procedures.kinds(office).items() if _is_plain(office, kind)}
        return Sheet(
            "backlog",
            "未办结的老事项",
            "一行一件还没办完的事。办完的不用转入。",
            (
                Column("number", "原编号", required=True, most=60, example="2026-0123"),
                Column("registered_on", "登记日期", "date", required=True, example="2026-10-08", help="时限从这天算起"),
                Column("kind", "种类", "choice", required=True, choices=kinds, example="petition", width=18),
                Column("channel", "渠道", "choice", required=True, choices=CHANNELS, example="call"),
                Column("title", "事由", most=100, example="楼下烧烤店油烟", help="不填就取内容的第一句"),
                Column("description", "说了什么", required=True, most=5000, example="楼下烧烤店每晚十一点还在排油烟，窗户不敢开。", width=50),
                Column("wants", "要什么", most=1000, example="装净化器，十点以后不营业"),
                Column("category", "分类代码", "code", most=30, example=""),
                Column("area", "网格代码", "code", most=20, example="", width=20, help="不填就按地点找，找不到算全街道"),
                Column("place", "地点", most=120, example="槐荫里 3 幢"),
                Column("people", "人数", "integer", least=1, most=100_000, example=1),
                Column("name", "姓名", most=40, example="", help="不愿留的不填"),
                Column("phone", "电话", "phone", example="", help="填了就打电话答复，不填就让本人凭查询码看"),
                Column("accepted_on", "受理日期", "date", example="2026-10-08", help="有承办单位而不填，按登记当天；都不填就是待受理"),
                Column("unit", "承办单位代码", "code", most=30, example="zhifa", help="现在在谁手里"),
                Column("sent_on", "交办日期", "date", example="", help="不知道就不填，从导入时起算"),
                Column("handler", "经办人登录名", "code", most=60, example="", help="已经签收的填"),
                Column("taken_on", "签收日期", "date", example="", help="不知道就不填"),
                Column("due_on", "办理期限", "date", example="", help="原来定了哪天办完的填"),
                Column("owed_to", "向谁反馈", most=60, example="", help="上级交来的填"),
            ),
        )  # fmt: skip

    def check(self, office, found, options) -> Plan:
        plan = Plan()
        self.clerk = User.objects.filter(office=office, pk=options.get("by")).first()
        twice(found, "number", "原编号")
        numbers = [row["number"] for row in found.rows if row["number"]]
        keys = [key_of(options["system"], number) for number in numbers]
        there = set(
            Case.objects.filter(office=office, intake_key__in=keys).values_list("intake_key", flat=True)
        )
        tables = {
            "category": categories.table(office),
            "area": {
                a.code: a
                for a in Area.objects.valid().filter(office=office).select_related("parent").defer("boundary")
            },
            "unit": {unit.code: unit for unit in Organisation.objects.handling().filter(office=office)},
            "handler": {user.username: user for user in User.objects.filter(office=office, is_active=True)},
        }
        earliest = _earliest(office)
        for row in found.rows:
            self._look(found, row, tables, earliest)
            if row["number"] and key_of(options["system"], row["number"]) in there:
                plan.same += 1
            else:
                plan.fresh.append(row)
        self.tables = tables
        plan.fresh.sort(key=lambda row: (row["registered_on"] or earliest, row.number))
        return plan

    def _look(self, found, row, tables: dict, earliest: date) -> None:
        category = row["category"] and tables["category"].get(row["category"])
        if row["category"] and not (category and category["is_leaf"]):
            found.blame(
                row,
                "category",
                f"没有“{row['category']}”这个最细一级的分类",
                "改正代码，或先导入分类；不知道就空着",
            )
        area = known_by(found, row, "area", tables["area"], "片区", "改正代码，或空着")
        if area and area.kind not in (AreaKind.GRID, AreaKind.COMMUNITY, AreaKind.SUBDISTRICT):
            found.blame(row, "area", f"{area.name} 是{area.get_kind_display()}", "填网格或社区的代码")
        unit = known_by(
            found, row, "unit", tables["unit"], "办事的组织", "要是联动中心、部门、服务站或居委会"
        )
        handler = known_by(found, row, "handler", tables["handler"], "人", "先录入人员，或空着")
        if handler and unit and not _may_take(handler, unit):
            found.blame(row, "handler", f"{handler.name} 在{unit}没有经办的岗位", "换一位，或先设岗位")
        if (
            (handler or row["sent_on"] or row["taken_on"] or row["due_on"])
            and not row["unit"]
            and "unit" not in row.bad
        ):
            found.blame(
                row, "unit", "写了交办、签收或期限，却没有承办单位", "补上承办单位代码，或清空后面几格"
            )
        if row["taken_on"] and not row["handler"] and "handler" not in row.bad:
            found.blame(row, "handler", "写了签收日期，却没有经办人", "补上经办人登录名")
        text = row["description"] or ""
        if text and len(text) < 4:
            found.blame(row, "description", "太短，看不明白", "至少写 4 个字")
        if row["channel"] == Channel.VISIT and row.get("people", 1) >= 5 and not row["name"]:
            found.blame(row, "name", "5 人以上来访要有代表的姓名", "写一位代表的姓名")
        self._days(found, row, earliest)

    def _days(self, found, row, earliest: date) -> None:
        """registered ≤ accepted ≤ sent ≤ taken ≤ today."""
        if row["registered_on"] and row["registered_on"] < earliest:
            found.blame(
                row,
                "registered_on",
                f"早于规则里最早的一天 {earliest}",
                "这么早的事请在事项页另行登记，并写明原登记日",
            )
        last, named = None, ""
        for key in ("registered_on", "accepted_on", "sent_on", "taken_on"):
            day = row[key]
            if day is None:
                continue
            if day > clock.today():
                found.blame(row, key, "日期还没到", "核对日期")
            elif last and day < last:
                found.blame(row, key, f"早于{named} {last}", "先登记、再受理、再交办、再签收，核对日期")
            last, named = day, found.sheet.column(key).heading
        if row["due_on"] and row["registered_on"] and row["due_on"] < row["registered_on"]:
            found.blame(row, "due_on", "期限早于登记日期", "核对日期")

    def apply(self, office, plan, *, by, options) -> dict:
        tally = self.bring_in(office, plan.fresh, options=options)
        self.tell(office, tally, options=options, key=f"backlog:{clock.now().isoformat()}")
        return self.told(len(plan.fresh), options)

    def told(self, number: int, options) -> dict:
        return {"登记人": self.clerk.username, "来源": options["system"], "件数": number}

    def rehearse(self, office, plan, *, options) -> None:
        """One line of every sort is registered and taken back: what a rule refuses is known before the first."""
        sorts: dict = {}
        for row in plan.fresh:
            known = tuple(row[key] for key in SORTING)
            sorts.setdefault((*known, *(row[key] is not None for key in SOMETIMES)), row)
        for row in list(sorts.values())[:MOST_SORTS]:
            with contextlib.suppress(_TakenBack), transaction.atomic():
                self.bring_in(office, [row], options=options)
                raise _TakenBack

    def bring_in(self, office, rows, *, options) -> dict:
        """These lines become matters; {unit code: [how many, of these late already]}. Raises Refusal with the line."""
        if self.clerk is None or not self.clerk.current_posts:
            raise Refusal("选中的受理人员已经没有在任的岗位，请重新上传并另选一位。")
        carrier = Carrier(office, self.clerk, options["system"], self.tables)
        cases = []
        for row in rows:
            try:
                cases.append(carrier.carry(row))
            except Refusal as refusal:
                raise Refusal(f"第 {row.number} 行（原编号 {row['number']}）：{refusal.message}") from refusal
        return tally(cases, late=mark_late(office, cases))

    def tell(self, office, tally: dict, *, options, key: str) -> None:
        tell_units(office, tally, system=options["system"], key=key)

    def standing(self, office):
        brought = CaseSource.objects.filter(office=office, case__intake_key__startswith="opening:")
        return [("已转入", brought.count())]


def _is_plain(office, kind: str) -> bool:
    """Kinds for named readers only do not come in from a list that an administrator holds, nor those of which
    more must be known at registration than the list has."""
    row = procedures.current(office).content["kinds"][kind]
    asked = [
        field for field in row.get("fields", ()) if field.get("at") == "register" and field.get("required")
    ]
    return not (row.get("restricted") or row.get("informant") or asked)


def _may_take(user, unit) -> bool:
    return any(
        post.organisation_id == unit.pk and post.role in MOVES["take"].roles for post in user.current_posts
    )


def _earliest(office) -> date:
    """The first day for which every rule that a matter needs is there."""
    days = []
    for name in NEEDED_RULES:
        rows = RuleSet.objects.filter(name=name, activated_at__isnull=False).filter(
            office__in=[office]
        ) | RuleSet.objects.filter(name=name, activated_at__isnull=False, office=None)
        days.append(rows.order_by("valid_from").values_list("valid_from", flat=True).first() or EARLIEST)
    return max(days)
