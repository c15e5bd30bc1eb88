"""The service network as the pages show it: centre — stations — points — volunteers, departments, one unit."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from huiyin.areas.models import Area, AreaKind
from huiyin.base.refusal import Refusal
from huiyin.orgs.models import Organisation, OrganisationKind, Post, Role
from huiyin.rules.models import RuleSet

PAGE = 50
MOST = 300
HEADS = (Role.DIRECTOR, Role.DEPUTY, Role.UNIT_HEAD)
FIELDS = ("kind", "community", "service", "q", "after")


@dataclass
class NetworkFilter:
    """Kind, community code, service, text (Chinese, pinyin, initials) and the cursor of a page."""

    kind: str = ""
    community: str = ""
    service: str = ""
    q: str = ""
    after: str = ""

    @classmethod
    def from_query(cls, query) -> "NetworkFilter":
        chosen = cls(**{name: query.get(name, "").strip()[:80] for name in FIELDS})
        if chosen.kind and chosen.kind not in OrganisationKind:
            raise Refusal(f"没有“{chosen.kind}”这个类别，请从列表里选。", status=400)
        return chosen

    @property
    def is_narrow(self) -> bool:
        return any((self.kind, self.community, self.service, self.q))

    def queryset(self, user):
        rows = Organisation.objects.visible_to(user).current()
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.community:
            area = Area.objects.visible_to(user).valid().filter(code=self.community).first()
            rows = rows.filter(area__in=Area.objects.within(area)) if area else rows.none()
        if self.service:
            rows = rows.filter(services__contains=[self.service])
        return rows.matching(self.q) if self.q else rows

    def page(self, user) -> tuple[list, str]:
        """Up to PAGE rows in the order of their codes, and the cursor of the next page ('' at the end)."""
        rows = (
            self.queryset(user)
            .select_related("area__parent")
            .defer("area__boundary", "area__parent__boundary")
        )
        if self.after:
            rows = rows.filter(code__gt=self.after)
        found = list(rows.order_by("code")[: PAGE + 1])
        return found[:PAGE], found[PAGE - 1].code if len(found) > PAGE else ""

    def per_community(self, user) -> list[tuple]:
        """[(community or None for the whole subdistrict, number)] of all rows, not only of this page."""
        rows = self.queryset(user).order_by()
        counted = rows.values_list("area__kind", "area_id", "area__parent_id").annotate(Count("pk"))
        found = defaultdict(int)
        for kind, area, parent, number in counted:
            found[{AreaKind.COMMUNITY: area, AreaKind.GRID: parent}.get(kind)] += number
        names = {area.pk: area for area in Area.objects.filter(pk__in=[key for key in found if key])}
        pairs = [(names.get(key), number) for key, number in found.items()]
        return sorted(pairs, key=lambda pair: pair[0].code if pair[0] else "")


def services(user, kind: str = OrganisationKind.SERVICE_POINT) -> list[str]:
    """Every service that units of `kind` offer today, for the filter."""
    rows = (
        Organisation.objects.visible_to(user).current().filter(kind=kind).values_list("services", flat=True)
    )
    return sorted({name for names in rows for name in names})


def tiers(user) -> dict[str, tuple[int, int]]:
    """kind → (number of units, their members) of today."""
    rows = Organisation.objects.visible_to(user).current().order_by().values_list("kind")
    return {
        kind: (units, people or 0) for kind, units, people in rows.annotate(Count("pk"), Sum("member_count"))
    }


def stations(user) -> list[Organisation]:
    """Stations with `points`, `teams` and `volunteers` below each."""
    teams = Q(children__kind=OrganisationKind.VOLUNTEER_TEAM)
    points = Q(children__kind=OrganisationKind.SERVICE_POINT)
    rows = Organisation.objects.visible_to(user).current().filter(kind=OrganisationKind.STATION)
    rows = rows.annotate(
        points=Count("children", points & Q(children__valid_until=None)),
        teams=Count("children", teams & Q(children__valid_until=None)),
        volunteers=Sum("children__member_count", filter=teams & Q(children__valid_until=None)),
    )
    return list(rows.select_related("area").defer("area__boundary").order_by("code")[:MOST])


def units_with_posts(user, *kinds) -> list[Organisation]:
    """Units of `kinds` with `shown_posts` (in force today), `heads` and `pairs` [(A post, B user)]; two queries."""
    units = list(
        Organisation.objects.visible_to(user).current().filter(kind__in=kinds).order_by("code")[:MOST]
    )
    posts = posts_of(user).current().filter(organisation__in=units).order_by("start_on", "pk")
    by_unit = defaultdict(list)
    for post in posts:
        by_unit[post.organisation_id].append(post)
    for unit in units:
        unit.shown_posts = by_unit[unit.pk]
        unit.heads = [post for role in HEADS for post in unit.shown_posts if post.role == role]
        unit.staff = unit.member_count or len({post.user_id for post in unit.shown_posts})
        unit.pairs = ab_pairs([post for post in unit.shown_posts if post not in unit.heads])
        unit.absent = [post for post in unit.shown_posts if post.is_away]
    return units


def ab_pairs(posts) -> list[tuple]:
    """[(post of the A 角, its B 角 or None)]; two who stand in for each other are one pair."""
    pairs, shown = [], set()
    for post in sorted(posts, key=lambda row: "B" in row.title):
        if (post.substitute_id, post.user_id) not in shown:
            pairs.append((post, post.substitute))
            shown.add((post.user_id, post.substitute_id))
    return pairs


def posts_of(user):
    rows = Post.objects.visible_to(user).select_related("user", "substitute", "organisation", "area")
    return rows.defer("area__boundary")


def terms_of(unit) -> list:
    """Terms that this unit holds in standing bodies today, as a member unit."""
    rows = unit.member_of.current().select_related("organisation", "user")
    return list(rows.order_by("organisation__code")[:MOST])


def case_types(office) -> dict[str, list[str]]:
    """unit code → names of the categories that go to it by default, from the rules in force."""
    found = defaultdict(list)
    for row in _rules("categories", office).get("categories", []):
        if row.get("unit"):
            found[row["unit"]].append(row["name"])
    return found


def duties(office, code: str) -> list[str]:
    """The clauses of the duty lists that name this unit."""
    return [
        f"{part['name']}清单 第{row['number']}项：{row['text']}"
        for part in _rules("duty_lists", office).get("lists", [])
        for row in part["clauses"]
        if row.get("unit") == code
    ]


def _rules(name: str, office) -> dict:
    try:
        return RuleSet.objects.current(name, office).content
    except RuleSet.DoesNotExist:
        return {}
