"""Services: papers are handed in once, what is missing is told at once, the result is written down with its ground."""

from collections.abc import Callable

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines, record
from huiyin.cases.moving import move
from huiyin.cases.states import State
from huiyin.rules import clock
from huiyin.rules.numbers import next_number
from huiyin.upstream.models import HeldPaper, PaperNotice, ServiceOutcome, ServiceResult

REQUEST = "service_request"
NOTHING = "不用材料"  # how an item of the catalogue says that it needs no paper
# `item_of(case)` → the catalogue's Service or None; filled by the room that knows which item a request asks for.
ITEM_OF: list[Callable] = []


def item_of(case):
    """The item of the catalogue that this matter asks for, or None."""
    return next((found for found in (ask(case) for ask in ITEM_OF) if found is not None), None)


def wanted(case) -> list[str]:
    """Papers that its item asks for, in the order of the catalogue."""
    item = item_of(case)
    return [name for name in item.documents if not name.startswith(NOTHING)] if item else []


def party_of(case):
    row = case.parties.filter(role="raiser").select_related("party").first()
    return row.party if row else None


def held(case) -> dict[str, HeldPaper]:
    """name → the latest paper that this person has handed in, here or before; those past their day do not count."""
    party = party_of(case)
    if party is None:
        return {}
    rows = HeldPaper.objects.filter(office_id=case.office_id, party=party).order_by("taken_at")
    today = clock.today()
    return {row.name: row for row in rows if row.valid_until is None or row.valid_until >= today}


def missing(case) -> list[str]:
    """What the item asks for and the person has not handed in yet; with what the notice of this round named."""
    have = held(case)
    last = case.paper_notices.filter(round=case.round).order_by("told_at").last()
    names = [*wanted(case), *(last.missing if last else ())]
    return [name for name in dict.fromkeys(names) if name not in have]


def take(case, *, by, papers=(), more: str = ""):
    """Papers handed in now. One that was handed in before is not asked for again."""
    names = list(dict.fromkeys([*papers, *(row.strip()[:80] for row in more.splitlines() if row.strip())]))
    if not names:
        raise Refusal("这次交来了什么，请选或写。", status=400, errors={"papers": "请选至少一样"})
    with move(case, "take_papers", by) as step:
        party = party_of(case)
        if party is None:
            raise Refusal("不知道是谁交来的：先把本人的姓名或电话补上，下回就不用再要。")
        known = held(case)
        again = [name for name in names if name in known]
        if again:
            at = clock.local(known[again[0]].taken_at)
            raise Refusal(
                f"“{again[0]}”{at.year}年{at.month}月{at.day}日已经收过，不用再交。",
                status=400,
                errors={"papers": "交过的不用再交"},
            )
        for name in names:
            case.papers.create(
                office_id=case.office_id, party=party, name=name, taken_at=step.at, taken_by=by
            )
        left = missing(case)
        if not left and case.state == State.RECEIVED and record.has(case, PaperNotice):
            deadlines.happened(case, "papers_complete", step.at)
        step.say(
            "",
            papers=names,
            notes=[f"收到：{'、'.join(names)}", f"还缺：{'、'.join(left)}" if left else "材料齐了"],
        )
    return case


def tell_missing(case, *, by, more: str = "", reason: str = ""):
    """一次性告知: everything that is missing on one slip. What was forgotten is our fault and needs a reason."""
    extra = [row.strip()[:80] for row in more.splitlines() if row.strip()]
    with move(case, "tell_missing", by) as step:
        item = item_of(case)
        if item is None:
            raise Refusal("还没写明是服务目录里的哪一项，不知道要什么材料；先选好事项。")
        names = list(dict.fromkeys([*missing(case), *extra]))
        names = [name for name in names if name not in held(case)]
        if not names:
            raise Refusal("材料都齐了，没有要补的。")
        before = case.paper_notices.filter(round=case.round).order_by("told_at").last()
        fresh = [name for name in names if before and name not in before.missing]
        if before and not fresh:
            raise Refusal(f"{before.number} 已经告知过这些，请看那一张，不用再告知。")
        if before and len(reason.strip()) < 4:
            raise Refusal(
                f"要补的材料只能一次告知，{before.number} 漏了{'、'.join(fresh)}：再告知要写明为什么。",
                status=400,
                errors={"reason": "写明为什么没有一次告知全"},
            )
        notice = case.paper_notices.create(
            office_id=case.office_id, round=case.round, number=_number(case.office_id, step.at), service=item.code,
            missing=names, reason=reason.strip()[:200], told_at=step.at, told_by=by,
        )  # fmt: skip
        if case.state == State.RECEIVED:
            deadlines.happened(case, "papers_told", step.at)
        words = f"办“{item.name}”还要补：{'、'.join(names)}。一次补齐就行，交过的不用再交。"
        late = [f"再次告知：{reason.strip()}"] if before else []
        step.say(
            words,
            told=True,
            number=notice.number,
            missing=names,
            notes=[f"一次性告知单 {notice.number}", *late],
        )
    return case


def _number(office_id, at) -> str:
    year = clock.local(at).year
    return f"告{year % 100:02d}-{next_number(office_id, 'paper_notice', year):04d}"


def give_result(case, *, by, outcome: str, text: str, law: str = ""):
    """办结结果. Granted needs all papers; not possible needs the rule."""
    if outcome == ServiceOutcome.NOT_POSSIBLE and len(law.strip()) < 4:
        raise Refusal(
            "办不了要写明依据哪条法规或文件，不能只说“不符合条件”。", status=400, errors={"law": "请写依据"}
        )
    with move(case, "give_result", by) as step:
        if case.service_results.filter(round=case.round).exists():
            raise Refusal("这一轮的结果已经写过；有变化请重新办理。")
        lacking = missing(case) if outcome != ServiceOutcome.NOT_POSSIBLE else []
        if lacking:
            raise Refusal(
                f"材料还缺：{'、'.join(lacking)}。收齐了才能写“{ServiceOutcome(outcome).label}”。",
                missing=tuple(lacking),
            )
        case.service_results.create(
            office_id=case.office_id, round=case.round, outcome=outcome, text=text.strip(), law=law.strip(),
            at=step.at, by=by,
        )  # fmt: skip
        notes = [ServiceOutcome(outcome).label, *([f"依据：{law.strip()}"] if law.strip() else [])]
        step.say(text.strip(), outcome=outcome, notes=notes)
    return case


def has_result(case) -> bool:
    return record.has(case, ServiceResult) and case.service_results.filter(round=case.round).exists()


def no_result(case) -> str:
    """What closing lacks: the result of a request whose item is known."""
    if has_result(case) or item_of(case) is None:
        return ""
    return "还没写办结结果（办成、交到本人或办不了）"


def latest_notice(case) -> PaperNotice | None:
    return case.paper_notices.order_by("told_at").last()
