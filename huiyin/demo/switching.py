"""When the post switcher exists: on this machine, in a demo world, and nowhere else."""

from django.conf import settings
from django.http.request import split_domain_port

from huiyin.accounts.models import Office, User
from huiyin.base.addresses import is_from_this_machine, is_loopback
from huiyin.demo.files import read
from huiyin.orgs.models import Post


def is_open(request) -> bool:
    """All must hold: the starter switched it on, the world is the demo one, the request came straight from
    this machine (no proxy in between) and was addressed to it by a loopback name."""
    if not (getattr(settings, "SWITCHER", False) and settings.WORLD == "demo"):
        return False
    host = split_domain_port(request.META.get("HTTP_HOST", ""))[0].strip("[]")
    return is_from_this_machine(request) and (host == "localhost" or is_loopback(host))


def demo_office() -> Office | None:
    """The invented subdistrict, known by its invented code; users of any other office cannot be entered."""
    return Office.objects.filter(code=read("organisations.yaml")["office"]["code"]).first()


def demo_user(pk) -> User | None:
    return User.objects.filter(pk=pk, office=demo_office(), is_active=True).exclude(office=None).first()


def posts(text: str = "") -> list[Post]:
    """Posts in force of the demo office by unit; `text` matches name, title, unit, role, pinyin or initials."""
    rows = Post.objects.current().filter(office=demo_office(), user__is_active=True)
    rows = rows.select_related("user", "organisation", "area").order_by(
        "organisation__kind", "organisation__code", "start_on"
    )
    wanted = text.strip().lower()
    return [row for row in rows if not wanted or wanted in _keys(row)]


def _keys(post: Post) -> str:
    user, unit = post.user, post.organisation
    return " ".join(
        (
            user.name, user.username, user.pinyin, user.initials, post.title, post.get_role_display(),
            post.area.name, unit.name, unit.short_name, unit.pinyin, unit.initials,
        )
    ).lower()  # fmt: skip
