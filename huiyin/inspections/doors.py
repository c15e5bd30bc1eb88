"""The room's door on the rail, its parts on a matter's page and on 今日."""

from huiyin.cases import beside
from huiyin.inspections import parts
from huiyin.orgs.models import Role
from huiyin.shell import rail

INSPECTORS = frozenset(
    {Role.CLERK, Role.DEPUTY, Role.DIRECTOR, Role.DUTY_LEADER, Role.LEADER, Role.SUPERVISOR, Role.UNIT_HEAD,
     Role.HANDLER, Role.STATION, Role.GRID_WORKER}
)  # fmt: skip


def may_open(user) -> bool:
    return bool(getattr(user, "roles", frozenset()) & INSPECTORS)


def put_up():
    """Called once when the room is ready."""
    rail.register(
        "inspections",
        "巡查",
        "patrol",
        "desk_inspections",
        allowed=may_open,
        order=45,
        on_phone=False,
        group="work",
    )
    beside.MATTER.fill("inspections/parts/of_case.html", parts.of_case, order=12)
    beside.TODAY.fill("inspections/parts/today.html", parts.today, order=40)
