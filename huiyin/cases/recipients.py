"""Who is told of a matter, in the words of the rule set `messages`: posts found once, only those who may read it.

An absent holder is told for the day of the return, the B 角 who stands in today is told too.
"""

from django.db.models import Q

from huiyin.cases import access
from huiyin.cases.models import Reader
from huiyin.cases.states import AssignmentState
from huiyin.orgs.models import Post, Role

UNIT_ROLES = frozenset({Role.HANDLER, Role.UNIT_HEAD, Role.STATION})
BY_ROLE = {
    "clerks": {Role.CLERK},
    "centre": {Role.CLERK, Role.DEPUTY},
    "deputy": {Role.DEPUTY},
    "chiefs": {Role.DIRECTOR, Role.DEPUTY, Role.LEADER, Role.DUTY_LEADER},
    "deciders": {Role.DIRECTOR, Role.DEPUTY, Role.DUTY_LEADER},
    "supervisors": {Role.SUPERVISOR},
}


class Recipients:
    """Collects who shall be told of `case`; `assignment` is the unit's part that it is about, or None."""

    def __init__(self, case, assignment=None):
        self.case, self.assignment = case, assignment
        self.roles: set = set()
        self.units: set = set()
        self.heads: set = set()
        self.users: set = set()
        self.grid_worker = False

    def add(self, words, **named) -> "Recipients":
        """`words` of the rule; `named`: word → user ids that the caller knows (asker, issuer …)."""
        for word in words:
            if word in BY_ROLE:
                self.roles |= BY_ROLE[word]
            elif word in named:
                self.users |= set(named[word]) - {None}
            else:
                getattr(self, f"_{word}")()
        return self

    def _grid_worker(self):
        self.grid_worker = True

    def _unit(self):
        if self.assignment:
            self.units.add(self.assignment.organisation_id)

    _sent = _unit

    def _head(self):
        row = self.assignment or self.case.lead
        if row:
            self.heads.add(row.organisation_id)

    def _assignee(self):
        self._owing(self.assignment or self.case.lead)

    def _assignees(self):
        for row in self.case.live_assignments:
            if row.state != AssignmentState.RETURNED:
                self._owing(row)

    def _in_charge(self):
        if self.case.in_charge_id:
            self.users.add(self.case.in_charge_id)
        else:
            self._owing(self.case.lead)

    def _owing(self, row):
        """Its handler, or whoever can name one."""
        if row is None:
            return
        if row.handler_id:
            self.users.add(row.handler_id)
        else:
            self.heads.add(row.organisation_id)

    def find(self, *, without=(), left=False) -> tuple[dict, dict]:
        """({id: user}, {id: posts}) of those who are told; `left`: also who no longer reads the matter."""
        posts = self._posts()
        keys = None if left else self._readers()
        users, through = {}, {}
        for post in posts:
            if not self._wanted(post, posts):
                continue
            for user in self._persons(post):
                if user.pk in without or not user.is_active or not self._reads(user, post, keys):
                    continue
                users[user.pk] = user
                through.setdefault(user.pk, []).append(post)
        return users, through

    def _posts(self) -> list[Post]:
        if not (self.roles or self.units or self.heads or self.users or self.grid_worker):
            return []
        wanted = Q(role__in=self.roles) | Q(organisation_id__in=self.units | self.heads)
        wanted |= Q(user_id__in=self.users)
        if self.grid_worker:
            wanted |= Q(role=Role.GRID_WORKER, area_id=self.case.area_id)
        rows = Post.objects.current().filter(wanted, office_id=self.case.office_id)
        return list(rows.select_related("user", "substitute"))

    def _wanted(self, post, posts) -> bool:
        if post.user_id in self.users:
            return True
        if post.role in self.roles:
            return post.area_id in self.case.area.path
        if self.grid_worker and post.role == Role.GRID_WORKER and post.area_id == self.case.area_id:
            return True
        if post.organisation_id in self.units and post.role in UNIT_ROLES:
            return True
        return post.organisation_id in self.heads and post.role == _head_role(post.organisation_id, posts)

    @staticmethod
    def _persons(post):
        if post.is_away and post.substitute:
            return [post.user, post.substitute]
        return [post.user]

    def _readers(self) -> set:
        rows = Reader.objects.filter(office_id=self.case.office_id, case=self.case)
        return set(rows.values_list("key", flat=True))

    @staticmethod
    def _reads(user, post, keys) -> bool:
        """The rule of `access.reader_keys` for one post."""
        if keys is None or user.pk in keys:
            return True
        reach = access.reach_of(post)
        by_unit = reach in (access.BY_AREA, access.BY_UNIT) and post.role != Role.GRID_WORKER
        if by_unit and post.organisation_id in keys:
            return True
        return reach == access.BY_AREA and post.area_id in keys


def _head_role(organisation_id, posts):
    """The head's role in a unit; where it has none, that of its station staff, then of its handlers."""
    held = {post.role for post in posts if post.organisation_id == organisation_id}
    return next((role for role in (Role.UNIT_HEAD, Role.STATION, Role.HANDLER) if role in held), None)
