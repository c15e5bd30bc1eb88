"""Changes of posts: appoint someone, note an absence, name the B 角. (Ending a post is in handover.py.)"""

from django.db import transaction

from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.orgs.models import Post
from huiyin.rules import clock


@transaction.atomic
def appoint(*, by, user, organisation, role, title, area, start_on, substitute=None) -> Post:
    """A new post in the office of `organisation`. Refused when the same post is held already."""
    if substitute is not None and substitute.pk == user.pk:
        raise Refusal("B 角不能是本人，请另选。", status=400, errors={"substitute": "换一位"})
    same = Post.objects.filter(
        office=organisation.office, user=user, organisation=organisation, role=role, area=area, end_on=None
    )
    if same.exists():
        raise Refusal(f"{user.name} 已经在任这个岗位，不用再设。")
    if not organisation.is_current:
        raise Refusal(f"{organisation} 已经撤销，不能再设岗位。")
    post = Post.objects.create(
        office=organisation.office, user=user, organisation=organisation, role=role, title=title, area=area,
        start_on=start_on, substitute=substitute,
    )  # fmt: skip
    _note(
        "设岗位", post, by, holder=user.name, unit=organisation.code, role=str(role), start_on=str(start_on)
    )
    return post


@transaction.atomic
def set_absence(post: Post, *, by, away_from=None, away_until=None) -> Post:
    """Away from … until, both days counted in; both empty: back again. The B 角 acts on those days."""
    post = _locked(post)
    if away_until and (away_from is None or away_until < away_from):
        raise Refusal("请假要有起日，止日不能早于起日。", status=400, errors={"away_until": "日期不对"})
    post.away_from, post.away_until = away_from, away_until
    post.save(update_fields=["away_from", "away_until"])
    _note(
        "请假" if away_from else "销假",
        post,
        by,
        away_from=str(away_from or ""),
        away_until=str(away_until or ""),
    )
    return post


@transaction.atomic
def set_substitute(post: Post, *, by, substitute) -> Post:
    """Who stands in when the holder is away; None: nobody."""
    post = _locked(post)
    if substitute is not None and substitute.pk == post.user_id:
        raise Refusal("B 角不能是本人，请另选。", status=400, errors={"substitute": "换一位"})
    before, post.substitute = post.substitute, substitute
    post.save(update_fields=["substitute"])
    _note("换 B 角", post, by, before=str(before or ""), after=str(substitute or ""))
    return post


def _locked(post: Post) -> Post:
    post = (
        Post.objects.select_for_update(of=("self",))
        .select_related("user", "substitute", "office")
        .get(pk=post.pk)
    )
    if post.end_on and post.end_on <= clock.today():
        raise Refusal(f"这个岗位已在 {post.end_on} 结束，不能再改。")
    return post


def _note(action: str, post: Post, by, **detail):
    record(action, f"post:{post.pk}", by=by, office=post.office, **detail)
