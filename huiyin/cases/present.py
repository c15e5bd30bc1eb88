"""Who is at work today: holders of posts, and for those away their substitutes (B 角)."""

from collections import defaultdict
from dataclasses import dataclass, field

from huiyin.cases.workflow import UNIT
from huiyin.orgs.models import Post
from huiyin.rules import clock


@dataclass
class Roll:
    """The posts of some units on one day: who acts in each."""

    posts: dict = field(default_factory=lambda: defaultdict(list))  # unit id → posts in force
    acting: dict = field(default_factory=lambda: defaultdict(dict))  # unit id → {user: post they act in}

    def has_posts(self, unit_id) -> bool:
        return bool(self.posts.get(unit_id))

    def users(self, unit_id) -> list:
        return list(self.acting.get(unit_id, {}))

    def names(self, unit_id, most: int = 3) -> list[str]:
        """'汪巧云（代林启航）' for a substitute; at most `most`, those who stand in first."""
        rows = self.acting.get(unit_id, {}).items()
        rows = sorted(rows, key=lambda row: (row[0].pk == row[1].user_id, str(row[1].pk)))
        return [called(user, post) for user, post in rows[:most]]

    def is_empty(self, unit_id) -> bool:
        """Posts there are, but nobody to act in them today."""
        return self.has_posts(unit_id) and not self.acting.get(unit_id)


def called(user, post) -> str:
    return user.name if user.pk == post.user_id else f"{user.name}（代{post.user.name}）"


def roll(office, unit_ids=None, *, roles=UNIT, on=None) -> Roll:
    """The roll of these units (default: all of the office) on day `on`; two queries.

    A substitute counts while at work: someone whose own posts are all away stands in for nobody.
    """
    on = on or clock.today()
    rows = Post.objects.current(on).filter(office=office, role__in=roles).select_related("user", "substitute")
    if unit_ids is not None:
        rows = rows.filter(organisation_id__in=list(unit_ids))
    rows = list(rows.order_by("pk"))
    away = {post.pk for post in rows if _is_away(post, on)}
    absent = _absent({post.substitute_id for post in rows if post.pk in away} - {None}, on)
    found = Roll()
    for post in rows:
        if not post.user.is_active and post.pk not in away:
            continue
        found.posts[post.organisation_id].append(post)
        if post.pk not in away:
            found.acting[post.organisation_id][post.user] = post
    for post in rows:
        helper = post.substitute
        if post.pk in away and helper and helper.is_active and helper.pk not in absent:
            found.acting[post.organisation_id].setdefault(helper, post)
    return found


def _is_away(post, on) -> bool:
    begun = post.away_from is not None and post.away_from <= on
    return begun and (post.away_until is None or post.away_until >= on)


def _absent(user_ids, on) -> set:
    """Those of the users whose own posts are all away on that day."""
    if not user_ids:
        return set()
    held, away = set(), set()
    for post in Post.objects.current(on).filter(user_id__in=user_ids):
        (away if _is_away(post, on) else held).add(post.user_id)
    return away - held


def acting_for(users, *, on=None) -> list:
    """The users themselves, or for those whose posts are all away the substitutes who act for them."""
    on = on or clock.today()
    users = list(dict.fromkeys(users))
    ids = [user.pk for user in users]
    absent = _absent(ids, on)
    if not absent:
        return users
    rows = Post.objects.current(on).away(on).filter(user_id__in=absent, substitute__is_active=True)
    helpers = defaultdict(list)
    for post in rows.select_related("substitute").order_by("pk"):
        helpers[post.user_id].append(post.substitute)
    missing = _absent({helper.pk for rows in helpers.values() for helper in rows}, on)
    found = []
    for user in users:
        stand_ins = [helper for helper in helpers.get(user.pk, ()) if helper.pk not in missing]
        found += stand_ins if user.pk in absent and stand_ins else [user]
    return list(dict.fromkeys(found))
