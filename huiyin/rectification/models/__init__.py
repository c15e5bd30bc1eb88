"""Putting things right: plans and measures, hazards and screenings, look-backs, work plans, duties of leaders."""

from huiyin.rectification.models.duty import MAY_READ_DECISIONS, Accountability, LeaderDuty
from huiyin.rectification.models.hazards import (
    EnforcementReferral,
    HazardScreening,
    KeyPlace,
    LeaderAlert,
    ScreeningSide,
    StopKind,
    StopOrder,
)
from huiyin.rectification.models.looking import LookBackRound, RoundResult
from huiyin.rectification.models.plan import OWED_MEASURES, Measure, MeasureState, Plan, PlanState
from huiyin.rectification.models.work import WorkPlan, WorkPlanState, WorkTask

__all__ = [
    "MAY_READ_DECISIONS", "OWED_MEASURES", "Accountability", "EnforcementReferral", "HazardScreening", "KeyPlace", "LeaderAlert",
    "LeaderDuty", "LookBackRound", "Measure", "MeasureState", "Plan", "PlanState", "RoundResult", "ScreeningSide",
    "StopKind", "StopOrder", "WorkPlan", "WorkPlanState", "WorkTask",
]  # fmt: skip
