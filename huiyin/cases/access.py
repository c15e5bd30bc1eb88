"""Who reads a matter and in which roles: one rule, kept as rows of an indexed reader relation."""

from collections.abc import Callable

from django.db.models import Exists, OuterRef

from huiyin.audit.models import record as audit
from huiyin.base.addresses import address_of
from huiyin.cases.states import AssignmentState, State
from huiyin.orgs.models import Post, Role
from huiyin.rules.models import RuleSet

BY_AREA = "area"
BY_UNIT = "unit"
# fn(case) → ids of units that take part without an assignment (called to help, at a joint visit): rooms above add.
TAKING_PART: list[Callable] = []
# fn(case) → ids of users to whom nothing of a restricted matter may come (who is accused in it): rooms above add.
KEPT_FROM: list[Callable] = []


def reach_of(post) -> str:
    """'area', 'unit' or 'none': how far a post reads, from the rule set `roles`."""
    content = RuleSet.objects.current("roles", post.office_id).content
    return content["roles"].get(post.role, {}).get("reach", "none")


def reader_keys(user) -> list:
    """The ids by which `user` reads now: own id, units of own posts, areas of posts that read by area."""
    if not getattr(user, "is_active", False):
        return []
    if "reader_keys" in user.__dict__:  # as long-lived as user.current_posts: one request
        return user.__dict__["reader_keys"]
    keys = {user.pk}
    for post in user.current_posts:
        reach = reach_of(post)
        if reach in (BY_AREA, BY_UNIT) and post.role != Role.GRID_WORKER:
            keys.add(post.organisation_id)
        if reach == BY_AREA:
            keys.add(post.area_id)
    user.__dict__["reader_keys"] = list(keys)
    return user.__dict__["reader_keys"]


def visible_cases(queryset, user):
    """`queryset` narrowed to the matters that `user` may read."""
    from huiyin.cases.models import Reader

    rows = Reader.objects.filter(
        office_id=OuterRef("office_id"), case_id=OuterRef("pk"), key__in=reader_keys(user)
    )
    return queryset.filter(Exists(rows))


def refresh_readers(case):
    """Bring the reader rows of `case` in line with its area, its units and the people named in it."""
    from huiyin.cases.models import Reader

    if case.is_restricted:
        wanted = people_of(case)
    else:
        units = case.assignments.exclude(state=AssignmentState.RELEASED).values_list(
            "organisation_id", flat=True
        )
        wanted = {*case.area.path, *units, *taking_part(case), *case.named_readers}
    have = set(Reader.objects.filter(office_id=case.office_id, case=case).values_list("key", flat=True))
    gone = have - wanted
    if gone:
        Reader.objects.filter(office_id=case.office_id, case=case, key__in=gone).delete()
    Reader.objects.bulk_create(
        [Reader(office_id=case.office_id, case=case, key=key) for key in wanted - have], ignore_conflicts=True
    )


def taking_part(case) -> set:
    """Ids of the units that take part in `case` without an assignment; a restricted one knows its people by name."""
    return set() if case.is_restricted else set().union(*(units(case) for units in TAKING_PART))


def kept_from(case) -> set:
    """Ids of the users from whom `case` is kept, whatever their post."""
    return set().union(*(users(case) for users in KEPT_FROM))


def people_of(case) -> set:
    """Who reads a restricted matter: those named in it, who registered it, and who works on it.

    Until a unit has named its handler, its head reads it, else nobody there could take it.
    """
    people = {*case.named_readers, case.registered_by_id, case.in_charge_id}
    waiting = []
    for row in case.live_assignments:
        if row.state != AssignmentState.RETURNED:
            people.add(row.handler_id)
            if row.handler_id is None:
                waiting.append(row.organisation_id)
    return (people | heads_of(waiting)) - {None} - kept_from(case)


def heads_of(organisation_ids) -> set:
    """User ids of the heads of these units; of a unit without a head, its station staff or handlers."""
    found = set()
    rows = (
        Post.objects.current()
        .filter(organisation_id__in=organisation_ids)
        .values_list("organisation_id", "role", "user_id")
    )
    posts = list(rows) if organisation_ids else []
    for unit in organisation_ids:
        for role in (Role.UNIT_HEAD, Role.STATION, Role.HANDLER):
            heads = {user for organisation, held, user in posts if organisation == unit and held == role}
            if heads:
                found |= heads
                break
    return found


def keepers_of(office) -> list:
    """User ids named in every restricted matter from the start: heads of the centre and supervisors."""
    posts = Post.objects.of_roles(office, Role.DIRECTOR, Role.DEPUTY, Role.SUPERVISOR)
    return list(dict.fromkeys(posts.values_list("user_id", flat=True)))


def posts_on(case, user) -> list:
    """The posts of `user` that count for this matter: by area inside their area, by unit where it is involved."""
    units = {row.organisation_id for row in case.live_assignments} | taking_part(case)
    named = user.pk in (people_of(case) if case.is_restricted else case.named_readers)
    posts = []
    for post in user.current_posts:
        reach = reach_of(post)
        if reach == "none" or post.office_id != case.office_id:
            continue
        covers = post.area_id in case.area.path
        if case.is_restricted:
            counts = named
        else:
            counts = (reach == BY_AREA and covers) or post.organisation_id in units or (named and covers)
        if counts:
            posts.append(post)
    return posts


def note_reading(case, user, request):
    """A restricted matter is not read without a trace: called by every page that shows its content."""
    if case.is_restricted:
        audit(
            "case_read", f"case:{case.number}", by=user, address=address_of(request), page=request.path[:120]
        )


def may_contact(case, user) -> bool:
    """Who needs name and phone for the work: the centre, the people in charge of it in the units, the grid's worker."""
    centre = {Role.CLERK, Role.DEPUTY, Role.DIRECTOR, Role.DUTY_LEADER}
    owing = [row for row in case.live_assignments if row.state != AssignmentState.RETURNED]
    if user.pk == case.in_charge_id or user.pk in {row.handler_id for row in owing}:
        return True
    units = {row.organisation_id for row in owing}
    for post in posts_on(case, user):
        if post.role in centre or (post.role == Role.UNIT_HEAD and post.organisation_id in units):
            return True
        if post.role == Role.GRID_WORKER and post.area_id == case.area_id:
            return True
        if post.role == Role.SUPERVISOR and case.state in (State.ANSWERED, State.CLOSED):
            return True  # calls back to hear whether it is solved
    return False
