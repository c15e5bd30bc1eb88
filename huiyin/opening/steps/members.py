"""任职和场所: heads, deputies and members of bodies with their terms; rooms and places of bodies."""

from huiyin.accounts.models import User
from huiyin.opening.steps.base import Plan, Step, among, differences, said, words_of
from huiyin.opening.steps.people import known_by
from huiyin.orgs.models import Function, Membership, Organisation, Venue
from huiyin.rules import clock
from huiyin.sheets.columns import Column, Sheet

FUNCTIONS = {label: value for value, label in Function.choices}
MOST_HEADS = 2


class Members(Step):
    name, title = "members", "任职"
    about = (
        "领导小组、指挥部、委员会、支部、中队、自治组织……里谁是负责人、副职、成员，从哪天到哪天。"
        "可以是本街道的人（填登录名），别的人（填姓名），也可以是一家单位。"
    )
    shows = ("desk_network", "服务网络")

    def sheet(self, office) -> Sheet:
        return Sheet(
            "members",
            "任职",
            "一行一任。任职不带来系统权限，权限来自岗位。",
            (
                Column("body", "组织代码", "code", required=True, most=30, example="chuangjian"),
                Column("username", "登录名", "code", most=60, example="zhang.san", help="本街道的人填这一格"),
                Column("name", "姓名", most=40, example="", help="没有账号的人填这一格"),
                Column("unit", "成员单位代码", "code", most=30, example="zhifa", help="单位成员填这一格，可和人一起填"),
                Column("function", "担任", "choice", required=True, choices=FUNCTIONS, example="head", width=18),
                Column("title", "称谓", most=60, example="组长"),
                Column("order", "排序", "integer", least=1, most=999, example=10, help="小的在前；不填为 100"),
                Column("start_on", "起", "date", required=True, example="2025-03-01"),
                Column("end_on", "止", "date", example="", help="还在任的不填"),
                Column("basis", "任免依据", most=200, example=""),
            ),
        )  # fmt: skip

    def check(self, office, found, options) -> Plan:
        plan = Plan()
        users = {user.username: user for user in User.objects.filter(office=office)}
        units = {unit.code: unit for unit in Organisation.objects.filter(office=office)}
        known: dict = {}
        for term in _terms(office):
            known.setdefault(_key(term.organisation_id, term.function, term.start_on, term.who), term)
        seen: dict = {}
        for row in found.rows:
            body = known_by(found, row, "body", units, "组织", "先录入组织，或改正代码")
            user = known_by(found, row, "username", users, "人", "先录入人员，或改填“姓名”")
            unit = known_by(found, row, "unit", units, "组织", "先录入组织，或改正代码")
            if not (row["username"] or row["name"] or row["unit"]) and not row.bad & {
                "username",
                "name",
                "unit",
            }:
                found.blame(row, "username", "没有写是谁", "登录名、姓名、成员单位代码至少填一样")
            if user and row["name"] and row["name"] != user.name:
                found.blame(row, "name", f"登录名“{user.username}”是{user.name}", "核对，或只留一格")
            if body and row["start_on"] and row["start_on"] < body.valid_from:
                found.blame(
                    row, "start_on", f"{body} 在 {body.valid_from} 才成立", "改起日，或改组织的成立日"
                )
            if row["start_on"] and row["end_on"] and row["end_on"] <= row["start_on"]:
                found.blame(row, "end_on", "止日早于起日", "核对两个日期")
            who = user.name if user else row["name"] or (str(unit) if unit else "")
            if not (body and who and row["function"] and row["start_on"]):
                continue
            key = _key(body.pk, row["function"], row["start_on"], who)
            if key in seen:
                found.blame(row, None, f"{who} 的这一任重复了", f"第 {seen[key]} 行已经有，留一行")
                continue
            seen[key] = row.number
            self._one(office, found, row, known.get(key), (body, user, unit), plan)
        self._heads(found, plan, known.values())
        return plan

    def _one(self, office, found, row, term, who: tuple, plan) -> None:
        body, user, unit = who
        wanted = among(found, row, ["title", "end_on", "basis"])
        wanted |= {key: wanted[key] or "" for key in ("title", "basis") if key in wanted}
        wanted |= {"order": row["order"] or 100} if "order" in found.places else {}
        wanted |= {"user": user, "unit": unit, "name": "" if user else row["name"] or ""}
        if term is None:
            term = Membership(
                office=office, organisation=body, function=row["function"], start_on=row["start_on"], **wanted
            )
            plan.fresh.append(term)
        elif changes := differences(term, wanted):
            plan.changed.append((term, changes))
            plan.tell(f"{body} {term.who}：{said(words_of(term, changes))}")
        else:
            plan.same += 1
        term.row = row

    def _heads(self, found, plan, known) -> None:
        """Two heads at once are the custom (双组长), three are a mistake."""
        today, heads = clock.today(), {}
        for term in [*known, *plan.fresh]:
            end = next(
                (
                    changes["end_on"][1]
                    for one, changes in plan.changed
                    if one is term and "end_on" in changes
                ),
                term.end_on,
            )
            if term.function == Function.HEAD and term.start_on <= today and (end is None or end > today):
                heads.setdefault(term.organisation_id, []).append(term)
        for terms in heads.values():
            if len(terms) > MOST_HEADS:
                for term in terms:
                    if hasattr(term, "row"):
                        found.blame(
                            term.row,
                            "function",
                            f"同时有 {len(terms)} 名负责人",
                            "最多两名；其余改成副职，或填止日",
                        )

    def apply(self, office, plan, *, by, options) -> dict:
        Membership.objects.bulk_create(plan.fresh, batch_size=1000)
        for term, changes in plan.changed:
            for name, (_, value) in changes.items():
                setattr(term, name, value)
            term.save()
        return {
            "改动": [
                f"{term.organisation.code} {term.who}：{said(words_of(term, changes))}"
                for term, changes in plan.changed
            ][:200]
        }

    def rows(self, office):
        for term in _terms(office):
            yield {
                "body": term.organisation.code, "username": term.user.username if term.user else "", "name": term.name,
                "unit": term.unit.code if term.unit else "", "function": term.function, "title": term.title,
                "order": term.order, "start_on": term.start_on, "end_on": term.end_on, "basis": term.basis,
            }  # fmt: skip

    def standing(self, office):
        rows = Membership.objects.filter(office=office)
        return [
            ("现任", rows.current().count()),
            ("已届满、离任", rows.filter(end_on__lte=clock.today()).count()),
        ]


def _terms(office) -> list[Membership]:
    rows = Membership.objects.filter(office=office).select_related("organisation", "user", "unit")
    return list(rows.order_by("organisation__code", "order", "start_on", "pk"))


def _key(body, function, start_on, who) -> tuple:
    return (body, str(function), start_on, who)


class Venues(Step):
    name, title = "venues", "场所"
    about = "各组织的房间和阵地：用途、开放时间、上墙的职责和制度。党群服务中心、文明实践站、活动室都在这里。"
    shows = ("desk_network", "服务网络")

    def sheet(self, office) -> Sheet:
        return Sheet(
            "venues",
            "场所",
            "一行一处。",
            (
                Column("body", "组织代码", "code", required=True, most=30, example="dangqun"),
                Column("name", "场所", required=True, most=60, example="议事厅"),
                Column("functions", "用途", "list", most=400, example=["议事", "接待"]),
                Column("address", "位置", most=100, example="一号路 1 号二楼"),
                Column("hours", "开放时间", most=60, example="工作日 8:30—17:30"),
                Column("rules_posted", "上墙的职责和制度", most=200, example="议事规则"),
                Column("since", "启用", "date", example="2024-01-01", help="不填就从今天起"),
                Column("until", "停用", "date", example="", help="还在用的不填"),
            ),
        )  # fmt: skip

    def check(self, office, found, options) -> Plan:
        plan, seen = Plan(), {}
        units = {unit.code: unit for unit in Organisation.objects.filter(office=office)}
        known = {(row.organisation_id, row.name): row for row in _venues(office)}
        for row in found.rows:
            body = known_by(found, row, "body", units, "组织", "先录入组织，或改正代码")
            if row["since"] and row["until"] and row["until"] <= row["since"]:
                found.blame(row, "until", "停用早于启用", "核对两个日期")
            if not (body and row["name"]):
                continue
            if (body.pk, row["name"]) in seen:
                found.blame(
                    row, "name", "这个组织的这处场所重复了", f"第 {seen[body.pk, row['name']]} 行已经有"
                )
                continue
            seen[body.pk, row["name"]] = row.number
            self._one(office, found, row, known.get((body.pk, row["name"])), body, plan)
        return plan

    def _one(self, office, found, row, venue, body, plan) -> None:
        wanted = among(found, row, ["address", "hours", "rules_posted"])
        wanted = {key: value or "" for key, value in wanted.items()}
        wanted |= {"functions": row["functions"] or []} if "functions" in found.places else {}
        wanted |= {"valid_until": row["until"]} if "until" in found.places else {}
        if venue is None:
            since = row["since"] or clock.today()
            plan.fresh.append(
                Venue(office=office, organisation=body, name=row["name"], valid_from=since, **wanted)
            )
            return
        wanted |= {"valid_from": row["since"]} if row["since"] else {}
        changes = differences(venue, wanted)
        if changes:
            plan.changed.append((venue, changes))
            plan.tell(f"{body} {venue.name}：{said(words_of(venue, changes))}")
        else:
            plan.same += 1

    def apply(self, office, plan, *, by, options) -> dict:
        Venue.objects.bulk_create(plan.fresh, batch_size=1000)
        for venue, changes in plan.changed:
            for name, (_, value) in changes.items():
                setattr(venue, name, value)
            venue.save()
        return {
            "改动": [f"{venue.name}：{said(words_of(venue, changes))}" for venue, changes in plan.changed][
                :200
            ]
        }

    def rows(self, office):
        for venue in _venues(office):
            fields = ("name", "functions", "address", "hours", "rules_posted")
            yield {
                "body": venue.organisation.code, "since": venue.valid_from, "until": venue.valid_until,
                **{key: getattr(venue, key) for key in fields},
            }  # fmt: skip

    def standing(self, office):
        return [("场所", Venue.objects.filter(office=office).count())]


def _venues(office) -> list[Venue]:
    """The newest row of each place of each body."""
    rows = Venue.objects.filter(office=office).select_related("organisation")
    return list(
        {
            (row.organisation_id, row.name): row for row in rows.order_by("organisation__code", "valid_from")
        }.values()
    )
