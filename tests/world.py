"""One small shared world of named posts: two communities, a centre, three units, an outsider, a resident."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from huiyin.accounts.models import Office, User
from huiyin.areas.models import Area
from huiyin.cases.intake import Person, Words, register
from huiyin.orgs.models import Organisation, Post
from huiyin.rules import clock
from huiyin.rules.models import load_seeds

START = date(2020, 1, 1)


def square(lon: float, lat: float, size: float = 0.01) -> dict:
    """A square GeoJSON polygon with its lower left corner at the point."""
    ring = [[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


@dataclass
class World:
    """Everything by a short name: `world.clerk`, `world.enforcement`, `world.east_grid`."""

    office: Office = None
    users: dict = field(default_factory=dict)
    units: dict = field(default_factory=dict)
    areas: dict = field(default_factory=dict)

    def __getattr__(self, name):
        for table in (self.users, self.units, self.areas):
            if name in table:
                # A fresh object each time: posts are cached on the user for one request.
                return type(table[name]).objects.get(pk=table[name].pk)
        raise AttributeError(name)

    def person(self, name: str, unit: str, role: str, title: str, area: str = "street", **more) -> User:
        user = User(username=name, name=more.pop("name", f"测{name}"), office=self.office)
        user.set_unusable_password()
        user.save()
        self.users[name] = user
        Post.objects.create(
            office=self.office,
            user=user,
            organisation=self.units[unit],
            role=role,
            title=title,
            area=self.areas[area],
            start_on=START,
            **more,
        )
        return user

    def unit(
        self, name: str, kind: str, short_name: str, area: str = "street", code: str = ""
    ) -> Organisation:
        self.units[name] = Organisation.objects.create(
            office=self.office,
            code=code or name,
            kind=kind,
            name=short_name,
            short_name=short_name,
            area=self.areas[area],
            valid_from=START,
        )
        return self.units[name]

    def area(
        self, name: str, kind: str, title: str, code: str, parent: str = "", office=True, **more
    ) -> Area:
        self.areas[name] = Area.objects.create(
            office=self.office if office else None,
            code=code,
            kind=kind,
            name=title,
            parent=self.areas.get(parent),
            valid_from=START,
            **more,
        )
        return self.areas[name]

    def register(self, *, by=None, key=None, at=None, **fields):
        """A matter in the east grid, raised by one person with a telephone."""
        words = {
            "description": "楼下的井盖松了，晚上车一过就响，老人睡不着。",
            "wants": "把井盖垫好",
            "kind": "city_problem",
            "channel": "call" if by else "web",
            "area": self.east_grid,
            "persons": [Person(name="何阿姨", phone="10000001234")],
            "reply_by": "phone",
        }
        words.update(fields)
        if at is None:
            return register(self.office, Words(**words), by=by, key=key)
        with clock.travel(at):
            return register(self.office, Words(**words), by=by, key=key)


def build() -> World:
    """Make the world in the test database."""
    load_seeds()
    world = World()
    world.office = Office.objects.create(
        code="990101009",
        name="测试街道办事处",
        short_name="测试街道",
        centre_name="测试街道联动中心",
        document_mark="测街",
        phone="0000-600 0000",
        address="一号路 1 号",
        hours="每天 8:30—17:30",
    )
    world.area("city", "city", "测试市", "990100", office=False)
    world.area("district", "district", "测试区", "990109", "city", office=False)
    world.area("street", "subdistrict", "测试街道", "990109009", "district")
    world.area("east", "community", "东社区", "990109009001", "street", boundary=square(118.0, 27.0))
    world.area("west", "community", "西社区", "990109009002", "street", boundary=square(118.01, 27.0))
    world.area("east_grid", "grid", "东社区 01 网格", "990109009001001", "east", boundary=square(118.0, 27.0))
    world.area(
        "west_grid", "grid", "西社区 01 网格", "990109009002001", "west", boundary=square(118.01, 27.0)
    )
    world.area("east_house", "building", "槐荫里 3 幢", "B1", "east_grid", lon=118.005, lat=27.005)
    world.unit("centre", "centre", "联动中心")
    world.unit("party", "leading_body", "党工委")
    world.unit("enforcement", "department", "综合执法队", code="zhifa")
    world.unit("environment", "department", "生态环境站", code="huanjing")
    world.unit("safety", "department", "应急办", code="yingji")
    world.unit("east_station", "station", "东社区服务站", "east")
    world.unit("west_station", "station", "西社区服务站", "west")
    world.person("director", "centre", "director", "中心主任")
    world.person("clerk", "centre", "clerk", "受理员")
    world.person("clerk_b", "centre", "clerk", "受理员")
    world.person("duty_leader", "party", "duty_leader", "值班领导")
    world.person("leader", "party", "leader", "党工委副书记")
    world.person("supervisor", "centre", "supervisor", "督查员")
    world.person("handler", "enforcement", "handler", "经办人")
    world.person("handler_b", "enforcement", "handler", "经办人")
    world.person("environment_handler", "environment", "handler", "经办人")
    world.person("safety_handler", "safety", "handler", "经办人")
    world.person("east_worker", "east_station", "grid_worker", "网格员", "east_grid")
    world.person("east_staff", "east_station", "station", "站长", "east")
    world.person("outsider", "west_station", "station", "站长", "west")
    world.person("admin", "centre", "admin", "系统管理员")
    world.person("auditor", "centre", "auditor", "审计员")
    return world


def find() -> World:
    """The world that `build` left in the database."""
    world = World(office=Office.objects.get(code="990101009"))
    world.users = {user.username: user for user in User.objects.filter(office=world.office)}
    world.areas = {KEYS[area.code]: area for area in Area.objects.filter(code__in=KEYS)}
    world.units = {
        UNIT_KEYS.get(unit.code, unit.code): unit for unit in Organisation.objects.filter(office=world.office)
    }
    return world


UNIT_KEYS = {"zhifa": "enforcement", "huanjing": "environment", "yingji": "safety"}
KEYS = {
    "990100": "city",
    "990109": "district",
    "990109009": "street",
    "990109009001": "east",
    "990109009002": "west",
    "990109009001001": "east_grid",
    "990109009002001": "west_grid",
    "B1": "east_house",
}


def later(**delta):
    """A moment that much after now, for clock.travel."""
    return clock.now() + timedelta(**delta)
