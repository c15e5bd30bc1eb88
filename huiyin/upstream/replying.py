"""The reply file: answered orders that were not yet told upward, in the upstream's columns; the same batch every time."""

import io
import json

import xlsxwriter
from django.db import transaction
from django.db.models import F

from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.cases.evidence import ANSWERS
from huiyin.cases.states import State
from huiyin.rules import clock
from huiyin.rules.numbers import next_number
from huiyin.upstream import profile
from huiyin.upstream.models import ReplyBatch, ReplyLine, UpstreamOrder

MOST = 200  # orders in one file: each becomes an entry in its matter's history
ANSWERED = (State.ANSWERED, State.CLOSED)
OUTCOMES = {"solved": "已解决", "explained": "解释说明", "unsupported": "诉求不予支持"}
STATES = {State.ANSWERED: "已答复", State.CLOSED: "已办结"}


def waiting(user):
    """Answered orders of a number that the upstream has not been told of in this round."""
    rows = UpstreamOrder.objects.visible_to(user).exclude(number="")
    return rows.filter(case__state__in=ANSWERED, sent_round__lt=F("case__round"))


@transaction.atomic
def make(office, *, by, key: str, until=None) -> ReplyBatch:
    """One batch of what waits, at most MOST; each matter notes that it was told upward. Refused when nothing waits.

    `until`: only what was answered by then.
    """
    known = ReplyBatch.objects.filter(office=office, form_key=key).first()
    if known:
        return known
    rows = waiting(by).select_for_update(of=("self",)).select_related("case__office", "case__area", "source")
    rows = rows.filter(case__answered_at__lte=until) if until else rows
    rows = list(rows.order_by("case__answered_at", "pk")[:MOST])
    if not rows:
        raise Refusal("没有答复了还没回复上级的工单。")
    content, now = profile.content(office), clock.now()
    year = clock.local(now).year
    batch = ReplyBatch.objects.create(
        office=office, form_key=key, number=f"回{year % 100:02d}-{next_number(office.pk, 'upstream_reply', year):03d}",
        system=rows[0].system or content["system"], headings=[row["heading"] for row in content["reply"]], made_at=now, by=by,
    )  # fmt: skip
    for number, order in enumerate(rows, 1):
        values = [told(order)[row["from"]] for row in content["reply"]]
        ReplyLine.objects.create(
            office=office, batch=batch, row=number, order=order, round=order.case.round,
            values=json.dumps(values, ensure_ascii=False),
        )  # fmt: skip
        _note(order, batch, by)
    record("回复上级工单", f"upstream_reply:{batch.number}", by=by, office=office, 件数=len(rows))
    return batch


def _note(order, batch, by) -> None:
    """The matter says when and in which batch it was told upward; one that owes no feedback is only marked."""
    case = order.case
    if order.source_id and order.source.owed_to:
        case.do(
            "feed_back",
            by=by,
            source=order.source,
            text=f"随 {batch.number} 回复{batch.system}",
            document=batch.number,
        )
        return
    order.sent_round, order.sent_at, order.sent_by = case.round, batch.made_at, by
    order.save(update_fields=["sent_round", "sent_at", "sent_by"])


def told(order) -> dict[str, str]:
    """What each column of the upstream may take from the record. Nothing of it names the person."""
    case = order.case
    answer = case.events.filter(verb__in=ANSWERS, round=case.round).order_by("seq").last()
    lead = case.lead
    return {
        "number": order.number,
        "title": case.title,
        "state": STATES.get(case.state, ""),
        "result": OUTCOMES.get(answer.data.get("outcome", ""), "已解决") if answer else "",
        "reply": answer.text if answer else "",
        "method": order.get_nature_display(),
        "done_at": moment(case.answered_at),
        "unit": str(lead.organisation) if lead else "",
        "contacted_at": moment(case.first_contact_at),
        "nature": order.get_nature_display(),
        "company": order.company,
    }


def moment(at) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M}" if at else ""


def file_of(batch: ReplyBatch) -> bytes:
    """The .xlsx of a batch: from what was kept, so every download is the same, byte by byte."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties(
        {
            "title": f"{batch.system}回复 {batch.number}",
            "created": clock.local(batch.made_at).replace(tzinfo=None),
        }
    )
    page = book.add_worksheet("回复")
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for at, heading in enumerate(batch.headings):
        page.set_column(at, at, 50 if "内容" in heading else 18, text)
        page.write_string(0, at, heading, head)
    page.freeze_panes(1, 0)
    for line in batch.lines.order_by("row"):
        for at, value in enumerate(json.loads(line.values)):
            page.write_string(line.row, at, value[:32000], text)
    book.close()
    return stream.getvalue()
