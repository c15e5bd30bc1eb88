"""Everyone in the office reads; the centre and the administrator change; supervisors check road sections too."""

from huiyin.orgs.models import Role

EDITORS = frozenset({Role.CLERK.value, Role.DEPUTY.value, Role.DIRECTOR.value, Role.ADMIN.value})
CHECKERS = EDITORS | {Role.SUPERVISOR.value}


def may_edit(user) -> bool:
    return bool(getattr(user, "roles", frozenset()) & EDITORS)


def may_check(user) -> bool:
    return bool(getattr(user, "roles", frozenset()) & CHECKERS)
