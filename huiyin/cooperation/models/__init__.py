"""What several matters, units and persons do together."""

from huiyin.cooperation.models.champion import Champion, ChampionOutcome, ChampionStep
from huiyin.cooperation.models.joint import JointMeasure, JointRecord, JointUnit
from huiyin.cooperation.models.relation import GroupMatter, Link, Split
from huiyin.cooperation.models.upward import Upward, UpwardResult
from huiyin.cooperation.models.whistle import Call, CallAnswer, Whistle

__all__ = [
    "Call",
    "CallAnswer",
    "Champion",
    "ChampionStep",
    "GroupMatter",
    "JointMeasure",
    "JointRecord",
    "JointUnit",
    "Link",
    "ChampionOutcome",
    "UpwardResult",
    "Split",
    "Upward",
    "Whistle",
]
