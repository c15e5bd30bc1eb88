"""The kinds of documents: when each can be issued, by whom, what it says. One module a kind."""

from huiyin.documents.kinds import (
    acceptance,
    non_acceptance,
    opinion,
    registration,
    reply,
    supervision,
    transfer,
)
from huiyin.documents.kinds.base import Draft, Kind, Subject
from huiyin.documents.models import DocumentKind

KINDS: dict[str, Kind] = {
    DocumentKind.REGISTRATION: registration.KIND,
    DocumentKind.ACCEPTANCE: acceptance.KIND,
    DocumentKind.NON_ACCEPTANCE: non_acceptance.KIND,
    DocumentKind.TRANSFER: transfer.KIND,
    DocumentKind.SUPERVISION: supervision.KIND,
    DocumentKind.OPINION: opinion.KIND,
    DocumentKind.REPLY: reply.KIND,
}

__all__ = ["KINDS", "Draft", "Kind", "Subject"]
