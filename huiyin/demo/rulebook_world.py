"""The demo office's own routing rules: in force for more than a year, and a draft with its trial that waits for a meeting."""

from datetime import datetime, time, timedelta
from pathlib import Path

from huiyin.accounts.models import User
from huiyin.rulebook import drafts, registry
from huiyin.rulebook.models import RuleDraft
from huiyin.rules import clock
from huiyin.rules.models import RuleSet

WORLD = Path(__file__).parent / "world"
SINCE_DAYS = 420
TRIED = 500


def _admin(office) -> User:
    return User.objects.get(office=office, username="yi.mingyuan")


def load_rules(office):
    """Activate the office's routing rules as of more than a year ago; once."""
    if RuleSet.objects.filter(office=office, name="routing").exists():
        return
    day = clock.today() - timedelta(days=SINCE_DAYS)
    admin = _admin(office)
    with clock.travel(datetime.combine(day, time(15, 20))):
        text = (WORLD / "routing_active.yaml").read_text()
        draft = drafts.save(office, "routing", text, by=admin)
        drafts.try_out(draft, 200, by=admin)
        active = registry.active_of("routing", office)
        drafts.activate(draft, by=admin, valid_from=day, source=draft.source, against=active and active.pk)


def load_draft(office):
    """A draft with a trial on the year that was played; once."""
    text = (WORLD / "routing_draft.yaml").read_text()
    if RuleDraft.objects.filter(office=office, name="routing", text=text).exists():
        return
    admin = _admin(office)
    draft = drafts.save(office, "routing", text, by=admin)
    drafts.try_out(draft, TRIED, by=admin)
