from huiyin.cases.models.assignment import Assignment
from huiyin.cases.models.attachment import Attachment
from huiyin.cases.models.case import Case, CaseParty, CaseSource, Reader
from huiyin.cases.models.conference import Conference, ConferenceItem, KeyFile
from huiyin.cases.models.deadline import Deadline, Extension, Pause
from huiyin.cases.models.direction import Direction
from huiyin.cases.models.draft import Draft
from huiyin.cases.models.early_sign import EarlySign
from huiyin.cases.models.event import CaseEvent
from huiyin.cases.models.letter import ResponsibilityLetter
from huiyin.cases.models.of_case import OfCaseQuerySet
from huiyin.cases.models.public_use import PublicUse
from huiyin.cases.models.rating import Rating
from huiyin.cases.models.supervision import SupervisionNotice
from huiyin.cases.models.word_count import WordCount

__all__ = [
    "Assignment",
    "Attachment",
    "Case",
    "CaseEvent",
    "CaseParty",
    "CaseSource",
    "Conference",
    "ConferenceItem",
    "Deadline",
    "Direction",
    "Draft",
    "EarlySign",
    "KeyFile",
    "Extension",
    "Pause",
    "OfCaseQuerySet",
    "PublicUse",
    "Rating",
    "Reader",
    "ResponsibilityLetter",
    "SupervisionNotice",
    "WordCount",
]
