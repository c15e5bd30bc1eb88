"""A town to measure likely twins in: the labelled pairs of twins.yaml before a background of other matters."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import yaml

from huiyin.areas.models import Area
from huiyin.cases import search, twin_words, twins
from huiyin.cases.models import Case, Reader
from huiyin.cases.wording import shorten
from huiyin.rules import clock
from huiyin.rules.models import RuleSet

GRIDS = 8
BACKGROUND = 240
PAIRS = yaml.safe_load((Path(__file__).parent / "twins.yaml").read_text())
HOMES = [
    "槐荫里", "南塘新村", "锦棠苑", "江畔人家", "沿江雅苑", "塘边里", "水文站家属院", "粮油公司宿舍", "纺织机械厂宿舍",
    "罐头厂老宿舍", "木器社老屋", "柳湾里", "渔具厂公寓", "北辰花园", "石桥新村", "鹤鸣里",
]  # fmt: skip
STREETS = ["北辰路", "石桥路", "鹤鸣路", "望江路", "南塘路", "滨江路", "柳湾街"]
OTHERS = [
    ("010102", "垃圾桶破了没有盖，满出来一地。"), ("010103", "旧沙发丢在院子里好几个星期没人搬。"), ("010104", "装修的碎砖倒在墙角。"),
    ("010201", "巷子好久没扫，落叶一层。"), ("010203", "楼梯扶手上都是灰，很久没擦。"), ("010301", "树枝伸到阳台上，想请人修剪。"),
    ("010305", "毛毛虫掉得一地，晒不了被子。"), ("020102", "水果店把筐子摆到门外人行道上。"), ("020203", "楼门上贴满小广告。"),
    ("020302", "顶楼搭了阳光房，担心不安全。"), ("030102", "人行道地砖翘起来，下雨踩一脚水。"), ("030104", "坡道没有扶手，轮椅推不上去。"),
    ("030204", "污水井往外冒，一股味道。"), ("030302", "楼道声控灯不灵，要拍半天。"), ("030304", "路边想要一条长凳歇脚。"),
    ("030305", "网线从楼上挂下来。"), ("040101", "老房子墙裂了一道缝。"), ("040102", "外墙瓷砖掉下来一块，差点砸到人。"),
    ("040201", "物业打电话没人接，门禁坏了不修。"), ("040203", "想成立业委会，问怎么开始。"), ("040205", "车位划线看不清，停车起争执。"),
    ("040206", "电梯广告的钱从来没有公示过。"), ("040301", "电梯停运半天，拎东西上楼很累。"), ("040304", "想加装电梯，一楼不同意。"),
    ("040402", "改造施工挖开的沟没填。"), ("040405", "楼上空调水滴到我家雨棚上。"), ("050102", "店里的喇叭一天到晚放促销。"),
    ("050105", "楼上拖椅子的声音很大。"), ("050201", "早餐店油烟排到楼道里。"), ("060103", "自来水有点发黄。"),
    ("060202", "电线老化，插座打火。"), ("070101", "想问低保怎么申请。"), ("070202", "想给老人订送餐。"), ("070302", "门口台阶高，想做无障碍坡道。"),
    ("080201", "想找一份看门的活。"), ("080302", "异地看病怎么报销。"), ("090101", "想签家庭医生。"), ("090201", "厨房里有蟑螂，想要药。"),
    ("100201", "乒乓球台裂了。"), ("110201", "理发店关门，卡里还有钱。"), ("120101", "电瓶被偷了。"), ("120202", "邻居家的狗白天叫个不停。"),
    ("120301", "和隔壁为放鞋柜闹矛盾。"), ("130101", "楼梯下面堆着旧自行车。"), ("130102", "有人拉线给电动车充电。"), ("130105", "充电棚不够用。"),
    ("140104", "一辆旧车停了一年没动过。"), ("150103", "开居住证明要带什么。"),
]  # fmt: skip


@dataclass
class Asked:
    """One labelled question: what the second person says, the key of the first matter, and the label."""

    key: str
    is_same: bool
    half: str
    category: str
    place: str
    text: str
    area: Area | None


@dataclass
class Measure:
    """What came back for a set of questions; see test_twins.py for the definitions."""

    asked: int = 0
    recalled: int = 0
    shown: int = 0
    false: int = 0
    fooled: int = 0
    look_alikes: int = 0

    @property
    def recall(self) -> float:
        return self.recalled / max(1, self.asked - self.look_alikes)

    @property
    def false_share(self) -> float:
        return self.false / max(1, self.shown)

    @property
    def fooled_share(self) -> float:
        return self.fooled / max(1, self.look_alikes)


class Town:
    """`Town(world)` builds everything; `ask(half)` measures."""

    def __init__(self, world):
        self.world, self.office = world, world.office
        self.grids = [
            world.area(f"grid_{n}", "grid", f"测 {n:02} 网格", f"99010900900{n}099", "east")
            for n in range(GRIDS)
        ]
        self.procedure = RuleSet.objects.current("procedures", self.office)
        self.cases: dict[str, Case] = {}
        self.questions: list[Asked] = []
        self._pairs()
        self._background()
        self._save()
        twin_words.count_words(self.office)

    def grid_of(self, place: str) -> Area | None:
        """The grid of a place that the office knows by exactly this name."""
        home, _ = twin_words.house_of(place)
        known = [*HOMES, *STREETS]
        known += [twin_words.house_of(row[1][1])[0] for label in PAIRS for row in PAIRS[label]]
        known = sorted(set(known))
        return self.grids[known.index(home) % GRIDS] if home in known else None

    def _pairs(self):
        for label, rows in PAIRS.items():
            for number, (half, first, again, days) in enumerate(rows):
                key = f"{label}-{number}"
                self._case(key, *first, days=days, ended=days > 365)
                category, place, text = again
                self.questions.append(
                    Asked(key, label == "same", half, category, place, text, self.grid_of(place))
                )

    def _background(self):
        """Other matters, none of them the same sort at the same place as a labelled one."""
        taken = set()
        for question in self.questions:
            first = self.cases[question.key]
            for category in (question.category, first.category):
                for place in (question.place, first.place):
                    taken.add((category, twin_words.house_of(place)))
        number = step = 0
        while number < BACKGROUND:
            category, text = OTHERS[(step * 7) % len(OTHERS)]
            if step % 3:
                place = f"{HOMES[(step * 5) % len(HOMES)]} {1 + step % 9} 幢"
            else:
                place = f"{STREETS[step % len(STREETS)]} {10 + (step * 13) % 150} 号"
            step += 1
            if (category, twin_words.house_of(place)) in taken:
                continue
            self._case(
                f"background-{number}",
                category,
                place,
                f"{place.split()[0]}{text}",
                days=1 + (step * 11) % 200,
            )
            number += 1

    def _case(self, key, category, place, text, *, days, ended=False):
        at = clock.now() - timedelta(days=days)
        area = self.grid_of(place) or self.grids[0]
        self.cases[key] = Case(
            office=self.office, number=f"T-{len(self.cases):05}", kind="city_problem", channel="call",
            procedure=self.procedure, title=shorten(text), description=text, category=category, area=area, place=place,
            registered_at=at, updated_at=at, state="closed" if ended else "in_hand",
            ended_at=at + timedelta(days=10) if ended else None,
        )  # fmt: skip

    def _save(self):
        for case in self.cases.values():
            search.index(case)
        Case.objects.bulk_create(self.cases.values())
        rows = [
            (key, case)
            for case in self.cases.values()
            for key in (case.area_id, self.world.areas["street"].pk)
        ]
        Reader.objects.bulk_create([Reader(office=self.office, key=key, case=case) for key, case in rows])

    def hints(self, question: Asked) -> list:
        user = self.world.clerk
        return twins.likely(
            user, text=question.text, area=question.area, place=question.place, category=question.category
        )

    def ask(self, half: str = "", tell=None) -> Measure:
        found = Measure()
        for question in self.questions:
            if half and question.half != half:
                continue
            hints = self.hints(question)
            first = self.cases[question.key].pk
            hit = any(hint.case.pk == first for hint in hints)
            found.asked += 1
            found.shown += len(hints)
            found.false += sum(not (question.is_same and hint.case.pk == first) for hint in hints)
            if question.is_same:
                found.recalled += hit
            else:
                found.look_alikes += 1
                found.fooled += hit
            if tell:
                tell(question, hints, hit)
        return found
