"""Records of the reception room: rota, calls, hall, contacts, visits to homes, tip-offs, orders, consultations, thanks."""

from huiyin.reception.models.consultation import Consultation, ConsultationDay, Referral
from huiyin.reception.models.hall import HallResult, HallVisit, TicketState, Window, WindowDuty
from huiyin.reception.models.hotline import CallOutcome, HotlineCall
from huiyin.reception.models.matters import (
    Directive,
    DomainContact,
    Informant,
    OutreachDemand,
    OutreachVisit,
    ServiceUse,
)
from huiyin.reception.models.rota import DayPart, ReceiverKind, RotaDay, RotaSwap, RotaWeek
from huiyin.reception.models.thanks import Thanks, ThanksKind

__all__ = [
    "CallOutcome",
    "Consultation",
    "ConsultationDay",
    "DayPart",
    "Directive",
    "DomainContact",
    "HallResult",
    "HallVisit",
    "HotlineCall",
    "Informant",
    "OutreachDemand",
    "OutreachVisit",
    "ReceiverKind",
    "Referral",
    "RotaDay",
    "RotaSwap",
    "RotaWeek",
    "ServiceUse",
    "Thanks",
    "ThanksKind",
    "TicketState",
    "Window",
    "WindowDuty",
]
