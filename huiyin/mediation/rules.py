"""The mediation rules in force: levels, who may mediate on each, how long; and days on the working calendar."""

from datetime import date, timedelta

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines
from huiyin.mediation.models import MediationLevel
from huiyin.rules.models import RuleSet


def in_force(office) -> RuleSet:
    """The rule set `mediation` of today."""
    return RuleSet.objects.current("mediation", office)


def level_rule(rule: RuleSet, level: int) -> dict:
    """{name, bodies, days, source} of a level. Refused when there is none."""
    levels = {int(key): row for key, row in rule.content["levels"].items()}
    if level not in levels:
        raise Refusal(f"调解只有 {min(levels)} 到 {max(levels)} 级。", status=400, errors={"level": "请重选"})
    return levels[level]


def due_on(office, level: int, start: date, rule: RuleSet) -> date:
    """The working day by which a mediation of this level should come to an end."""
    calendar = deadlines.calendar(RuleSet.objects.current("calendar", office).pk)
    return calendar.add_working_days(start, level_rule(rule, level)["days"])


def confirm_by(office, agreed_on: date) -> date:
    """The last day for asking the court together to confirm (人民调解法 第33条: 30 日 from taking effect)."""
    return agreed_on + timedelta(days=in_force(office).content["confirmation_days"])


HIGHEST = max(MediationLevel.values)
