"""What was typed and not yet registered: kept encrypted under an id that is also the matter's intake key."""

import json

from django.db import IntegrityError, transaction

from huiyin.base.refusal import Refusal
from huiyin.cases import attachments
from huiyin.cases.models import Case, Draft
from huiyin.rules import clock

INTAKE = "intake"
MOST_CHARACTERS = 60_000
MOST_FILES = 20
SHOWN = 50
NOT_KEPT = {"csrfmiddlewaretoken", "do", "files"}


def key_of(user, draft_id) -> str:
    """The intake key: one draft of one user becomes one matter, however often it is sent."""
    return f"desk:{user.pk}:{draft_id}"


def registered(user, draft_id) -> Case | None:
    """The matter that this draft has become."""
    return Case.objects.filter(office=user.office, intake_key=key_of(user, draft_id)).first()


def find(user, draft_id) -> Draft | None:
    """The user's own draft; None when nothing was saved yet. Raises Refusal 404 for somebody else's."""
    draft = Draft.objects.filter(pk=draft_id, form=INTAKE).first()
    if draft is not None and draft.user_id != user.pk:
        raise Refusal("没有这份草稿。它可能已经登记，或者是别人的。", status=404)
    return draft


def keep(user, draft_id, data, files=()) -> Draft:
    """Save `data` (a QueryDict) and `files` under this id. Raises Refusal when it cannot be kept."""
    content = {name: value for name, value in data.items() if name not in NOT_KEPT and value.strip()}
    text = json.dumps(content, ensure_ascii=False)
    if len(text) > MOST_CHARACTERS:
        raise Refusal("太长了，草稿存不下。请控制在 2 万字以内，其余用附件。", status=400)
    draft = find(user, draft_id) or Draft(pk=draft_id, office=user.office, user=user, form=INTAKE)
    draft.content, draft.saved_at = text, clock.now()
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:  # two first saves at once: the row is there now
        draft = find(user, draft_id)
        draft.content, draft.saved_at = text, clock.now()
        draft.save(update_fields=["content", "saved_at"])
    if files and draft.attachments.count() + len(files) > MOST_FILES:
        raise Refusal(f"附件最多 {MOST_FILES} 个，其余请登记以后再加。", status=400)
    for upload in files:
        row = attachments.store(upload, user.office, by=user, from_person=True)
        row.draft = draft
        row.save(update_fields=["draft"])
    return draft


def content_of(draft) -> dict[str, str]:
    """Field name → what was typed."""
    return json.loads(draft.content) if draft is not None and draft.content else {}


def mine(user) -> list[Draft]:
    """The user's drafts, the latest first, each with `words` to recognise it by."""
    rows = list(Draft.objects.filter(user=user, form=INTAKE).order_by("-saved_at", "-pk")[:SHOWN])
    for row in rows:
        content = content_of(row)
        row.words = (content.get("description") or content.get("place") or "还没写内容")[:60]
        row.channel = content.get("channel", "")
    return rows


def drop(draft):
    """Throw the draft away, with files that belong to no matter."""
    for row in draft.attachments.filter(case=None):
        attachments.discard(row)
    draft.delete()
