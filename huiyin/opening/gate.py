"""The door for codes: how often one may try, counted in the audit trail like failed sign-ins."""

from datetime import timedelta

from huiyin.accounts import invitations
from huiyin.accounts.models import Invitation
from huiyin.audit.models import AuditRecord, record
from huiyin.base.addresses import address_of
from huiyin.base.refusal import Refusal
from huiyin.rules import clock

MOST_FAILURES = 10
WINDOW = timedelta(minutes=15)
FAILED, SUBJECT = "开通码不对", "开通码"


def admit(request, code: str) -> Invitation:
    """The invitation of this code. Raises Refusal 403 for a wrong, used or expired one, 429 after too many."""
    address = address_of(request)
    rows = AuditRecord.objects.filter(
        subject=SUBJECT, action=FAILED, address=address, at__gt=clock.now() - WINDOW
    )
    if len(rows.values_list("pk")[:MOST_FAILURES]) >= MOST_FAILURES:
        raise Refusal("试得太多了，请过 15 分钟再试。", status=429)
    invitation = invitations.find(code)
    if invitation is None:
        record(FAILED, SUBJECT, address=address, outcome="失败")
        raise Refusal(
            "这个链接已经用过、过期或不对，请核对有没有抄错。设过密码的，直接去登录；没有的，请系统管理员重新开一个链接。",
            status=403,
        )
    return invitation
