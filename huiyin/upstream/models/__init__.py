"""Orders of the upstream hotline, files in and out, call-backs; papers and results of services."""

from huiyin.upstream.models.batches import ImportBatch, ImportLine, ImportResult, ReplyBatch, ReplyLine
from huiyin.upstream.models.calling import CallBack, CallResult, CallSource, Exclusion
from huiyin.upstream.models.orders import Nature, OrderReturn, UpstreamOrder
from huiyin.upstream.models.service_papers import HeldPaper, PaperNotice, ServiceOutcome, ServiceResult

__all__ = [
    "CallBack", "CallResult", "CallSource", "Exclusion", "HeldPaper", "ImportBatch", "ImportLine", "ImportResult",
    "Nature", "OrderReturn", "PaperNotice", "ReplyBatch", "ReplyLine", "ServiceOutcome", "ServiceResult",
    "UpstreamOrder",
]  # fmt: skip
