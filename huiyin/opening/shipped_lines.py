"""The lines of the check-list that the house brings along, also those of the rooms below."""

from datetime import timedelta

from django.db.models import Exists, OuterRef

from huiyin.accounts.models import User
from huiyin.areas.models import Area, AreaKind
from huiyin.grids import staffing
from huiyin.opening import missing, rulesets
from huiyin.opening.missing import gap
from huiyin.orgs.models import (
    STANDING_BODIES,
    Function,
    Membership,
    Organisation,
    OrganisationKind,
    Post,
    Role,
)
from huiyin.reception import rota
from huiyin.rules import clock
from huiyin.rules.models import RuleSet

CALENDAR_AHEAD = timedelta(days=60)
OFFICE_FIELDS = {"phone": "值守电话", "address": "地址", "hours": "接待时间", "document_mark": "发文代字"}
# Where there are no grids, "every grid has its worker" says nothing.
AFTER = dict.fromkeys(("community_grids", "boundaries", "grid_workers", "grid_staffing"), "areas")
AFTER |= dict.fromkeys(("unit_people", "unit_heads"), "units") | {
    "substitutes": "centre_posts",
    "signed_in": "centre_posts",
}
CENTRE_ROLES = (Role.CLERK, Role.DEPUTY, Role.DIRECTOR, Role.DUTY_LEADER)


def _areas(office, *kinds):
    return Area.objects.valid().filter(office=office, kind__in=kinds).defer("boundary").order_by("code")


def office_unfinished(office):
    return gap([label for name, label in OFFICE_FIELDS.items() if not getattr(office, name).strip()])


def no_areas(office):
    lacking = [] if _areas(office, AreaKind.COMMUNITY).exists() else ["社区"]
    return gap(lacking + ([] if _areas(office, AreaKind.GRID).exists() else ["网格"]))


def without_boundary(office):
    return gap(_areas(office, AreaKind.COMMUNITY, AreaKind.GRID).filter(boundary__isnull=True))


def community_without_grid(office):
    grids = Area.objects.valid().filter(parent=OuterRef("pk"), kind=AreaKind.GRID)
    return gap(_areas(office, AreaKind.COMMUNITY).filter(~Exists(grids)))


def grid_without_worker(office):
    workers = Post.objects.current().filter(area=OuterRef("pk"), role=Role.GRID_WORKER)
    return gap(_areas(office, AreaKind.GRID).filter(~Exists(workers)))


def no_units(office):
    return gap(
        []
        if Organisation.objects.handling().filter(office=office, kind=OrganisationKind.DEPARTMENT).exists()
        else ["联动部门"]
    )


def unit_without_people(office):
    """A unit to which matters may go and in which nobody could take them."""
    people = Post.objects.current().filter(
        organisation=OuterRef("pk"), role__in=[Role.HANDLER, Role.UNIT_HEAD, Role.STATION]
    )
    kinds = [OrganisationKind.DEPARTMENT, OrganisationKind.STATION]
    rows = Organisation.objects.current().filter(office=office, kind__in=kinds).order_by("code")
    return gap(rows.filter(~Exists(people)))


def unit_without_head(office):
    heads = Post.objects.current().filter(organisation=OuterRef("pk"), role=Role.UNIT_HEAD)
    rows = (
        Organisation.objects.current()
        .filter(office=office, kind=OrganisationKind.DEPARTMENT)
        .order_by("code")
    )
    return gap(rows.filter(~Exists(heads)))


def grid_below_rule(office):
    """By the office's own rule of how many people of which kind a grid needs."""
    return gap([f"{row.grid.name}：{'，'.join(row.lacks)}" for row in staffing.gaps(office)])


def rota_gaps(office):
    """Working days of this and the next week on which no leader receives."""
    this = rota.monday_of(clock.today())
    found = [one for week in (this, this + timedelta(days=7)) for one in rota.gaps(office, week)]
    return gap(list(rota.gap_words([one for one in found if one[0] >= clock.today()])))


def body_without_head(office):
    heads = Membership.objects.current().filter(organisation=OuterRef("pk"), function=Function.HEAD)
    rows = Organisation.objects.current().filter(office=office, kind__in=STANDING_BODIES).order_by("code")
    return gap(rows.filter(~Exists(heads)))


def no_centre_posts(office):
    held = set(Post.objects.current().filter(office=office).values_list("role", flat=True))
    wanted = {
        "受理员": held & set(CENTRE_ROLES),
        "值班领导或中心主任": held & {Role.DUTY_LEADER, Role.DIRECTOR, Role.DEPUTY},
        "督查员": held & {Role.SUPERVISOR},
    }
    return gap([name for name, there in wanted.items() if not there])


def post_without_substitute(office):
    roles = [Role.CLERK, Role.HANDLER, Role.UNIT_HEAD, Role.SUPERVISOR, Role.GRID_WORKER]
    rows = Post.objects.current().filter(office=office, role__in=roles, substitute=None)
    rows = rows.select_related("user", "organisation").order_by("organisation__code", "pk")
    return gap(rows, lambda post: f"{post.organisation} {post.user.name}")


def never_signed_in(office):
    rows = User.objects.filter(office=office, is_active=True, last_login=None).order_by("pinyin", "pk")
    return gap(rows, lambda user: user.name)


def _codes(office) -> set[str]:
    return set(Organisation.objects.handling().filter(office=office).values_list("code", flat=True))


def _content(office, name: str) -> dict:
    try:
        return RuleSet.objects.current(name, office).content
    except RuleSet.DoesNotExist:
        return {}


def duties_not_own(office):
    return gap([] if rulesets.own(office, "duty_lists") else ["现在用的是出厂的示例清单"])


def duty_of_unknown_unit(office):
    known = _codes(office)
    clauses = [
        (part["name"], row)
        for part in _content(office, "duty_lists").get("lists", [])
        for row in part["clauses"]
    ]
    return gap(
        [
            f"{name}-{row['number']}（{row['unit']}）"
            for name, row in clauses
            if row.get("unit") and row["unit"] not in known
        ]
    )


def categories_not_own(office):
    return gap([] if rulesets.own(office, "categories") else ["现在用的是出厂的示例分类"])


def category_without_unit(office):
    rows, known = _content(office, "categories").get("categories", []), _codes(office)
    above = {row.get("parent") for row in rows}
    return gap(
        [
            f"{row['code']} {row['name']}"
            for row in rows
            if row["code"] not in above and row.get("unit") not in known
        ]
    )


def calendar_ends(office):
    """Working days beyond the confirmed years are provisional."""
    years = _content(office, "calendar").get("years", {})
    until = clock.today() + CALENDAR_AHEAD
    return gap(
        [
            str(year)
            for year in range(clock.today().year, until.year + 1)
            if not years.get(str(year), {}).get("confirmed")
        ]
    )


def register() -> None:
    """Put up the lines; called once from AppConfig.ready."""
    step = {"url_name": "opening_step"}
    lines = [
        ("office", "街道的电话、地址、接待时间、发文代字都填了", office_unfinished, {"url_name": "opening_office"}, False),
        ("areas", "有社区、有网格", no_areas, step | {"args": ("areas",)}, True),
        ("community_grids", "每个社区都分了网格", community_without_grid, step | {"args": ("areas",)}, False),
        ("boundaries", "每个社区、网格都有边界", without_boundary, step | {"args": ("boundaries",)}, False),
        ("units", "有可以办事的部门", no_units, step | {"args": ("organisations",)}, True),
        ("centre_posts", "联动中心有受理、值班、督查的人", no_centre_posts, step | {"args": ("people",)}, True),
        ("unit_people", "每个部门、服务站都有人能签收", unit_without_people, step | {"args": ("people",)}, True),
        ("unit_heads", "每个部门有负责人", unit_without_head, step | {"args": ("people",)}, False),
        ("grid_workers", "每个网格有网格员", grid_without_worker, step | {"args": ("people",)}, False),
        ("grid_staffing", "每个网格的人数够规定", grid_below_rule, {"url_name": "desk_grid_gaps"}, False),
        ("rota", "这周和下周每天有领导接待", rota_gaps, {"url_name": "reception_rota"}, False),
        ("substitutes", "每个岗位有 B 角", post_without_substitute, step | {"args": ("people",)}, False),
        ("signed_in", "每个人都登录过", never_signed_in, {"url_name": "opening_links"}, False),
        ("body_heads", "每个议事和服务组织有负责人", body_without_head, step | {"args": ("members",)}, False),
        ("duties", "职责清单是本街道的", duties_not_own, step | {"args": ("duties",)}, False),
        ("duty_units", "清单里的承办单位都在", duty_of_unknown_unit, step | {"args": ("duties",)}, False),
        ("categories", "分类是本街道的", categories_not_own, step | {"args": ("categories",)}, False),
        ("category_units", "每个分类的默认主办都在", category_without_unit, step | {"args": ("categories",)}, False),
        ("calendar", "两个月内的放假安排已经确定", calendar_ends, {"url_name": "desk_rules"}, False),
    ]  # fmt: skip
    for number, (name, title, find, where, must) in enumerate(lines, 1):
        after = AFTER.get(name, "")
        missing.register(name, title, find, must=must, order=number * 10, after=after, **where)
