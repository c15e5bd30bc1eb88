"""复查 and 复核: asked for within 30 days of the written opinion, answered within 30; a hearing stops that clock alone."""

from datetime import date, datetime, time

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines, procedures
from huiyin.cases.moving import move
from huiyin.cases.states import State
from huiyin.cases.wording import told_or_refuse
from huiyin.petitions.models import Hearing, Review, ReviewLevel, ReviewResult
from huiyin.rules import clock
from huiyin.rules.limits import Pause

LAW = {ReviewLevel.REVIEW: "《信访工作条例》第三十五条", ReviewLevel.RECHECK: "《信访工作条例》第三十六条"}
WINDOW = {ReviewLevel.REVIEW: "review_request", ReviewLevel.RECHECK: "recheck_request"}
ANSWERED_BY = {ReviewLevel.REVIEW: "review", ReviewLevel.RECHECK: "recheck"}
ASKED = {ReviewLevel.REVIEW: "review_requested", ReviewLevel.RECHECK: "recheck_requested"}
SERVED = {ReviewLevel.REVIEW: "review_served", ReviewLevel.RECHECK: "recheck_served"}
BEFORE = {ReviewLevel.REVIEW: "处理意见书", ReviewLevel.RECHECK: "复查意见书"}
PLAIN_ORGAN = "上一级机关"
FINAL = "《信访工作条例》第三十六条：复核意见是终结意见，以同一事实和理由再提出的，不再受理"


def of_round(case) -> list[Review]:
    """Reviews of this round, the 复查 first."""
    rows = case.reviews.filter(round=case.round).order_by("taken_at", "pk")
    return sorted(rows, key=lambda row: row.level != ReviewLevel.REVIEW)


def next_level(case, held=None) -> tuple[str, str]:
    """(level that may be asked for now, '') or ('', why none)."""
    held = of_round(case) if held is None else held
    if not held:
        return ReviewLevel.REVIEW, ""
    last = held[-1]
    if last.served_on is None:
        return "", f"{last.get_level_display()}还在办，{last.due_on:%m-%d} 前给答复"
    if last.level == ReviewLevel.RECHECK:
        return "", f"复核意见 {last.served_on:%Y-%m-%d} 已经送达，信访终结（{FINAL}）"
    return ReviewLevel.RECHECK, ""


def duty_clock(case, duty: str):
    """The latest clock of that duty in this round, or None."""
    rows = case.deadlines.filter(round=case.round, assignment=None, notice=None).order_by("started_at")
    return next((row for row in reversed(rows) if deadlines.rule_of(row).duty == duty), None)


def why_no_request(case, held=None) -> str:
    """Why neither 复查 nor 复核 may be asked for on this day, or ''."""
    level, reason = next_level(case, held)
    return reason or _too_late(case, level, clock.today())


def _too_late(case, level, on: date) -> str:
    window = duty_clock(case, WINDOW[level])
    name = ReviewLevel(level).label
    if window is None:
        return f"{BEFORE[level]}还没有送达，{name}要在收到书面意见之后提出"
    last = clock.local(window.due_at).date()
    if on > last:
        return f"收到{BEFORE[level]}之日起30日到 {last:%Y-%m-%d} 为止，{name}请求已经过期（{LAW[level]}）"
    return ""


def organs(case) -> dict:
    """level → the usual organ, as the procedure names it."""
    named = procedures.of(case).get("reviews", {})
    return {level: named.get(level, PLAIN_ORGAN) for level in ReviewLevel.values}


def request_review(
    case, *, by, text: str, organ: str = "", is_ours: bool = False, requested_on: date | None = None
):
    """The person does not accept the written opinion. 复查 first, 复核 after it. Late requests are refused with the law.

    `requested_on`: the day on which it was handed in or posted; today when left out.
    """
    with move(case, "request_review", by) as step:
        level, reason = next_level(case)
        on = requested_on or clock.today()
        if on > clock.today():
            raise Refusal("提出的日子不能在今天之后。", status=400, errors={"requested_on": "请改日期"})
        refused = reason or _too_late(case, level, on)
        if refused:
            raise Refusal(f"不能请求{ReviewLevel(level).label if level else '复查复核'}：{refused}。")
        window = duty_clock(case, WINDOW[level])
        if on < clock.local(window.started_at).date():
            raise Refusal(
                f"提出的日子在{BEFORE[level]}送达以前。", status=400, errors={"requested_on": "请改日期"}
            )
        at = step.at if on == clock.today() else _noon(on)
        deadlines.happened(case, ASKED[level], at)
        due = duty_clock(case, ANSWERED_BY[level]).due_at
        row = Review.objects.create(
            office_id=case.office_id, case=case, level=level, round=case.round,
            organ=organ.strip()[:60] or organs(case)[level], is_ours=is_ours, request=text.strip(),
            requested_on=on, taken_at=step.at, taken_by=by, due_on=clock.local(due).date(),
        )  # fmt: skip
        label = row.get_level_display()
        step.say(
            f"{label}请求收到，由{row.organ}{label}，{row.due_on:%Y年%m月%d日}前给书面答复。", told=True,
            review=str(row.pk), level=level, organ=row.organ, requested_on=str(on), request=row.request,
            notes=[f"请求和理由：{row.request}"],
        )  # fmt: skip


def _noon(on: date) -> datetime:
    return datetime.combine(on, time(12), clock.TZ)


def give_review_opinion(
    case,
    *,
    by,
    subject,
    result: str,
    facts: str,
    opinion: str,
    basis: str,
    document: str = "",
    opinion_on=None,
):
    """The opinion of the reviewing organ is there: what it says, by what law, under which number."""
    with move(case, "give_review_opinion", by, subject) as step:
        row = case.reviews.select_for_update().get(pk=subject.pk)
        if row.opinion_on:
            raise Refusal(f"{row.get_level_display()}意见 {row.opinion_on} 已经登记。")
        if row.hearings.filter(ended_at=None).exists():
            raise Refusal("听证还没有结束，先“听证结束”再出复核意见。")
        if result not in ReviewResult.values:
            raise Refusal("结论请从列表里选。", status=400, errors={"result": "请选一项"})
        if not row.is_ours and not document.strip():
            raise Refusal(
                f"{row.organ}的意见书要写文号。", status=400, errors={"document": "写对方意见书上的文号"}
            )
        on = opinion_on or clock.today()
        if not row.requested_on <= on <= clock.today():
            raise Refusal("日期要在提出请求之后、今天之前。", status=400, errors={"opinion_on": "请改日期"})
        row.result, row.facts, row.opinion, row.basis = result, facts.strip(), opinion.strip(), basis.strip()
        row.document, row.opinion_on, row.opinion_by = document.strip(), on, by
        row.save(
            update_fields=["result", "facts", "opinion", "basis", "document", "opinion_on", "opinion_by"]
        )
        label = row.get_level_display()
        step.say(
            f"{row.organ}{label}意见：{row.get_result_display()}。{row.opinion}",
            review=str(row.pk), result=result, document=row.document, notes=[f"依据：{row.basis}"],
        )  # fmt: skip


def serve_review(case, *, by, subject, how: str, served_on: date | None = None):
    """The written opinion came into the person's hands: the clock is met, the next window opens, or it is the end.

    An opinion that revokes ours opens the matter again under its number.
    """
    with move(case, "serve_review", by, subject) as step:
        row = case.reviews.select_for_update().get(pk=subject.pk)
        label = row.get_level_display()
        if row.served_on:
            raise Refusal(f"{label}意见 {row.served_on} 已经送达。")
        if row.opinion_on is None:
            raise Refusal(f"{label}意见还没有作出，先“登记{label}意见”。", missing=("give_review_opinion",))
        on = served_on or clock.today()
        if not row.opinion_on <= on <= clock.today():
            raise Refusal(
                "送达日期要在作出意见之后、今天之前。", status=400, errors={"served_on": "请改日期"}
            )
        row.served_on, row.served_how = on, how.strip()[:120]
        row.save(update_fields=["served_on", "served_how"])
        deadlines.happened(case, SERVED[row.level], step.at if on == clock.today() else _noon(on))
        words = f"{row.organ}的{label}意见已经送到您手里：{row.get_result_display()}。"
        if row.result == ReviewResult.REVOKED:
            case._start_round(step)
            step.to_state = State.ACCEPTED
            deadlines.happened(case, "accepted", step.at)
            words += "这件事我们重新办理，编号不变，办到哪一步都会告诉您。"
        elif row.level == ReviewLevel.RECHECK:
            words += "复核意见是最后的意见，这件事的信访到此终结；同一件事再来信访，按规定不再受理。"
        else:
            last = clock.local(duty_clock(case, WINDOW[ReviewLevel.RECHECK]).due_at).date()
            words += f"不同意的，可以在 {last.year}年{last.month}月{last.day}日前请求复核。"
        step.say(
            told_or_refuse(words, case.office), told=True, review=str(row.pk), result=row.result,
            ended=row.level == ReviewLevel.RECHECK and row.result != ReviewResult.REVOKED,
            notes=[row.served_how] if row.served_how else [],
        )  # fmt: skip


def begin_hearing(case, *, by, subject, reason: str, held_on: date | None = None, place: str = ""):
    """A hearing in 复核 is decided: from now on its clock stands still."""
    with move(case, "begin_hearing", by, subject) as step:
        row = case.reviews.get(pk=subject.pk)
        refused = why_no_hearing(row)
        if refused:
            raise Refusal(f"不能听证：{refused}。")
        if held_on and held_on < clock.today():
            raise Refusal("听证日期不能是过去的日子。", status=400, errors={"held_on": "请改日期"})
        made = Hearing.objects.create(
            office_id=case.office_id, case=case, review=row, reason=reason.strip(), began_at=step.at, began_by=by,
            held_on=held_on, place=place.strip()[:80],
        )  # fmt: skip
        when = f"，{held_on:%Y年%m月%d日}{f'在{made.place}' if made.place else ''}举行" if held_on else ""
        step.say(
            f"决定举行听证{when}。听证的时间不算在复核的30日里。", told=True, hearing=str(made.pk),
            notes=[f"理由：{made.reason}"],
        )  # fmt: skip


def why_no_hearing(review) -> str:
    if review.level != ReviewLevel.RECHECK:
        return "听证时间只在复核里不计入期限（第三十六条），复查不用"
    if review.opinion_on:
        return "复核意见已经作出"
    if review.hearings.exists():
        return "这次复核已经决定过听证"
    return ""


def end_hearing(case, *, by, subject, held_on: date, place: str, people: str, summary: str):
    """The hearing is over: the clock goes on, and the day of the answer moves by the time it took."""
    with move(case, "end_hearing", by, subject) as step:
        row = case.hearings.select_for_update().select_related("review").get(pk=subject.pk)
        if row.ended_at:
            raise Refusal("这次听证已经结束。")
        if not clock.local(row.began_at).date() <= held_on <= clock.today():
            raise Refusal("听证日期要在决定听证之后、今天之前。", status=400, errors={"held_on": "请改日期"})
        row.held_on, row.place, row.people = held_on, place.strip()[:80], people.strip()
        row.summary, row.ended_at = summary.strip(), step.at
        row.save(update_fields=["held_on", "place", "people", "summary", "ended_at"])
        deadlines.recompute(case, step.at)
        review = row.review
        review.due_on = clock.local(duty_clock(case, "recheck").due_at).date()
        review.save(update_fields=["due_on"])
        step.say(
            f"听证结束：{row.summary}", hearing=str(row.pk), due_on=str(review.due_on),
            notes=[f"{row.place}，{row.people}", f"复核期限接着算，到 {review.due_on:%Y-%m-%d}"],
        )  # fmt: skip


def hearing_stops(deadline, case) -> list[Pause]:
    """The time of hearings, on the clock of the 复核 alone."""
    if deadline.code != "XF-FH":
        return []
    rows = case.hearings.filter(review__round=deadline.round)
    return [Pause(row.began_at, row.ended_at, "听证") for row in rows]


def opinion_delivered(document, delivered) -> None:
    """The 处理意见书 is in the person's hands: 30 days to ask for 复查 begin."""
    if document.kind != "opinion" or document.round != document.case.round:
        return
    at = delivered.at if delivered.on == clock.local(delivered.at).date() else _noon(delivered.on)
    if duty_clock(document.case, WINDOW[ReviewLevel.REVIEW]) is None:
        deadlines.happened(document.case, "opinion_served", at)


def guard(case, step):
    """While a review runs the matter is not opened beside it; after the 复核 it is at its end."""
    if case.kind != "petition" or step.verb != "reopen":
        return
    rows = case.reviews.filter(round=case.round - 1)
    waiting = next((row for row in rows if row.served_on is None), None)
    if waiting:
        raise Refusal(
            f"{waiting.get_level_display()}正在办，{waiting.due_on:%m-%d} 前给答复，等答复以后再说。"
        )
    if any(row.level == ReviewLevel.RECHECK and row.result != ReviewResult.REVOKED for row in rows):
        raise Refusal(f"这件事已经复核终结，不再重新办理（{FINAL}）。有新的事实，请另外登记一件。")
