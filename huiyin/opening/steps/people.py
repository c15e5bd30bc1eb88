"""人员和岗位: who works where as what, for which area, with whom as B 角. New people get accounts without a password."""

from huiyin.accounts.models import User
from huiyin.areas.models import Area, AreaKind
from huiyin.opening.steps.base import Plan, Step, among, differences, said, words_of
from huiyin.orgs.models import Organisation, Post, Role
from huiyin.rules import clock
from huiyin.sheets.columns import Column, Sheet

ROLES = {label: value for value, label in Role.choices}


class People(Step):
    name, title = "people", "人员和岗位"
    about = (
        "一行一个岗位；一个人有几个岗位就写几行，登录名相同。新的人没有密码，导入以后在“开通单”里印出各人的"
        "一次性链接，本人自己设密码。结束岗位在服务网络里办，那里会交接没办完的事。"
    )
    shows = ("desk_network", "服务网络")

    def sheet(self, office) -> Sheet:
        return Sheet(
            "people",
            "人员和岗位",
            "谁在哪个组织、担任什么岗位、管哪一片、谁是 B 角。",
            (
                Column("username", "登录名", "code", required=True, most=60, example="zhang.san", help="自定，用拼音最好记"),
                Column("name", "姓名", required=True, most=40, example="张三"),
                Column("phone", "办公电话", "phone", example="0000-600 0120"),
                Column("unit", "组织代码", "code", required=True, most=30, example="zhifa"),
                Column("role", "岗位", "choice", required=True, choices=ROLES, example="handler", width=18,
                       help="决定能看什么、能办什么"),
                Column("title", "职务", most=60, example="经办（A 角）", help="写给人看的；不填就用岗位名"),
                Column("area", "片区代码", "code", most=20, example="", width=20, help="不填就是组织所在的片区；网格员填网格代码"),
                Column("start_on", "任职日", "date", example="2024-01-01", help="不填就从今天起"),
                Column("substitute", "B 角登录名", "code", most=60, example="li.si", help="请假时谁顶岗"),
            ),
        )  # fmt: skip

    def check(self, office, found, options) -> Plan:
        plan = Plan()
        users = {user.username: user for user in User.objects.filter(office=office)}
        units = {
            unit.code: unit
            for unit in Organisation.objects.current()
            .filter(office=office)
            .select_related("area")
            .defer("area__boundary")
        }
        areas = {area.code: area for area in Area.objects.valid().filter(office=office).defer("boundary")}
        posts = {_key(post): post for post in _posts(office)}
        people = self._people(office, found, users, plan)
        seen: dict = {}
        for row in found.rows:
            unit = known_by(found, row, "unit", units, "组织", "先录入组织，或改正代码")
            area = known_by(found, row, "area", areas, "片区", "先录入片区，或改正代码；空着就用组织的片区")
            area = area or (unit.area if unit else None)
            if row["role"] == Role.GRID_WORKER and area and area.kind != AreaKind.GRID:
                found.blame(row, "area", "网格员要写管哪个网格", "填网格的代码")
            substitute = known_by(found, row, "substitute", people, "人", "B 角要在这份表里，或已经有账号")
            user = people.get(row["username"])
            if substitute is not None and substitute is user:
                found.blame(row, "substitute", "B 角不能是本人", "换一位，或空着")
            if not (user and unit and area and row["role"]):
                continue
            key = (user.pk, unit.pk, row["role"], area.pk)
            if key in seen:
                found.blame(row, None, f"{row['name']} 的这个岗位重复了", f"第 {seen[key]} 行已经有，留一行")
            seen.setdefault(key, row.number)
            self._post(office, found, row, posts.get(key), (user, unit, area, substitute), plan)
        return plan

    def _people(self, office, found, users: dict, plan) -> dict:
        """login → user, known ones and those that this file makes; the name must be the same in every line."""
        taken = set(
            User.objects.exclude(office=office)
            .filter(username__in=[row["username"] for row in found.rows])
            .values_list("username", flat=True)
        )
        self.fresh, self.renamed, people = [], {}, dict(users)
        first: dict = {}
        for row in found.rows:
            login = row["username"]
            if not login or not row["name"]:
                continue
            if login in taken:
                found.blame(row, "username", f"登录名“{login}”在别处已经有人用", "换一个，比如加上单位的拼音")
                continue
            earlier = first.setdefault(login, row)
            if earlier["name"] != row["name"]:
                found.blame(
                    row,
                    "name",
                    f"登录名“{login}”前面写的是{earlier['name']}",
                    "一个登录名只能是一个人，核对姓名或换登录名",
                )
            if login not in people:
                user = people[login] = User(
                    username=login, name=row["name"], office=office, phone=row["phone"] or ""
                )
                self.fresh.append(user)
            elif earlier is row and login in users:
                wanted = {"name": row["name"]} | ({"phone": row["phone"]} if row["phone"] else {})
                changes = differences(users[login], wanted)
                if changes:
                    self.renamed[login] = (users[login], changes)
        if self.fresh:
            plan.notes.append(f"其中新的人 {len(self.fresh)} 名，导入后去“开通单”印出各人的链接。")
        return people

    def _post(self, office, found, row, post, who: tuple, plan) -> None:
        user, unit, area, substitute = who
        title = row["title"] or (post.title if post else Role(row["role"]).label)
        renamed = self.renamed.pop(user.username, None)
        if post is None:
            post = Post(
                office=office, user=user, organisation=unit, role=row["role"], title=title, area=area,
                start_on=row["start_on"] or clock.today(), substitute=substitute,
            )  # fmt: skip
            plan.fresh.append((post, renamed))
            return
        wanted = {"title": title} | among(found, row, ["substitute"])
        wanted |= {"substitute": substitute} if "substitute" in wanted else {}
        wanted |= {"start_on": row["start_on"]} if row["start_on"] else {}
        changes = differences(post, wanted)
        if not changes and not renamed:
            plan.same += 1
            return
        plan.changed.append((post, changes, renamed))
        words = words_of(post, changes) | (words_of(*renamed) if renamed else {})
        plan.tell(f"{user.username} {user.name}：{said(words)}")

    def apply(self, office, plan, *, by, options) -> dict:
        for user in self.fresh:
            user.set_unusable_password()
            user.fill_pinyin()
        User.objects.bulk_create(self.fresh, batch_size=1000)
        Post.objects.bulk_create([post for post, _ in plan.fresh], batch_size=1000)
        for post, changes, _ in plan.changed:
            for name, (_, value) in changes.items():
                setattr(post, name, value)
            if changes:
                post.save()
        for renamed in [row[-1] for row in [*plan.fresh, *plan.changed] if row[-1]]:
            user, changes = renamed
            for name, (_, value) in changes.items():
                setattr(user, name, value)
            user.save()
        return {
            "新账号": [user.username for user in self.fresh][:500],
            "设岗位": [
                f"{post.user.username} {post.organisation.code} {post.role}" for post, _ in plan.fresh
            ][:1000],
            "改动": [
                f"{post.user.username}：{said(words_of(post, changes))}" for post, changes, _ in plan.changed
            ][:200],
        }

    def rows(self, office):
        for post in _posts(office):
            yield {
                "username": post.user.username, "name": post.user.name, "phone": post.user.phone,
                "unit": post.organisation.code, "role": post.role, "title": post.title,
                "area": "" if post.area_id == post.organisation.area_id else post.area.code, "start_on": post.start_on,
                "substitute": post.substitute.username if post.substitute else "",
            }  # fmt: skip

    def standing(self, office):
        users = User.objects.filter(office=office, is_active=True)
        return [
            ("人", users.count()),
            ("岗位", Post.objects.current().filter(office=office).count()),
            ("还没登录过", users.filter(last_login=None).count()),
        ]


def _posts(office) -> list[Post]:
    rows = Post.objects.current().filter(office=office)
    rows = rows.select_related("user", "substitute", "organisation", "area").defer("area__boundary")
    return list(rows.order_by("organisation__code", "role", "pk"))


def _key(post: Post) -> tuple:
    return (post.user_id, post.organisation_id, post.role, post.area_id)


def known_by(found, row, key: str, table: dict, what: str, todo: str):
    """The record that the cell names, or None, with the reason noted when there is none."""
    code = row[key]
    if not code:
        return None
    if code not in table:
        found.blame(row, key, f"没有“{code}”这个{what}", todo)
    return table.get(code)
