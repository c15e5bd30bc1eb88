"""What was typed and not yet registered: kept encrypted under an id that is also the matter's intake key.

Two windows on one draft, a lost session, a crash: what was typed in each is kept. Old drafts go by rule `intake`.
"""

import json
from datetime import timedelta
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from huiyin.accounts.models import Office
from huiyin.base.refusal import Refusal
from huiyin.cases import attachments
from huiyin.cases.models import Case, Direction, Draft
from huiyin.rules import clock
from huiyin.rules.models import RuleSet

INTAKE = "intake"
MOST_CHARACTERS = 60_000
MOST_FILES = 20
SHOWN = 50
PURGED = 500
NOT_KEPT = {"csrfmiddlewaretoken", "do", "files", "seen"}
OF_THE_WINDOW = {"tab"}


def key_of(user, draft_id) -> str:
    """The intake key: one draft of one user becomes one matter, however often it is sent."""
    return f"desk:{user.pk}:{draft_id}"


def outcome(user, draft_id):
    """What this draft has become: a Case, a CaseParty that joined one, a Direction – or None."""
    key = key_of(user, draft_id)
    case = Case.objects.filter(office=user.office, intake_key=key).defer("words").first()
    if case:
        return Direction.objects.filter(office=user.office, draft_key=key).first() or case
    draft = Draft.objects.filter(pk=draft_id, user=user, joined__isnull=False).first()
    if draft:
        return draft.joined
    return Direction.objects.filter(office=user.office, draft_key=key).first()


def find(user, draft_id) -> Draft | None:
    """The user's own draft; None when nothing was saved yet. Raises Refusal 404 for somebody else's."""
    draft = Draft.objects.filter(pk=draft_id, form=INTAKE).first()
    if draft is not None and draft.user_id != user.pk:
        raise Refusal("没有这份草稿。它可能已经登记，或者是别人的。", status=404)
    return draft


def resolve(user, draft_id, data) -> UUID:
    """The id under which this window's words are kept: another one when a second window holds the draft.

    `data`: `tab` names the window, `seen` is when the draft that it shows was saved. The same window always
    gets the same id, so that pressing twice still makes one matter.
    """
    if "seen" not in data:
        return draft_id
    own = uuid5(draft_id, data.get("tab") or f"seen {data['seen']}")
    become = outcome(user, draft_id)
    if become is not None:
        return own if _says_something_else(become, data) else draft_id
    held = find(user, draft_id)
    if held is None or held.saved_at.isoformat() <= data["seen"]:
        return draft_id
    kept = content_of(held)
    if (data.get("tab") and kept.get("tab") == data["tab"]) or _words(kept) == _words(_content(data)):
        return draft_id
    return own


def _says_something_else(become, data) -> bool:
    """Words of another window that came after the draft was registered. What is secret is never kept."""
    said = data.get("description", "").strip()
    return isinstance(become, Case) and len(said) >= 4 and said != become.description


def _content(data) -> dict[str, str]:
    return {name: value for name, value in data.items() if name not in NOT_KEPT and value.strip()}


def _words(content: dict) -> dict:
    return {name: value for name, value in content.items() if name not in OF_THE_WINDOW}


def keep(user, draft_id, data, files=()) -> Draft:
    """Save `data` (a QueryDict) and `files` under this id. Raises Refusal when it cannot be kept."""
    text = json.dumps(_content(data), ensure_ascii=False)
    if len(text) > MOST_CHARACTERS:
        raise Refusal("太长了，草稿存不下。请控制在 2 万字以内，其余用附件。", status=400)
    draft = find(user, draft_id)
    if draft is None:
        draft = Draft(
            pk=draft_id, office=user.office, user=user, form=INTAKE, content=text, saved_at=clock.now()
        )
        try:
            with transaction.atomic():
                draft.save(force_insert=True)
        except IntegrityError:  # two first saves at once: the row is there now
            draft = find(user, draft_id)
            _write(draft, text)
    else:
        _write(draft, text)
    if files and draft.attachments.count() + len(files) > MOST_FILES:
        raise Refusal(f"附件最多 {MOST_FILES} 个，其余请登记以后再加。", status=400)
    for upload in files:
        row = attachments.store(upload, user.office, by=user, from_person=True)
        row.draft = draft
        row.save(update_fields=["draft"])
    return draft


def _write(draft, text: str):
    draft.content, draft.saved_at = text, clock.now()
    draft.save(update_fields=["content", "saved_at"])


def content_of(draft) -> dict[str, str]:
    """Field name → what was typed."""
    return json.loads(draft.content) if draft is not None and draft.content else {}


def rules(office) -> dict:
    """{keep_days, warn_days} of the rule set `intake`."""
    return RuleSet.objects.current("intake", office).content["drafts"]


def mine(user) -> list[Draft]:
    """The user's drafts, the latest first: `words` to recognise it by, `days_left`, `is_ending` when they are few."""
    rule, now = rules(user.office), clock.now()
    rows = Draft.objects.filter(user=user, form=INTAKE, joined=None).order_by("-saved_at", "-pk")
    found = list(rows[:SHOWN])
    for row in found:
        content = content_of(row)
        row.words = (content.get("description") or content.get("place") or "还没写内容")[:60]
        row.channel = content.get("channel", "")
        row.days_left = max(0, (row.saved_at + timedelta(days=rule["keep_days"]) - now).days)
        row.is_ending = row.days_left <= rule["warn_days"]
    return found


def count(user) -> int:
    """How many drafts wait for this user (at most SHOWN)."""
    return Draft.objects.filter(user=user, form=INTAKE, joined=None)[:SHOWN].count()


def become_party(draft: Draft, party):
    """The draft joined somebody's matter: nothing typed is left in it, its address leads to the slip."""
    Draft.objects.filter(pk=draft.pk).update(content="", joined=party)


def drop(draft):
    """Throw the draft away, with files that belong to no matter."""
    for row in draft.attachments.filter(case=None):
        attachments.discard(row)
    draft.delete()


def purge_old() -> int:
    """Drafts that nobody has touched for the days of the rule are thrown away; returns how many."""
    gone = 0
    for office in Office.objects.all():
        before = clock.now() - timedelta(days=rules(office)["keep_days"])
        for draft in Draft.objects.filter(office=office, saved_at__lt=before).order_by("saved_at")[:PURGED]:
            drop(draft)
            gone += 1
    return gone
