"""The upstream's table of the invented subdistrict: its own columns, two files that came in, one reply that went out."""

import copy
import io
from datetime import timedelta

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
SENT = {
    "010103": "yuanlin",
    "060102": "gongshui",
    "140101": "paichu",
    "070202": "minzheng",
    "050102": "zhifa",
}
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
    _take_on(office, clerk, cast, first_at)
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


def _take_on(office, clerk, cast, at) -> None:
    """What came in the first file is called back, taken on and sent; one from next door is given back."""
    batch = ImportBatch.objects.get(office=office, form_key="demo:first")
    lines = batch.lines.filter(result="new", case__state="received", case__order_returns=None).select_related(
        "case__office", "case__area"
    )
    for number, line in enumerate(lines.order_by("row")):
        case, minute = line.case, timedelta(minutes=1)
        with clock.travel(at + (8 + number) * minute):
            case.contact(by=clerk, text="打电话问清了在哪里、什么时候最厉害。")
        with clock.travel(at + (25 + number) * minute):
            if case.category not in SENT:
                case.do("return_order", by=clerk, cause="outside", reason="现场看过，在界桩以东，属邻街道。")
                continue
            case.accept(by=clerk, text="您说的事我们收下了，今天就安排人去看。")
        with clock.travel(at + (40 + number) * minute):
            unit = cast.unit(SENT[case.category])
            case.dispatch(by=clerk, lead=unit, task="当天联系本人，看过现场再定怎么办。")
        with clock.travel(at + (75 + number) * minute):
            case.take(by=cast.handler(unit), subject=case.lead)


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
