"""Orders from the upstream's table: read and checked as a whole, then applied row by row, each in its own transaction.

The same file again changes nothing: an order is known by its outside number, and only what differs from the last
time is applied. What a row could not do is said beside it and tried again with the next file.
"""

import base64
import hashlib
import json

from django.db import transaction

from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.cases.intake import Person, Words, register
from huiyin.cases.states import Channel, Reply
from huiyin.rules import clock
from huiyin.rules.models import rule_set
from huiyin.sheets import marked, reading
from huiyin.upstream import order_sheet, orders, profile, updating
from huiyin.upstream.models import ImportBatch, ImportLine, ImportResult, Nature, UpstreamOrder

AT_ONCE = 40  # rows that the page waits for; a job does the rest
KEPT_HOURS = 24


def upload(office, uploaded, *, by, key: str) -> ImportBatch:
    """Read the file and keep its rows to be applied; the same form key gives the batch of the first time."""
    known = ImportBatch.objects.filter(office=office, form_key=key).first()
    if known:
        return known
    if uploaded.size > reading.MOST_BYTES:
        raise Refusal(
            f"文件超过 {reading.MOST_BYTES // 1024 // 1024} MB。请分成几份。",
            status=400,
            errors={"file": "太大"},
        )
    raw = uploaded.read()
    rules = profile.rules(office)
    found = understand(raw, uploaded.name, rules.content, office)
    bad: dict[int, list] = {}
    for one in found.in_order():
        bad.setdefault(one.row, []).append(f"{one.address} {one.wrong}，{one.todo}")
    with transaction.atomic():
        batch, is_new = ImportBatch.objects.get_or_create(
            office=office, form_key=key,
            defaults={
                "file_name": _plain(uploaded.name), "digest": hashlib.sha256(raw).hexdigest(), "rules": rules,
                "content": base64.b64encode(raw).decode(), "uploaded_at": clock.now(), "by": by,
            },
        )  # fmt: skip
        if is_new:
            ImportLine.objects.bulk_create(
                [_line(batch, row, bad.get(row.number)) for row in found.rows], 500
            )
            record(
                "导入上级工单",
                f"upstream_import:{batch.pk}",
                by=by,
                office=office,
                文件=batch.file_name,
                行数=len(found.rows),
            )
    return batch


def understand(raw: bytes, name: str, content: dict, office) -> reading.Reading:
    """The file as rows, with all that is wrong in it. Raises Refusal 400 when it is no such table."""
    found = reading.read(order_sheet.sheet_of(content), raw, name)
    first: dict[str, int] = {}
    for row in found.rows:
        values = order_sheet.values_of(row)
        for key, wrong, todo in order_sheet.problems_of(values, content, office):
            found.blame(row, key, wrong, todo)
        number = values.get("number", "")
        if number and number in first:
            found.blame(row, "number", f"和第 {first[number]} 行是同一个工单号", "一件工单只留一行")
        first.setdefault(number, row.number)
    return found


def _plain(name: str) -> str:
    return (
        "".join(sign for sign in name.replace("\\", "/").rpartition("/")[2] if sign.isprintable())[:120]
        or "文件"
    )


def _line(batch, row, wrong) -> ImportLine:
    values = order_sheet.values_of(row)
    line = ImportLine(
        office_id=batch.office_id, batch=batch, row=row.number, number=values.get("number", "")[:60]
    )
    if wrong:
        line.result, line.words = ImportResult.REFUSED, "；".join(wrong)[:2000]
    else:
        line.values = json.dumps(values, ensure_ascii=False)
    return line


def apply(batch: ImportBatch, *, by, most: int | None = None) -> int:
    """Apply rows that wait, at most `most`; returns how many are left. May run twice at once or after a crash."""
    done = 0
    while most is None or done < most:
        if not _apply_next(batch, by):
            break
        done += 1
    left = batch.lines.filter(result=ImportResult.WAITING).count()
    if not left and batch.finished_at is None:
        ImportBatch.objects.filter(pk=batch.pk, finished_at=None).update(finished_at=clock.now())
        batch.refresh_from_db(fields=["finished_at"])
    return left


@transaction.atomic
def _apply_next(batch, by) -> bool:
    rows = ImportLine.objects.select_for_update(skip_locked=True).filter(
        batch=batch, result=ImportResult.WAITING
    )
    line = rows.order_by("row").first()
    if line is None:
        return False
    try:
        with transaction.atomic():
            line.result, line.words, line.case = _apply(batch, json.loads(line.values), by)
    except Refusal as refusal:
        line.result, line.words = ImportResult.REFUSED, refusal.message[:2000]
    line.values = ""
    line.save(update_fields=["result", "words", "case", "values"])
    return True


def _apply(batch, values: dict, by) -> tuple:
    """(result, words, matter) of one row."""
    content = rule_set(batch.rules_id).content
    order = _known(batch.office_id, content["system"], values["number"])
    if order is not None:
        return updating.update(order, values, content, by=by)
    case = register(
        batch.office, _words(batch.office, values, content), by=by, key=f"upstream:{values['number']}"[:80]
    )
    order = orders.order_of(case)
    _describe(order, values, content)
    order.seen = updating.sight(values)
    order.save()
    notes = _doubts(values, content)
    return ImportResult.NEW, "；".join([f"登记为 {case.number}", *notes]), case


def _known(office_id, system: str, number: str) -> UpstreamOrder | None:
    """The order of this number, of this system before any other; orders written down by hand count too."""
    rows = UpstreamOrder.objects.filter(office_id=office_id, number=number).select_related(
        "case__office", "source"
    )
    found = sorted(rows, key=lambda row: row.system != system)
    return found[0] if found else None


def _words(office, values: dict, content: dict) -> Words:
    phone = values.get("phone", "")
    persons = [Person(name=values.get("name", ""), phone=phone)] if phone or values.get("name") else []
    due = order_sheet.moment(values["due"], office) if values.get("due") else None
    source = {
        "system": content["system"], "outside_number": values["number"], "owed_to": content["owed_to"], "due_at": due,
    }  # fmt: skip
    text = "\n".join(filter(None, [values["text"], values.get("extra", "")]))
    return Words(
        description=text, title=values.get("title", ""), kind=profile.HOTLINE, channel=Channel.HOTLINE,
        category=order_sheet.category_of(values, content, office), area=order_sheet.area_of(values, office),
        place=values.get("place", ""), persons=persons, reply_by=Reply.PHONE if phone else Reply.WEB, sources=[source],
    )  # fmt: skip


def _describe(order, values: dict, content: dict) -> None:
    order.nature = order_sheet.meaning(values, "nature", content) or Nature.LEAD
    order.order_type, order.tags = values.get("type", "")[:40], values.get("tags", "")[:120]
    order.company = values.get("company", "")[:120]


def _doubts(values: dict, content: dict) -> list[str]:
    """What whoever accepts it should look at."""
    street, own = values.get("street", ""), content["own_area"]
    found = [f"被反映街乡镇写的是“{street}”，核对后可以退单"] if street and own and street not in own else []
    return found + ([] if values.get("due") else ["没有写办理时限，按本街道的时限算"])


def marked_copy(batch: ImportBatch) -> bytes:
    """The file as it came, with the reasons of rows that did not go in beside them."""
    if not batch.content:
        raise Refusal("文件只留一天，已经删了；每一行的结果还在这一页上。")
    found = understand(
        base64.b64decode(batch.content), batch.file_name, rule_set(batch.rules_id).content, batch.office
    )
    told = {one.row for one in found.problems}
    by_number = {row.number: row for row in found.rows}
    for line in batch.lines.filter(result__in=[ImportResult.REFUSED, ImportResult.PARTLY]):
        if line.row not in told and line.row in by_number:
            found.blame(by_number[line.row], None, line.words, "照说明处理以后再传一次")
    return marked.mark(found)


def forget_files() -> int:
    """Files go after a day; what became of their rows stays."""
    from datetime import timedelta

    old = ImportBatch.objects.filter(uploaded_at__lt=clock.now() - timedelta(hours=KEPT_HOURS)).exclude(
        content=b""
    )
    return old.update(content="")
