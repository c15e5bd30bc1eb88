"""A city problem under its class: filed when the condition is met, checked against the closing condition, paused once."""

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines
from huiyin.cases.models import Attachment
from huiyin.inspections import standards
from huiyin.inspections.models import Filing
from huiyin.rules import clock

KIND = "city_problem"
CLOSING, REPORTING = "CITY-CLASS", "CITY-CLASS-REPORT"  # rows of the rule set `limits`
FILES = ("accept", "fix_on_spot", "send_at_once", "fill_in")


def filing_of(case) -> Filing | None:
    """The class this round was filed under, the last one known when the round brought none of its own."""
    return case.filings.order_by("-round").first() if case.particulars.get("city_class") else None


def follow(case, step):
    """Called in every move of every matter: files, checks the closing condition, keeps the bounds of a pause."""
    if case.kind != KIND:
        return
    if step.verb in FILES and case.particulars.get("city_class"):
        _file(case, step)
    elif step.verb == "verify":
        _check_closing(case, step)
    elif step.verb == "pause":
        _check_pause(case, step)


def _file(case, step):
    if step.verb == "fill_in" and "city_class" not in step.data.get("particulars", {}):
        return
    row = standards.row_of(case.office_id, case.particulars["city_class"])
    met = case.particulars.get("file_met")
    if met is None:
        raise Refusal(
            f"请先对照立案条件：{row['name']}——{row['file_when']}。符合就选“是”。",
            status=400, errors={"of_file_met": f"符合吗？{row['file_when']}"},
        )  # fmt: skip
    if met is False:
        raise Refusal(
            f"不符合“{row['name']}”的立案条件（{row['file_when']}），不能立案：换一个类别，或者“不予受理”并选不立案的理由。",
            status=400, errors={"of_file_met": "不符合立案条件"},
        )  # fmt: skip
    if not case.category and row.get("categories"):
        case.category = str(row["categories"][0])
    Filing.objects.update_or_create(
        office_id=case.office_id, case=case, round=case.round,
        defaults={
            "rules": standards.in_force(case.office_id), "code": row["code"], "name": row["name"], "unit_code": row["unit"],
            "authority": row["authority"], "file_when": row["file_when"], "close_when": row["close_when"],
            "limit_words": row["limit_words"], "needs_photo": bool(row.get("photo")), "label": row["label"],
            "filed_by": step.by, "filed_at": step.at,
        },
    )  # fmt: skip
    step.data.setdefault("notes", []).append(f"立案条件：{row['file_when']}；时限 {row['limit_words']}")
    if step.verb == "fill_in":
        _restart(case, step)


def _restart(case, step):
    """The class was put right: the running clocks take its length, from the moment at which they began."""
    for clock_row in case.deadlines.running().filter(round=case.round):
        duty = deadlines.rule_of(clock_row).duty
        if duty in ("close", "report") and clock_row.fixed_due_at is None:
            clock_row.code = CLOSING if duty == "close" else REPORTING
            clock_row.amount, clock_row.unit = length(
                case, deadlines.pack(clock_row.rules_id)[clock_row.code]
            )
            clock_row.save(update_fields=["code", "amount", "unit"])
    deadlines.recompute(case, step.at)
    deadlines.choose_next(case)


def length(case, rule) -> tuple | None:
    """What the class sets for closing and reporting; for every other rule None."""
    if rule.code not in (CLOSING, REPORTING):
        return None
    row = standards.table(case.office_id).get(case.particulars.get("city_class", ""))
    if row is None:
        return None
    content = standards.settings(case.office_id)
    return (
        standards.length(row, content["hours_per_day"])
        if rule.code == CLOSING
        else standards.report_length(row, content)
    )


def _check_closing(case, step):
    filing = filing_of(case)
    if filing is None or not step.data.get("is_true", True):
        return
    given = step.particulars.get("closing_met")
    if given is None:
        raise Refusal(
            f"请对照结案条件：{filing.close_when}。达到了选“是”；没达到请“退回重办”。",
            status=400, errors={"of_closing_met": f"达到了吗？{filing.close_when}"},
        )  # fmt: skip
    if not given:
        raise Refusal(
            f"结案条件没有达到（{filing.close_when}），不能核实通过，请“退回重办”并写明差在哪里。",
            status=400, errors={"of_closing_met": "没达到结案条件"},
        )  # fmt: skip
    if filing.needs_photo and not has_own_photo(case, step):
        raise Refusal(
            f"“{filing.name}”的结案条件要核查的人拍的照片，请加一张现在的照片。",
            status=400, errors={"attachments": "请加照片"},
        )  # fmt: skip
    filing.met_by, filing.met_at = step.by, step.at
    filing.save(update_fields=["met_by", "met_at"])
    step.data.setdefault("notes", []).append(f"结案条件已确认：{filing.close_when}")


def has_own_photo(case, step) -> bool:
    """Has whoever makes this move brought a picture of this round, with it or before?"""
    if step.data.get("pictures"):
        return True
    mine = Attachment.objects.filter(case=case, uploaded_by=step.by, event__round=case.round)
    return mine.filter(content_type__startswith="image/").exclude(event__verb="register").exists()


def _check_pause(case, step):
    if filing_of(case) is None:
        return
    most = standards.settings(case.office_id)["pause"]["most_days"]
    until = clock.local(step.data["review_on"]).date()
    if (until - clock.today()).days > most:
        raise Refusal(
            f"挂账最长 {most} 天，请选近一点的日子。", status=400, errors={"review_on": f"最长 {most} 天"}
        )


def paused_enough(case) -> str:
    """For the requirement `pause_once`: '' or why it may not be paused any more. Binds only with a class."""
    if case.kind != KIND or filing_of(case) is None:
        return ""
    times = standards.settings(case.office_id)["pause"]["times"]
    had = case.pauses.count()
    return f"部件事件最多挂账 {times} 次，已经挂过 {had} 次" if had >= times else ""


def not_filed_choices(office) -> dict[str, str]:
    return standards.settings(office)["not_filed"]
