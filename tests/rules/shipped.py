"""The shipped calendar and limits, read once. No database is needed for them."""

from pathlib import Path

import yaml

from huiyin.rules.calendar import WorkCalendar
from huiyin.rules.limits import LimitPack

SEEDS = Path(__file__).parents[2] / "huiyin" / "rules" / "seeds"


def seed(name: str) -> dict:
    return yaml.safe_load((SEEDS / f"{name}.yaml").read_text())["content"]


CALENDAR = WorkCalendar(seed("calendar"))
PACK = LimitPack(seed("limits"))
