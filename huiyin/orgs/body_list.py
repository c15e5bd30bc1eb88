"""Standing bodies as the pages show them: a filtered list as of a day, one body's members and places."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, When

from huiyin.areas.models import Area
from huiyin.base.refusal import Refusal
from huiyin.orgs import bodies
from huiyin.orgs.models import STANDING_BODIES, Function, Membership, Organisation, OrganisationKind, Post
from huiyin.rules import clock

PAGE = 50
MOST_MEMBERS = 500
RANK = Case(
    *(When(kind=kind, then=rank) for rank, kind in enumerate(STANDING_BODIES)),
    default=len(STANDING_BODIES),
    output_field=IntegerField(),
)
ORDER = {name: rank for rank, name in enumerate(Function.values)}


@dataclass
class BodyFilter:
    """Kind, community code, text, cursor, and the day as of which the bodies are shown."""

    kind: str = ""
    community: str = ""
    q: str = ""
    after: str = ""
    on: date | None = None

    @classmethod
    def from_query(cls, query) -> "BodyFilter":
        chosen = cls(
            **{name: query.get(name, "").strip()[:80] for name in ("kind", "community", "q", "after")}
        )
        if chosen.kind and chosen.kind not in STANDING_BODIES:
            raise Refusal("没有这一类组织，请从上面选。", status=400)
        if query.get("on"):
            try:
                chosen.on = clock.local(query["on"]).date()
            except ValueError as error:
                raise Refusal("日期要写成 2026-11-22。", status=400) from error
        return chosen

    @property
    def day(self) -> date:
        return self.on or clock.today()

    def queryset(self, user):
        rows = Organisation.objects.visible_to(user).current(self.day).filter(kind__in=STANDING_BODIES)
        if self.community:
            area = Area.objects.visible_to(user).valid().filter(code=self.community).first()
            rows = rows.filter(area__in=Area.objects.within(area)) if area else rows.none()
        return rows.matching(self.q) if self.q else rows

    def kinds(self, user) -> list[tuple[OrganisationKind, int]]:
        """(kind, number) of every kind that there is, in the order of the list."""
        rows = self.queryset(user).order_by().values_list("kind").annotate(Count("pk"))
        counted = dict(rows)
        return [(kind, counted[kind]) for kind in STANDING_BODIES if counted.get(kind)]

    def page(self, user) -> tuple[list[Organisation], str]:
        """Up to PAGE bodies with `heads`, `counts` {function: number}, `warnings`; and the next cursor."""
        rows = self.queryset(user).filter(kind=self.kind) if self.kind else self.queryset(user)
        rows = rows.annotate(rank=RANK)
        rank, _, code = self.after.partition("~")
        if rank.isdigit():
            rows = rows.filter(Q(rank__gt=int(rank)) | Q(rank=int(rank), code__gt=code))
        rows = rows.select_related("area", "parent").defer("area__boundary").order_by("rank", "code")
        found = list(rows[: PAGE + 1])
        shown = found[:PAGE]
        members = members_of(shown, self.day)
        for body in shown:
            arrange(body, members[body.pk], self.day)
        return shown, f"{shown[-1].rank}~{shown[-1].code}" if len(found) > PAGE else ""


def members_of(organisations, on: date) -> dict:
    """organisation id → members on that day, heads first; one query for all. `has_left`: holds no post any more."""
    posts = Post.objects.current().filter(user=OuterRef("user_id"))
    rows = (
        Membership.objects.current(on).filter(organisation__in=organisations).select_related("user", "unit")
    )
    found = defaultdict(list)
    for row in rows.annotate(has_post=Exists(posts)).order_by("order", "start_on", "pk")[: MOST_MEMBERS * 10]:
        row.has_left = row.user_id is not None and not row.has_post
        found[row.organisation_id].append(row)
    for members in found.values():
        members.sort(key=lambda row: ORDER[row.function])
    return found


def arrange(body: Organisation, members: list[Membership], on: date):
    """Put what a page shows on `body`: members, heads, counts, warnings."""
    body.shown_members = members
    body.heads = [row for row in members if row.function == Function.HEAD]
    counts = defaultdict(int)
    for row in members:
        counts[row.function] += 1
        row.runs_out = row.end_on or bodies.term_end(body, row.start_on)
        row.is_over = row.runs_out is not None and row.runs_out <= on
    body.counts = [(Function(name).label, counts[name]) for name in Function.values if counts[name]]
    body.warnings = warnings_of(body, members)


def warnings_of(body: Organisation, members: list[Membership]) -> list[str]:
    """What somebody should put right: no head, members who have left their posts, terms that ran out."""
    found = []
    if not body.heads and body.kind != OrganisationKind.PRACTICE_SITE:
        found.append("没有负责人")
    left = [row.who for row in members if row.has_left]
    if left:
        found.append(f"{'、'.join(left[:3])}{'等' if len(left) > 3 else ''}已离任，还没有换人")
    over = [row.who for row in members if row.is_over]
    if over:
        found.append(f"{'、'.join(over[:3])}{'等' if len(over) > 3 else ''}任期已满")
    return found


def one(body: Organisation, on: date | None = None) -> dict:
    """Members and places of one body as of a day, and the terms that are over."""
    day = on or clock.today()
    arrange(body, members_of([body], day)[body.pk], day)
    past = body.memberships.filter(end_on__lte=day).select_related("user", "unit").order_by("-end_on", "pk")
    venues = body.venues.filter(Q(valid_until=None) | Q(valid_until__gt=day), valid_from__lte=day)
    return {
        "members": body.shown_members[:MOST_MEMBERS],
        "past_members": list(past[:100]),
        "venues": list(venues.order_by("name")[:100]),
        "body_warnings": body.warnings,
        "counts": body.counts,
    }
