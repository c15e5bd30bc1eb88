"""A file on its way in: checked and kept, then imported once and as a whole, one office's files one at a time."""

import base64
import hashlib
import json
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, transaction

from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.opening import steps
from huiyin.opening.models import Import
from huiyin.rules import clock

KEPT_FOR = timedelta(days=1)
BUSY = "另一份表正在导入。等它导完，回到这一页再点一次“导入”；这份表没有动。"
SHOWN = 200


def check(step, uploaded, office, *, by, options: dict) -> Import:
    """Read the file, note all that is wrong, say what importing would do. Raises Refusal 400 when it is no such file."""
    if uploaded.size > step.most_bytes:
        raise Refusal(f"文件超过 {step.most_bytes // 1024 // 1024} MB。请删去图片，或分成几份。", status=400)
    raw = uploaded.read()
    found, plan = _understand(step, office, raw, uploaded.name, options)
    forget_old(office, step.name)
    return Import.objects.create(
        office=office, step=step.name, file_name=_plain(uploaded.name), digest=hashlib.sha256(raw).hexdigest(),
        options=options, content=base64.b64encode(raw).decode(), by=by, checked_at=clock.now(), **_outcome(found, plan),
    )  # fmt: skip


def _understand(step, office, raw: bytes, name: str, options: dict):
    found = step.read(office, raw, name)
    return found, step.check(office, found, options)


def _outcome(found, plan) -> dict:
    """The fields of Import that tell the result."""
    problems = found.in_order()
    shown = [[one.address, one.heading, one.wrong, one.todo] for one in problems[:SHOWN]]
    findings = {"problems": shown, "notes": plan.notes, "examples": plan.examples, "unused": found.unused}
    return {
        "rows": len(found.rows), "fresh": len(plan.fresh), "changed": len(plan.changed), "same": plan.same,
        "problems": len(problems), "findings": json.dumps(findings, ensure_ascii=False),
    }  # fmt: skip


def _plain(name: str) -> str:
    return (
        "".join(sign for sign in name.replace("\\", "/").rpartition("/")[2] if sign.isprintable())[:120]
        or "文件"
    )


def marked(row: Import) -> tuple[bytes, str]:
    """(the file with its problems in it, a name for it); refused when the file is not kept any more."""
    step = steps.get(row.step)
    found, _ = _understand(step, row.office, content(row), row.file_name, row.options)
    raw, ending = step.marked(found)
    return raw, f"{row.file_name.rpartition('.')[0] or row.file_name}-标出问题.{ending}"


def content(row: Import) -> bytes:
    if not row.content:
        raise Refusal("这份文件已经不留着了，请重新上传。")
    return base64.b64decode(row.content)


def run(row: Import, *, by) -> Import:
    """Import it: everything or nothing, once. Raises Refusal when another import is running or things have changed."""
    with transaction.atomic():
        if not _alone(row.office):
            raise Refusal(BUSY)
        row = Import.objects.select_for_update(of=("self",)).select_related("office").get(pk=row.pk)
        if row.imported_at:
            return row
        step = steps.get(row.step)
        found, plan = sound(step, row)
        done = step.apply(row.office, plan, by=by, options=row.options)
        for name, value in _outcome(found, plan).items():
            setattr(row, name, value)
        row.imported_at, row.by, row.content = clock.now(), by, ""
        row.save()
        record(
            f"导入{step.title}", f"import:{row.pk}", by=by, office=row.office, 文件=row.file_name, 摘要=row.digest,
            新增=row.fresh, 更新=row.changed, 不变=row.same, **done,
        )  # fmt: skip
    return row


def sound(step, row: Import):
    """(the file read, its plan); Refusal when what was right at the check is not right any more."""
    found, plan = _understand(step, row.office, content(row), row.file_name, row.options)
    if found.problems:
        raise Refusal(
            f"检查以后情况变了，现在有对不上的地方，所以{'下面的' if row.done else '什么'}都没有导入。"
            "请重新上传这份表，看看问题。",
            missing=tuple(f"{one.address} {one.wrong}" for one in found.in_order()[:5]),
        )
    return found, plan


def _alone(office) -> bool:
    """Take this office's set-up for the transaction; a second import at the same time is turned away."""
    return _lock("pg_try_advisory_xact_lock", office)


@contextmanager
def alone_for_long(office):
    """Take this office's set-up over many transactions; Refusal when another import has it."""
    if not _lock("pg_try_advisory_lock", office):
        raise Refusal(BUSY)
    try:
        yield
    finally:
        _lock("pg_advisory_unlock", office)


def _lock(function: str, office) -> bool:
    key = hashlib.sha256(f"opening:{office.pk}".encode()).digest()[:8]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [int.from_bytes(key, "big", signed=True)])
        return cursor.fetchone()[0]


def forget_old(office=None, step: str = "") -> int:
    """Files that were checked and never imported go: after a day, or when the next one for the same step comes."""
    rows = Import.objects.waiting()
    if office:
        rows = rows.filter(office=office, step=step, started_at=None)
    else:
        long_ago = clock.now() - KEPT_FOR
        rows = rows.filter(checked_at__lt=long_ago).exclude(started_at__gte=long_ago)
    return rows.delete()[0]


def result(row: Import) -> dict:
    """{problems, notes, examples, unused} of the check."""
    return json.loads(row.findings)
