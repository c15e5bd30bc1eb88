"""Where notices hang: hung, renewed, taken down; which are outdated, which grids never had one."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from huiyin.accounts.models import Office
from huiyin.areas.models import Area
from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.grids import photos
from huiyin.grids.models import NoticePosting
from huiyin.grids.notice import notice_of, notices_of
from huiyin.grids.staffing import grids_of
from huiyin.rules import clock


@dataclass
class Hung:
    """One hanging notice and what is no longer true on it, in words."""

    posting: NoticePosting
    changes: list[str] = field(default_factory=list)


@dataclass
class Summary:
    """All that hangs in an office: outdated first, then up to date; grids where nothing hangs."""

    outdated: list[Hung] = field(default_factory=list)
    good: list[Hung] = field(default_factory=list)
    never: list[Area] = field(default_factory=list)
    bare: list[Area] = field(default_factory=list)  # once hung, all taken down

    @property
    def hanging(self) -> int:
        return len(self.good) + len(self.outdated)


@transaction.atomic
def hang(grid: Area, *, by, place: str, on: date, key=None, photo=None) -> NoticePosting:
    """A notice was put up. The same `key` again is the same notice; the same place twice is refused."""
    place = " ".join(place.split())
    _not_ahead(on)
    if key and (known := NoticePosting.objects.filter(pk=key, office=grid.office).first()):
        return known
    if NoticePosting.objects.hanging().filter(office=grid.office, grid=grid, place=place).exists():
        raise Refusal(
            f"“{place}”已经挂着 {grid.name} 的公示，换了新的请点“更新”。",
            errors={"place": "这里已经挂着一张"},
        )
    fields = {"pk": key} if key else {}
    picture = photos.checked(photo)
    posting = NoticePosting(
        office=grid.office, grid=grid, place=place, posted_on=on, by=by, printed=notice_of(grid).printed,
        **fields,
    )  # fmt: skip
    photos.keep(posting, picture)
    posting.save(force_insert=True)
    _note("张贴网格公示", posting, by, on=str(on), place=place)
    return posting


@transaction.atomic
def renew(posting: NoticePosting, *, by, on: date, photo=None) -> NoticePosting:
    """A fresh print hangs in the same place: it says what is true now."""
    posting = _hanging(posting)
    _not_ahead(on)
    if on < posting.as_of:
        raise Refusal(
            f"更新日不能早于上一次的 {posting.as_of}，请改日期。", status=400, errors={"on": "日期太早"}
        )
    posting.renewed_on, posting.by = on, by
    posting.printed = notice_of(posting.grid).printed
    photos.keep(posting, photos.checked(photo))
    posting.save(update_fields=["renewed_on", "by", "printed", "photo"])
    _note("更新网格公示", posting, by, on=str(on), place=posting.place)
    return posting


@transaction.atomic
def take_down(posting: NoticePosting, *, by, on: date, photo=None) -> NoticePosting:
    posting = _hanging(posting)
    _not_ahead(on)
    if on < posting.as_of:
        raise Refusal(f"取下日不能早于 {posting.as_of}，请改日期。", status=400, errors={"on": "日期太早"})
    posting.removed_on = on
    posting.save(update_fields=["removed_on"])
    _note("取下网格公示", posting, by, on=str(on), place=posting.place)
    return posting


def _hanging(posting: NoticePosting) -> NoticePosting:
    rows = NoticePosting.objects.select_for_update(of=("self",))
    posting = rows.select_related("grid__parent", "grid__office", "office").get(pk=posting.pk)
    if posting.removed_on:
        raise Refusal(f"这张公示 {posting.removed_on} 已经取下，要挂请登记新的一张。")
    return posting


def _not_ahead(on: date):
    if on > clock.today():
        raise Refusal("日期还没到，请填实际张贴、更新或取下的那一天。", status=400, errors={"on": "还没到"})


def _note(action: str, posting: NoticePosting, by, **detail):
    record(action, f"posting:{posting.pk}", by=by, office=posting.office, grid=posting.grid.code, **detail)


def summary(office_id, grids: list[Area] | None = None, people: dict | None = None) -> Summary:
    """Every hanging notice against what its grid's notice says today; ten queries for a whole office."""
    office = Office.objects.get(pk=office_id)
    grids = list(grids_of(office_id)) if grids is None else grids
    now = {
        notice.grid.pk: notice.printed for notice in notices_of(office, grids, covers=False, people=people)
    }
    rows = defaultdict(list)
    ids = [grid.pk for grid in grids]
    for posting in NoticePosting.objects.filter(office_id=office_id, grid__in=ids).order_by(
        "posted_on", "pk"
    ):
        rows[posting.grid_id].append(posting)
    found = Summary()
    for grid in grids:
        hanging = [row for row in rows[grid.pk] if row.removed_on is None]
        if not hanging:
            (found.bare if rows[grid.pk] else found.never).append(grid)
        for posting in hanging:
            posting.grid = grid
            hung = Hung(posting, changes(posting.printed, now[grid.pk]))
            (found.outdated if hung.changes else found.good).append(hung)
    return found


def changes(printed: list, now: list) -> list[str]:
    """['网格长 张三 → 李四', '值守电话 … → …']: what a wall says against what is true; [] when it is the same."""
    before, after = [tuple(line) for line in printed], [tuple(line) for line in now]
    gone, come = defaultdict(list), defaultdict(list)
    for line in before:
        if line not in after:
            gone[line[0]].append(line)
    for line in after:
        if line not in before:
            come[line[0]].append(line)
    return [_change(title, gone[title], come[title]) for title in dict.fromkeys([*gone, *come])]


def _change(title: str, gone: list, come: list) -> str:
    """Only what differs: the name, else the number, else the stand-in."""
    for part, word in ((1, ""), (2, "" if title.endswith("电话") else "电话"), (3, "的 B 角")):
        old, new = [line[part] for line in gone], [line[part] for line in come]
        if sorted(old) != sorted(new):
            lost = [text for text in old if text not in new]
            got = [text for text in new if text not in old]
            return f"{title}{word} {'、'.join(filter(None, lost)) or '没有'} → {'、'.join(filter(None, got)) or '没有了'}"
    return title
