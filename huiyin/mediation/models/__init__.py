"""Mediation of disputes: screenings, mediations on four levels, agreements kept or not, credit-society ledgers."""

from huiyin.mediation.models.agreement import (
    Agreement,
    AgreementForm,
    Fulfilment,
    FulfilmentKind,
    Obligation,
)
from huiyin.mediation.models.credit import (
    Claim,
    ClaimState,
    CreditMember,
    CreditRole,
    CreditSociety,
    Netting,
    NettingLine,
    StatedTotal,
)
from huiyin.mediation.models.mediation import (
    Mediation,
    MediationLevel,
    MediationOutcome,
    MediationSession,
    Screening,
)

__all__ = [
    "Agreement", "AgreementForm", "Claim", "ClaimState", "CreditMember", "CreditRole", "CreditSociety", "Fulfilment",
    "FulfilmentKind", "Mediation", "MediationLevel", "MediationOutcome", "MediationSession", "Netting", "NettingLine",
    "Obligation", "Screening", "StatedTotal",
]  # fmt: skip
