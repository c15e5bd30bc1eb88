"""The rulebook's door in 设置, and who may do what behind it."""

from huiyin.rulebook.models import RuleDraft
from huiyin.shell import cabinet

EDIT = frozenset({"admin"})
READ = EDIT | {"director", "deputy", "duty_leader", "leader", "clerk", "supervisor", "auditor"}


def waiting(request) -> str:
    count = RuleDraft.objects.visible_to(request.user).waiting().count()
    return f"{count} 份草稿等启用" if count else ""


def put_up():
    cabinet.register(
        "rules",
        "规则",
        "派单规则、时限、分类、职责清单、日历……下载、修改、看差异、试算、启用；旧版一直留着",
        "desk_rules",
        group="规则",
        roles=READ,
        state=waiting,
        order=10,
    )
