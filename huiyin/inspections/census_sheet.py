"""Census problems from a spreadsheet: checked as a whole, then each line a matter by the same verb as on the page."""

import hashlib

from django.db import transaction

from huiyin.accounts.models import User
from huiyin.base.refusal import Refusal
from huiyin.inspections import census
from huiyin.inspections.forms import grids, people
from huiyin.inspections.models import Census, Subject
from huiyin.sheets import reading as reader
from huiyin.sheets.columns import YES_NO, Column, Sheet

MOST = 200  # in one go: each line is a matter with its messages


def sheet(row: Census) -> Sheet:
    """The table of this census, with its standards and grids to pick from."""
    standards = {f"{one.number} {one.text}"[:200]: one for one in row.standards.order_by("number")}
    areas = {area.name: area for area in grids(row.office)}
    return Sheet(
        "census",
        "普查问题",
        f"{row}：一行一个问题。一次最多 {MOST} 行；同一份表传两次，不会记两遍。",
        (
            Column("subject_kind", "对象", "choice", required=True, choices={kind.label: kind.value for kind in Subject}, example="小区"),
            Column("subject", "名称", required=True, most=60, example="槐荫里", help="单位、小区、街巷的名字"),
            Column("area", "网格", "choice", required=True, choices=areas, example=next(iter(areas), "")),
            Column("place", "具体位置", most=120, example="3 幢东侧"),
            Column("standard", "违反哪一条", "choice", required=True, choices=standards, example=next(iter(standards), "")),
            Column("text", "问题", required=True, most=500, example="楼道一层到三层堆着旧家具"),
            Column("cadre", "责任干部", most=20, help="写姓名，要在职"),
            Column("is_hard", "重难点", "choice", choices=YES_NO),
            Column("why_hard", "难在哪里", most=200, help="重难点必填"),
        ),
    )  # fmt: skip


def take(row: Census, raw: bytes, name: str, *, by) -> tuple:
    """(reading, problems made). Nothing is made while a single cell is wrong."""
    census.refuse_closed(row)
    found = reader.read(sheet(row), raw, name)
    if len(found.rows) > MOST:
        raise Refusal(f"这份表有 {len(found.rows)} 行，一次最多 {MOST} 行，请按网格分成几份。", status=400)
    named = _cadres(row, found)
    for line in found.rows:
        if line.get("is_hard") and not line.get("why_hard"):
            found.blame(line, "why_hard", "重难点没有写难在哪里", "填一句")
        if line.get("text") and len(line["text"]) < 4:
            found.blame(line, "text", "太短", "写清楚是什么问题")
    if found.problems:
        return found, []
    digest = hashlib.sha256(raw).hexdigest()[:20]
    with transaction.atomic():
        made = [_one(row, line, named, digest, by) for line in found.rows]
    return found, made


def _cadres(row: Census, found) -> dict[str, User]:
    """Name → user; a name that nobody or several people bear is a problem of its cell."""
    names = {line["cadre"] for line in found.rows if line["cadre"]}
    known: dict[str, list] = {}
    for user in people(row.office).filter(name__in=names):
        known.setdefault(user.name, []).append(user)
    for line in found.rows:
        users = known.get(line["cadre"], []) if line["cadre"] else None
        if users is not None and len(users) != 1:
            wrong = (
                f"没有在职的“{line['cadre']}”" if not users else f"叫“{line['cadre']}”的有 {len(users)} 位"
            )
            found.blame(line, "cadre", wrong, "写在职的人的姓名，重名的空着，导入后再补")
    return {name: users[0] for name, users in known.items() if len(users) == 1}


def _one(row: Census, line, named: dict, digest: str, by):
    return census.record(
        row, by=by, area=line["area"], subject_kind=line["subject_kind"], subject=line["subject"], standard=line["standard"],
        text=line["text"], place=line.get("place", ""), cadre=named.get(line["cadre"]), is_hard=bool(line.get("is_hard")),
        why_hard=line.get("why_hard", ""), key=f"{digest}:{line.number}",
    )  # fmt: skip
