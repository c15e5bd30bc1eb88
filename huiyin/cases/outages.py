"""Administrators hear that a sender is out, once for the whole outage, and that it works again."""

from huiyin.notices.models import Transport, send
from huiyin.orgs.models import Post, Role
from huiyin.rules import clock

PAGE = "/desk/settings/messages/"


def admins(office) -> list:
    """Those who look after the program, B 角 for absent ones too."""
    found = {}
    for post in Post.objects.of_roles(office, Role.ADMIN).select_related("substitute"):
        found[post.user_id] = post.user
        if post.is_away and post.substitute:
            found[post.substitute_id] = post.substitute
    return list(found.values())


def went_out(sender):
    _say(
        sender,
        f"“{sender.name}”发不出去：{sender.last_error}。没发的都留着，修好后接着发。",
        f"outage:{sender.pk}:{sender.failing_since.isoformat()}",
        level="alarm",
    )


def came_back(sender, since):
    begun = f"从 {clock.local(since):%m-%d %H:%M} 起" if since else ""
    _say(
        sender,
        f"“{sender.name}”又通了（{begun}不通），没发的正在补发。",
        f"repair:{sender.pk}:{clock.now().isoformat()}",
    )


def _say(sender, text, key, level="plain"):
    """Never by the sender itself: a mail about the broken mail server would wait for it."""
    only_inside = sender.transport == Transport.MAIL
    send(
        admins(sender.office), text, office=sender.office, url=PAGE, key=key, level=level, group="system",
        outside="" if only_inside else text,
    )  # fmt: skip
