"""Who may do what in the reception room: the one table."""

from huiyin.cases.workflow import CENTRE, CHIEF, UNIT
from huiyin.orgs.models import Role
from huiyin.reception.models.consultation import HEADS, is_legal

OVERSEE = CENTRE | CHIEF | {Role.SUPERVISOR}
EVERYBODY = OVERSEE | UNIT | {Role.GRID_WORKER}
PLANNERS = frozenset({Role.CLERK, Role.DEPUTY, Role.DIRECTOR})
KEEPERS = frozenset({Role.DEPUTY, Role.DIRECTOR, Role.SUPERVISOR})

# page or act → roles. What a row shows is narrowed further by visible_to.
MAY = {
    "sheet": OVERSEE | UNIT,
    "rota": EVERYBODY,
    "rota.plan": PLANNERS,
    "rota.publish": frozenset({Role.DEPUTY, Role.DIRECTOR}),
    "rota.swap": PLANNERS | CHIEF,
    "hotline": OVERSEE,
    "hotline.log": CENTRE,
    "directives": OVERSEE,
    "directives.register": CENTRE,
    "outreach": EVERYBODY,
    "outreach.enter": CENTRE | CHIEF | {Role.STATION, Role.GRID_WORKER},
    "contacts": EVERYBODY,
    "contacts.set": PLANNERS,
    "thanks": EVERYBODY,
    "thanks.enter": CENTRE | UNIT,
    "hall": OVERSEE | UNIT,
    "hall.ticket": CENTRE | UNIT,
    "hall.serve": CENTRE | UNIT,
    "hall.arrange": PLANNERS,
    "tipoffs": CENTRE | {Role.SUPERVISOR},
    "tipoffs.register": CENTRE | {Role.SUPERVISOR},
    "tipoffs.reveal": KEEPERS,
    "services": EVERYBODY,
    "services.set": CENTRE | UNIT,
}


def may(user, act: str) -> bool:
    return bool(getattr(user, "roles", frozenset()) & MAY[act])


def may_consult(user) -> bool:
    """Advice is read by the legal posts and the heads of the centre alone; a role is not enough."""
    roles = getattr(user, "roles", frozenset())
    return bool(roles) and (bool(roles & HEADS) or is_legal(user))


def may_book(user) -> bool:
    """The centre books for whoever rings; what was advised it does not see."""
    return bool(getattr(user, "roles", frozenset()) & CENTRE) or may_consult(user)


def may_enter_room(user) -> bool:
    return may(user, "rota")
