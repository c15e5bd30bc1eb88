"""The notice as a poster on A3 or A4: one grid, or all grids of a community one after another."""

from huiyin.areas.models import Area
from huiyin.base.refusal import Refusal
from huiyin.grids import mapping
from huiyin.grids.notice import Notice, notices_of
from huiyin.grids.people import Person
from huiyin.papers import pdf
from huiyin.papers.blocks import (
    Banner,
    Block,
    Cell,
    Code,
    Columns,
    Gap,
    Grid,
    Page,
    PageBreak,
    Paper,
    Paragraph,
    Picture,
    Row,
    Span,
)  # fmt: skip
from huiyin.rules import clock

MOST = 40
SHARE = {"a3": 1.0, "a4": 0.707}
INK, QUIET, BLUE = "1f1f1c", "55524a", "24479a"
COVERS = 14  # entries of the area; the rest is counted


def render(grids: list[Area], *, address: str, size: str = "a3") -> bytes:
    """The PDF of the posters of `grids` (one office), a page each. `address` is the house's own: https://….

    Raises Refusal for an unknown size or more than MOST grids.
    """
    if size not in SHARE:
        raise Refusal("只有 A3 和 A4 两种大小，请选一种。", status=400)
    if len(grids) > MOST:
        raise Refusal(f"一次最多印 {MOST} 张，请一个网格一个网格地印。", status=400)
    if not grids:
        raise Refusal("这里还没有网格，没有可印的公示。", status=409)
    notices = notices_of(grids[0].office, grids)
    beside = mapping.neighbours_of(grids)
    blocks: list[Block] = []
    for number, notice in enumerate(notices):
        picture = mapping.png(notice.grid, beside.get(notice.grid.parent_id, []))
        blocks += [PageBreak()] if number else []
        blocks += Poster(notice, picture, address + notice.path, SHARE[size]).blocks
    title = notices[0].grid.name if len(notices) == 1 else notices[0].community.name
    page = _page(SHARE[size])
    return pdf.render(
        Paper(f"{title}{notices[0].words['title']}", tuple(blocks), page=page, day=str(clock.today()))
    )


def _page(share: float) -> Page:
    return Page(
        round(297 * share), round(420 * share), 0, 18 * share, 18 * share, 14 * share, lines=0, characters=0,
        pitch_pt=36 * share, size_pt=24 * share, numbers="none",
    )  # fmt: skip


class Poster:
    """The blocks of one notice; every size is that of A3 times `share`."""

    def __init__(self, notice: Notice, picture: str, address: str, share: float):
        self.notice, self.picture, self.address, self.share = notice, picture, address, share
        self.width_mm = 261 * share

    @property
    def blocks(self) -> list[Block]:
        notice = self.notice
        return [
            Banner(notice.grid.name, size_pt=62 * self.share, fill=BLUE),
            self.words(
                f"{notice.office.name}　{notice.words['title']}　{_cn(notice.since)}起", 20, QUIET, "songti"
            ),
            Columns((1.05, 1), (tuple(self.people()), tuple(self.place())), gap_mm=10 * self.share),
            Gap(0.4),
            self.table(),
            Gap(0.4),
            Columns(
                (1, 1, 0.62), (tuple(self.can()), tuple(self.never()), (self.code(),)), gap_mm=8 * self.share
            ),
        ]

    def words(
        self, text, size: float, color: str = INK, face: str = "heiti", align: str = "left"
    ) -> Paragraph:
        return Paragraph(text, indent=0, align=align, face=face, size_pt=size * self.share, color=color)

    def people(self):
        """The grid workers large, as one looks for them from two steps away."""
        if not self.notice.workers:
            yield self.words("网格员还没有定，有事打值守电话", 30)
        for person in self.notice.workers:
            yield self.words(person.title, 20, QUIET, "songti")
            yield self.words(person.name, 56, INK, "xiaobiaosong")
            if person.phone:
                yield self.words(person.phone, 40, BLUE)
            if person.stand_in:
                yield self.words(f"不在时找：{person.stand_in} {person.stand_in_phone}", 20, INK, "songti")
        yield self.words("晚上和周末打", 20, QUIET, "songti")
        yield self.words(self.notice.phone, 40, BLUE)

    def place(self):
        if self.picture:
            width = self.width_mm * 0.47
            yield Picture(
                data=self.picture,
                width_mm=width,
                alt=f"{self.notice.grid.name}在{self.notice.community.name}的位置",
            )

    def table(self) -> Grid:
        rows = [(person.title, _person(person)) for person in self.notice.others]
        rows += [(person.title, _person(person)) for person in self.notice.community_people]
        if self.notice.station:
            station = self.notice.station
            rows.append(("坐在哪里", "，".join(filter(None, (station.name, station.address, station.hours)))))
        rows.append(("管哪一片", covered(self.notice)))
        whose, number = self.notice.oversight
        if number:
            rows.append(("监督电话", f"{number}（{whose}）"))
        size = 22 * self.share
        cells = tuple(
            Row(
                (Cell(label, is_label=True, size_pt=size), Cell(text, size_pt=size, face="songti")),
                least_mm=11 * self.share,
            )
            for label, text in _joined(rows)
        )
        return Grid((56 * self.share, self.width_mm - 56 * self.share), cells)

    def can(self):
        yield self.words("找我们可以", 24)
        for text in self.notice.words["can"]:
            yield self.words(f"· {text}", 19, INK, "songti")

    def never(self):
        yield self.words("我们不会", 24)
        for text in self.notice.words["never"]:
            yield self.words(f"· {text}", 19, INK, "songti")
        yield self.words(self.notice.words["visit"], 17, QUIET, "songti")

    def code(self) -> Code:
        caption = Span("扫一扫，有事直接说", face="heiti", size_pt=17 * self.share)
        return Code(self.address, size_mm=48 * self.share, caption=caption)


def _joined(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """People of one kind in one line."""
    found: dict[str, list[str]] = {}
    for label, text in rows:
        found.setdefault(label, []).append(text)
    return [(label, "；".join(texts)) for label, texts in found.items()]


def _person(person: Person) -> str:
    return "　".join(
        filter(None, (f"{person.name}{f'（{person.compound}）' if person.compound else ''}", person.phone))
    )


def covered(notice: Notice) -> str:
    """'柳湾里1—6幢、柳湾小学，共 381 户'."""
    shown = "、".join(notice.covers[:COVERS])
    if len(notice.covers) > COVERS:
        shown += f"等 {len(notice.covers)} 处"
    homes = f"共 {notice.households.value:.0f} 户" if notice.households else ""
    return "，".join(filter(None, (shown or "见图", homes)))


def _cn(day) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
