"""What the rule set `messages` says: groups, quiet hours, how often a failed message is tried again."""

import re
from datetime import datetime, time, timedelta

from huiyin.rules import clock
from huiyin.rules.models import RuleSet


def content(office) -> dict:
    """The version in force for the office."""
    return RuleSet.objects.current("messages", office).content


def groups(office) -> dict[str, dict]:
    """code → {name, about, must, mail, webhook}, in the order of the rule."""
    return {row["code"]: row for row in content(office)["groups"]}


def group(office, code: str) -> dict:
    """One group; an unknown code counts as 其他."""
    found = groups(office)
    return found.get(code) or found["other"]


def fill(text: str, values: dict) -> str:
    """`text` with its {names} replaced; an unknown one becomes nothing, for a message must not stop a move."""
    return re.sub(r"\{(\w+)\}", lambda hit: str(values.get(hit[1], "")), text)


def _hour(text: str) -> time:
    return time.fromisoformat(text)


def awake_at(office, moment: datetime) -> datetime:
    """`moment`, or the end of the quiet hours when it lies in them. They may run over midnight."""
    quiet = content(office).get("quiet")
    if not quiet:
        return moment
    begin, end, moment = _hour(quiet["begin"]), _hour(quiet["end"]), clock.local(moment)
    now = moment.time()
    over_night = begin > end
    if not (now >= begin or now < end if over_night else begin <= now < end):
        return moment
    day = moment.date() + timedelta(days=1) if over_night and now >= begin else moment.date()
    return datetime.combine(day, end, clock.TZ)


def retry_at(office, tries: int, now: datetime, *, is_alarm: bool) -> datetime | None:
    """When to try again after `tries` failed ones; None when it has been tried often enough."""
    waits = content(office)["retry_minutes"]
    if tries > len(waits):
        return None
    then = now + timedelta(minutes=waits[max(tries, 1) - 1])
    return then if is_alarm else awake_at(office, then)
