"""Who of those told wants it also by mail or in the group's chat: messages for outside are written here, in the
transaction of their cause. Nothing leaves the house before that transaction is through."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from huiyin.notices import rules
from huiyin.notices.models import Delivery, Preference, Sender, StaffAddress, Transport, Way
from huiyin.rules import clock


@dataclass(frozen=True)
class Choice:
    """What holds for one person told through one post."""

    post: object
    in_app: bool
    mail: bool
    robot: bool


def spread(
    users: dict,
    *,
    office,
    url,
    key,
    level="plain",
    group="other",
    outside=None,
    through=None,
    restricted=False,
) -> set:
    """Write what goes outside to `users` (id → user); returns the ids of those told inside the application.

    outside     the words for outside, free of anything personal; None: a general sentence; "": nothing
    through     user id → posts by which they are told; None: all posts of their own
    restricted  mail at most: a group's chat has more readers than the matter
    """
    row = rules.group(office, group)
    everyone = row["must"] or level == "alarm"
    senders = list(Sender.objects.on(office).defer("url", "secret"))
    if not users or (everyone and (outside == "" or not senders)):
        return set(users)
    chosen = choices(users, office, group, row, through)
    inside = {pk for pk in users if everyone or any(choice.in_app for choice in chosen[pk])}
    if outside != "" and senders:
        words = outside or f"您有一条新消息（{row['name']}），请登录回音查看。"
        common = {"office": office, "group": group, "url": link(url), "fields": {"occasion": row["name"]}}
        rows = _mails(users, chosen, senders, key, words, row, common)
        if not restricted:
            rows += _robots(chosen, senders, key, words, common)
        put(rows, office, is_alarm=level == "alarm")
    return inside


def link(url: str) -> str:
    """The page's full address, or '' while the installation has not said under which name it is reached."""
    return f"{settings.PUBLIC_ADDRESS}{url}" if settings.PUBLIC_ADDRESS and url else ""


def choices(users: dict, office, group: str, row: dict, through=None) -> dict:
    """user id → [Choice]: of each post by which they are told; the office's default where nothing was chosen."""
    posts = through if through is not None else own_posts(users, office)
    rows = Preference.objects.filter(
        office=office, group=group, post_id__in={post.pk for found in posts.values() for post in found}
    )
    own = {choice.post_id: choice for choice in rows}
    usual = {"in_app": True, "mail": row["mail"], "robot": row["webhook"]}
    found = {}
    for pk in users:
        found[pk] = []
        for post in posts.get(pk, ()):
            kept = own.get(post.pk) if post.user_id == pk else None  # a stand-in has not chosen for this post
            values = {name: getattr(kept, name) for name in usual} if kept else usual
            found[pk].append(Choice(post, **values))
        if not found[pk]:
            found[pk] = [Choice(None, True, usual["mail"], False)]
    return found


def own_posts(users, office) -> dict:
    model = Preference._meta.get_field("post").related_model
    found = {}
    for post in model.objects.current().filter(office=office, user_id__in=list(users)):
        found.setdefault(post.user_id, []).append(post)
    return found


def _mails(users, chosen, senders, key, words, row, common) -> list[Delivery]:
    if not any(sender.transport == Transport.MAIL for sender in senders):
        return []
    wanted = [pk for pk in users if any(choice.mail for choice in chosen[pk])]
    addresses = StaffAddress.objects.filter(
        office=common["office"], user_id__in=wanted, verified_at__isnull=False
    )
    return [
        Delivery(
            key=f"{key}|mail|{address.user_id}", way=Way.MAIL, to_user_id=address.user_id, address=address.mail,
            shown=users[address.user_id].name, subject=f"回音：{row['name']}", text=words, **common,
        )
        for address in addresses
    ]  # fmt: skip


def _robots(chosen, senders, key, words, common) -> list[Delivery]:
    """One message for each chat, however many of its people are told."""
    robots = [sender for sender in senders if sender.is_robot]
    rows = {}
    for choice in (choice for found in chosen.values() for choice in found if choice.robot and choice.post):
        own = [row for row in robots if row.organisation_id == choice.post.organisation_id]
        for sender in own or [row for row in robots if row.organisation_id is None]:
            rows[sender.pk] = Delivery(
                key=f"{key}|robot|{sender.pk}", way=Way.ROBOT, sender=sender, shown=sender.name, text=words, **common
            )  # fmt: skip
    return list(rows.values())


def put(rows: list[Delivery], office, *, is_alarm: bool = False):
    """Into the outbox, once per key; sent after the transaction. At night they wait, but for alarms."""
    if not rows:
        return
    now = clock.now()
    for row in rows:
        row.created_at, row.is_alarm = now, is_alarm
        row.next_try_at = now if is_alarm else rules.awake_at(office, now)
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    transaction.on_commit(wake, robust=True)


def wake():
    """Ask a worker to look; the periodic job finds what this call did not announce."""
    from procrastinate.exceptions import AlreadyEnqueued

    from huiyin.notices.tasks import deliver

    try:
        deliver.defer()
    except AlreadyEnqueued:
        return
