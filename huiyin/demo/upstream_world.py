"""The upstream's table of the invented subdistrict: its own columns, two files that came in, one reply that went out."""

import copy
import io

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.demo.cast import Cast
from huiyin.demo.files import read
from huiyin.demo.inputs import phone_of
from huiyin.demo.moments import workday_ago
from huiyin.reception import house_rules
from huiyin.rules import clock
from huiyin.rules.models import RuleSet, forget
from huiyin.upstream import importing, profile, replying
from huiyin.upstream.models import ImportBatch, ReplyBatch

NOT_IN_THE_TABLE = ("due", "second")
OWN = ("system", "owed_to", "own_area", "categories")


def load_profile(office):
    """The office's own version of the profile; leaves one that is there."""
    book = read("upstream.yaml")
    if RuleSet.objects.filter(office=office, name=profile.PROFILE).exists():
        return
    content = copy.deepcopy(RuleSet.objects.current(profile.PROFILE, office).content)
    RuleSet.objects.create(
        office=office, name=profile.PROFILE, version=1, valid_from=clock.today().replace(month=1, day=1),
        source="本街道：照市热线的导出表改过来源和分类", content=content | {name: book[name] for name in OWN},
        activated_at=clock.now(),
    )  # fmt: skip
    forget()


def load_files(office):
    """The file of one morning, the same orders once more a day later, and a reply; each only once."""
    book, cast = read("upstream.yaml"), Cast(office, None)
    clerk, calendar = cast.user(book["clerk"]), house_rules.calendar(office)
    first_at = workday_ago(office, book["first_days_ago"], "08:35")
    day = clock.local(first_at).date()
    first = [_row(row, calendar, day) for row in book["orders"]]
    _bring(office, first, clerk, first_at, "demo:first", f"市热线导出{day:%m%d}.xlsx")
    second_at = workday_ago(office, book["second_days_ago"], "08:40")
    later = [_row(row, calendar, day) | _changed(row, calendar, day) for row in book["orders"][:5]]
    _bring(office, later, clerk, second_at, "demo:second", f"市热线导出{clock.local(second_at):%m%d}.xlsx")
    reply_at = workday_ago(office, book["reply_days_ago"], "16:45")
    if (
        not ReplyBatch.objects.filter(office=office).exists()
        and replying.waiting(clerk).filter(case__answered_at__lte=reply_at).exists()
    ):
        with clock.travel(reply_at):
            replying.make(office, by=clerk, key="demo:reply", until=reply_at)


def _row(row: dict, calendar, day) -> dict:
    cells = {name: value for name, value in row.items() if name not in NOT_IN_THE_TABLE}
    if "来电人" in cells:
        cells["来电人电话"] = phone_of(cells["来电人"])
    if "due" in row:
        cells["办理时限"] = f"{calendar.add_working_days(day, row['due'])} 18:00"
    return cells


def _changed(row: dict, calendar, day) -> dict:
    """What the next file says otherwise: `later` is three working days more."""
    cells = dict(row.get("second", {}))
    if cells.get("办理时限") == "later":
        cells["办理时限"] = f"{calendar.add_working_days(day, row['due'] + 3)} 18:00"
    return cells


def _bring(office, rows: list[dict], clerk, at, key: str, name: str) -> None:
    if ImportBatch.objects.filter(office=office, form_key=key, finished_at__isnull=False).exists():
        return
    with clock.travel(at):
        batch = importing.upload(office, SimpleUploadedFile(name, _table(rows)), by=clerk, key=key)
        importing.apply(batch, by=clerk)


def _table(rows: list[dict]) -> bytes:
    headings = list(dict.fromkeys(name for row in rows for name in row))
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet("导出")
        page.write_row(0, 0, headings)
        for number, row in enumerate(rows, 1):
            page.write_row(number, 0, [str(row.get(name, "")) for name in headings])
    return stream.getvalue()
