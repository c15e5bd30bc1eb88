"""Who reads an incident: one that is about people in conflict is restricted from the moment it is known for one."""

from huiyin.cases import access
from huiyin.orgs.models import Post, Role

CONFLICT = "social"
LEADERS = (Role.LEADER, Role.DUTY_LEADER)


def follow(case, step):
    """社会安全事件: named readers only; the matter is about what happened, never a file on those who took part."""
    if case.kind != "incident" or case.is_restricted or case.particulars.get("sort") != CONFLICT:
        return
    leaders = Post.objects.of_roles(case.office, *LEADERS).values_list("user_id", flat=True)
    case.is_restricted = True
    case.named_readers = list(dict.fromkeys([*case.named_readers, *access.keepers_of(case.office), *leaders]))
    if step.by:
        case.named_readers = list(dict.fromkeys([*case.named_readers, step.by.pk]))
    step.data["notes"] = [*step.data.get("notes", ()), "社会安全事件：从现在起限知"]
    if step.verb == "register":  # its row was written before anybody followed
        case.save(update_fields=["is_restricted", "named_readers"])
