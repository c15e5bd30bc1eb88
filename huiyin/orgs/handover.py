"""When a post ends, its open work goes to the named successor, else to the substitute, in one transaction."""

from collections.abc import Callable

from django.db import transaction

from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.orgs.models import Post
from huiyin.rules import clock

# Rooms above put their own step here: step(post, to=user, by=user) -> number of items handed over.
STEPS: list[Callable] = []
# And what that step would hand over now: look(post) -> [(words, number)].
LOOKS: list[Callable] = []


def owed(post: Post) -> list[tuple[str, int]]:
    """What `post` still owes, in words with numbers; nothing is left out, zero is."""
    return [row for look in LOOKS for row in look(post) if row[1]]


@transaction.atomic
def end_post(post: Post, *, by, on=None, to=None) -> int:
    """End `post` on day `on` (default today) and hand over what it still owes. Returns the number of items.

    Refused when there is open work and nobody to take it.
    """
    post = (
        Post.objects.select_for_update(of=("self",))
        .select_related("user", "substitute", "office")
        .get(pk=post.pk)
    )
    if post.end_on:
        raise Refusal(f"这个岗位已在 {post.end_on} 结束，不用再办。")
    on = on or clock.today()
    if on < post.start_on:
        raise Refusal(f"离任日不能早于任职日 {post.start_on}，请改日期。", status=400)
    heir = to or post.substitute
    post.end_on = on
    post.save(update_fields=["end_on"])
    moved = sum(step(post, to=heir, by=by) for step in STEPS)
    record("结束岗位", f"post:{post.pk}", by=by, office=post.office, handed_over=moved, to=str(heir or ""))
    return moved
