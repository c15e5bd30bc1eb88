"""What this room keeps besides the matters: filings and appeals, points and nights, campaign censuses."""

from huiyin.inspections.models.census import Census, CensusOfficial, CensusProblem, CensusStandard, Subject
from huiyin.inspections.models.city import Filing, OverdueAppeal
from huiyin.inspections.models.nights import CheckPoint, CheckResult, NightCheck, NightRound, PointKind

__all__ = [
    "Census", "CensusOfficial", "CensusProblem", "CensusStandard", "CheckPoint", "CheckResult", "Filing",
    "NightCheck", "NightRound", "OverdueAppeal", "PointKind", "Subject",
]  # fmt: skip
