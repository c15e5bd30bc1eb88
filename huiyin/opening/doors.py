"""Where the set-up shows elsewhere: its cards in 设置, where an administrator lands, what an empty house says."""

from django.urls import reverse

from huiyin.opening import founding, missing, numbering
from huiyin.orgs.models import Role
from huiyin.rulebook import registry
from huiyin.shell import cabinet, slots


def put_up() -> None:
    cabinet.register(
        "opening", "开办", "街道、片区、边界、组织、人员、清单、分类、老事项：下载模板，填好上传", "opening_home",
        group="开办", state=_state, order=10,
    )  # fmt: skip
    cabinet.register(
        "opening_checklist",
        "还缺什么",
        "一张可以打印的清单，每一行都是现查的",
        "opening_checklist",
        group="开办",
        order=20,
    )
    cabinet.register(
        "opening_links",
        "开通单",
        "给新人和忘了密码的人开一次性链接，本人自己设密码",
        "opening_links",
        group="开办",
        order=30,
    )
    cabinet.register(
        "opening_numbers",
        "编号格式",
        "事项和公文的编号怎么写，下一个是几号",
        "opening_numbers",
        group="规则",
        order=60,
    )
    registry.register(
        "numbers", "编号格式", check=numbering.problems, about="事项和公文的编号怎么写；在“编号格式”那一页改，看得到下一个号",
        help="{yy} {year} {seq} {seq:05} {mark} {paper}；matters.kinds 里写某一种类另编的", order=60,
        labels={"matters": "事项", "documents": "发文字号", "default": "一般的", "kinds": "某一种类"},
    )  # fmt: skip
    slots.fill("landing", _landing)
    slots.fill("unready", _unready)


def _state(request) -> str:
    number, _ = missing.lacking(request.user.office)
    return f"缺 {number} 项" if number else ""


def _landing(request) -> str:
    """Where this user goes after signing in: the set-up, while something that must be there is missing."""
    user = request.user
    if user.is_authenticated and founding.may_found(user):
        return reverse("opening_found")
    if Role.ADMIN in user.roles and missing.lacking(user.office)[1]:
        return reverse("opening_home")
    return ""


def _unready(request) -> dict | None:
    """For the sign-in page of a house that nobody has set up yet."""
    return {"empty": founding.is_empty()} if not founding.is_opened() else None
