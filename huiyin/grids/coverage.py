"""Who covers which community, street and compound for which period; and what each official covers."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Coalesce, Collate

from huiyin.areas.models import Area
from huiyin.base.refusal import Refusal
from huiyin.grids import rulings, tallies
from huiyin.grids.models import Responsibility
from huiyin.orgs.models import Post
from huiyin.rules import clock

PAGE, MOST = 50, 1000
FIELDS = ("q", "area", "kind", "group", "on", "after")


@dataclass
class Line:
    """One row of the table, from a responsibility or from a post."""

    place: str
    community: str
    code: str
    kind: rulings.Kind
    who: str
    since: date
    until: date | None
    row: object
    is_post: bool = False

    @property
    def mark(self) -> tuple:
        return self.code, str(self.row.pk)


@dataclass
class CoverFilter:
    """Person (Chinese, pinyin, initials), area code, kind or group, the day; "all" for every period."""

    q: str = ""
    area: str = ""
    kind: str = ""
    group: str = ""
    on: str = ""
    after: str = ""
    day: date | None = field(default=None, init=False)

    @classmethod
    def from_query(cls, query) -> "CoverFilter":
        made = cls(**{name: query.get(name, "").strip()[:80] for name in FIELDS})
        try:
            made.day = None if made.on == "all" else date.fromisoformat(made.on) if made.on else clock.today()
        except ValueError as error:
            raise Refusal("日期要写成 2026-11-22。", status=400, errors={"on": "日期不对"}) from error
        return made

    def page(self, user, most: int = PAGE) -> tuple[list[Line], str]:
        """Up to `most` lines in the order of places, and the cursor of the next page ('' at the end)."""
        kinds = rulings.kinds(user.office_id)
        wanted = {code for code, kind in kinds.items() if self._wants(kind)}
        area = Area.objects.visible_to(user).valid().filter(code=self.area).defer("boundary").first()
        if self.area and area is None:
            return [], ""
        lines = [_of_row(row, kinds) for row in self._rows(user, wanted, area)[: most + 1]]
        posts = {kinds[code].from_post: kinds[code] for code in wanted if kinds[code].from_post}
        if posts:
            lines += [_of_post(row, posts) for row in self._posts(user, posts, area)[: most + 1]]
        lines.sort(key=lambda line: line.mark)
        after = "~".join(lines[most - 1].mark) if len(lines) > most else ""
        return lines[:most], after

    def _wants(self, kind: rulings.Kind) -> bool:
        return (not self.kind or kind.code == self.kind) and (not self.group or kind.group == self.group)

    def _rows(self, user, wanted, area):
        rows = Responsibility.objects.visible_to(user).filter(role__in=wanted)
        rows = rows.annotate(code=Collate(Coalesce("area__code", "section__community__code"), "C"))
        if self.day:
            rows = rows.current(self.day)
        if self.q:
            rows = rows.filter(_named(self.q, "user__") | Q(name__icontains=self.q) | _unit(self.q))
        if area is not None:
            rows = rows.filter(_about("area", area) | _about("section__community", area))
        rows = rows.select_related(
            "user", "organisation", "substitute", "section__community", "area__parent__parent"
        )
        rows = rows.defer(
            "organisation__services", "section__shape", "section__community__boundary", "area__boundary",
            "area__parent__boundary", "area__parent__parent__boundary",
        )  # fmt: skip
        return self._onwards(rows)

    def _posts(self, user, posts, area):
        rows = Post.objects.visible_to(user).filter(role__in=posts)
        rows = rows.annotate(code=Collate(F("area__code"), "C"))
        if self.day:
            rows = rows.current(self.day)
        if self.q:
            rows = rows.filter(_named(self.q, "user__"))
        if area is not None:
            rows = rows.filter(_about("area", area))
        rows = rows.select_related("user", "substitute", "organisation", "area__parent")
        return self._onwards(rows.defer("organisation__services", "area__boundary", "area__parent__boundary"))

    def _onwards(self, rows):
        if self.after:
            code, _, pk = self.after.partition("~")
            try:
                rows = rows.filter(Q(code__gt=code) | Q(code=code, pk__gt=UUID(pk)))
            except ValueError as error:
                raise Refusal("翻页记号不对，请从第一页重新看。", status=400) from error
        return rows.order_by("code", "pk")


def _named(text: str, prefix: str) -> Q:
    low = text.lower()
    return (
        Q(**{f"{prefix}name__icontains": text})
        | Q(**{f"{prefix}pinyin__startswith": low})
        | Q(**{f"{prefix}initials__startswith": low})
    )


def _unit(text: str) -> Q:
    return Q(organisation__name__icontains=text) | Q(organisation__short_name__icontains=text)


def _about(path: str, area: Area) -> Q:
    """In the area, or for a larger one that holds it: both answer for it."""
    return (
        Q(**{f"{path}__ancestors__contains": [area.pk]})
        | Q(**{f"{path}": area.pk})
        | Q(**{f"{path}__in": area.ancestors})
    )


def _of_row(row: Responsibility, kinds) -> Line:
    community = row.section.community if row.section_id else _community(row.area)
    kind = kinds[row.role]
    return Line(row.target, str(community or ""), row.code, kind, row.who, row.start_on, row.end_on, row)


def _of_post(post: Post, posts) -> Line:
    community = _community(post.area)
    return Line(
        post.area.name, str(community or ""), post.code, posts[post.role], post.user.name, post.start_on,
        post.end_on, post, is_post=True,
    )  # fmt: skip


def _community(area: Area) -> Area | None:
    while area is not None and area.kind in ("grid", "building"):
        area = area.parent
    return area if area is not None and area.kind == "community" else None


@dataclass
class Official:
    """One official (or firm) with what they cover on the day: [(responsibility, kind, tallies)]."""

    who: str
    title: str
    rows: list = field(default_factory=list)

    @property
    def places(self) -> int:
        return len({(row.area_id, row.section_id, row.compound) for row, _, _ in self.rows})


def officials(user, group: str = "cadre", on: date | None = None) -> list[Official]:
    """Each responsible official with areas covered and the numbers rooms above know of them, most areas first.

    Numbers stand at whole areas; a compound shows those of its grid, a road section none.
    """
    kinds = {code: kind for code, kind in rulings.kinds(user.office_id).items() if kind.group == group}
    rows = Responsibility.objects.visible_to(user).current(on).filter(role__in=kinds)
    rows = rows.select_related("user", "organisation", "area", "section__community").defer(
        "organisation__services", "area__boundary", "section__shape", "section__community__boundary"
    )
    rows = list(rows.order_by("area__code", "section__name", "pk")[:MOST])
    areas = {row.area_id: row.area for row in rows if row.area_id}
    numbers = tallies.of_areas(user, list(areas.values()))
    titles = _titles({row.user_id for row in rows if row.user_id})
    found: dict = defaultdict(lambda: Official("", ""))
    for row in rows:
        official = found[row.user_id or row.who]
        official.who, official.title = row.who, titles.get(row.user_id, "")
        official.rows.append((row, kinds[row.role], numbers.get(row.area_id, [])))
    return sorted(found.values(), key=lambda official: (-official.places, official.who))


def _titles(ids) -> dict:
    rows = Post.objects.current().filter(user__in=ids).order_by("-start_on", "-pk")
    return dict(rows.values_list("user_id", "title"))
