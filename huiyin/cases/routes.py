"""Special routes: what does not belong on the desk's usual way is recognised from the words, told, and recorded.

Only a hint: nothing is blocked. The routes are the rule set `special_routes`, their owners the duty lists.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.db import IntegrityError, transaction

from huiyin.base.refusal import Refusal
from huiyin.cases import categories, duties
from huiyin.cases.models import Direction
from huiyin.cases.states import Channel, State
from huiyin.rules import clock
from huiyin.rules.models import RuleSet, rule_set

TELL, DECLINE, SECRET, REFER = "tell", "decline", "secret", "refer"
LIST_BACK = "上级收回"
SHOWN = 3
BACK = "已由上级收回"
BY_CATEGORY, BY_CLAUSE = "duty:", "clause:"


@dataclass(frozen=True)
class Route:
    """One way elsewhere. `said`: the word that called for it, '' when the category did."""

    code: str
    way: str
    name: str
    target: str
    phone: str
    say: str
    law: str
    source_kind: str
    said: str = ""

    @property
    def registers(self) -> bool:
        """Is a matter registered on this way by itself?"""
        return self.way in (DECLINE, REFER)

    @property
    def may_register(self) -> bool:
        return self.way != SECRET


@lru_cache(maxsize=16)
def _rows(rules_id) -> list[dict]:
    return rule_set(rules_id).content["routes"]


def recognise(office, text: str, category: str = "") -> list[Route]:
    """The routes that `text` and `category` call for, the most urgent first, at most SHOWN."""
    packed = "".join(text.split())
    found = []
    for row in _fitting(office):
        word = next((word for word in row["words"] if word in packed), "")
        if word and not any(word in packed for word in row.get("unless", [])):
            found.append(_route(office, row, word))
    once: dict[str, Route] = {}
    for route in [*found, *_of_list(office, packed), _of_category(office, category)]:
        if route:
            once.setdefault(route.law, route)
    return list(once.values())[:SHOWN]


def _fitting(office) -> list[dict]:
    """The rows in force. The shipped ones name clauses by their number on the shipped list: on a list of the
    office's own that number is another thing."""
    rules = RuleSet.objects.current("special_routes", office)
    has_own_list = RuleSet.objects.current("duty_lists", office).office_id is not None
    unfit = has_own_list and rules.office_id is None
    return [row for row in _rows(rules.pk) if not (unfit and row.get("clause"))]


def _of_list(office, packed: str) -> list[Route]:
    """Clauses taken back from above whose own words are said."""
    found = []
    for key, row in duties.clauses(office).items():
        word = next((str(word) for word in row.get("words", ()) if str(word) in packed), "")
        if word and duties.is_withdrawn(row):
            found.append(_back(office, f"{BY_CLAUSE}{key}", BACK, key, word))
    return found


def find(office, code: str) -> Route:
    """The route of that code; Refusal 400 when the rules in force know none."""
    if code.startswith(BY_CATEGORY):
        route = _of_category(office, code.removeprefix(BY_CATEGORY))
    elif code.startswith(BY_CLAUSE):
        route = _back(office, code, BACK, code.removeprefix(BY_CLAUSE))
    else:
        row = next((row for row in _fitting(office) if row["code"] == code), None)
        route = _route(office, row) if row else None
    if route is None:
        raise Refusal("没有这个去向，可能规则刚换了一版。请从右边重新选。", status=400)
    return route


def _route(office, row: dict, said: str = "") -> Route | None:
    if row.get("clause"):
        return _back(office, row["code"], row["name"], row["clause"], said)
    words = {name: row.get(name, "") for name in ("target", "phone", "say", "law", "source_kind")}
    return Route(row["code"], row["way"], row["name"], said=said, **words)


def _of_category(office, category: str) -> Route | None:
    """The category's own clause stands on the list of what was taken back."""
    clause = (categories.table(office).get(category) or {}).get("clause", "")
    if not clause.startswith(LIST_BACK):
        return None
    return _back(office, f"{BY_CATEGORY}{category}", BACK, clause)


def _back(office, code: str, name: str, clause: str, said: str = "") -> Route | None:
    row = duties.clauses(office).get(clause)
    if row is None or not duties.is_withdrawn(row):
        return None
    owner = row.get("now_with", "上级主管部门")
    say = f"您说的事已经由上级收回，现在归{owner}管，街道不再办。我们替您转过去，请您记下这个单位；那边的答复您可以回来问我们。"
    return Route(code, REFER, name, owner, row.get("phone", ""), say, duties.wording(row), "示例", said)


def direct(user, route: Route, *, channel: str, draft_key: str, case=None) -> Direction:
    """Record that the person was told this way; the same `draft_key` gives the record of the first time.

    What is secret leaves no matter and no word behind: Refusal 400 when a case comes along.
    """
    if route.way == SECRET and case is not None:
        raise Refusal("涉及国家秘密的不在这里登记，只记已经引导。", status=400)
    known = Direction.objects.filter(office=user.office, draft_key=draft_key).first()
    if known:
        return known
    row = Direction(
        office=user.office,
        route=route.code[:30],
        name=route.name,
        is_secret=route.way == SECRET,
        rules=RuleSet.objects.current("special_routes", user.office),
        channel=channel if channel in Channel.values else Channel.VISIT,
        told=route.say,
        target=route.target[:80],
        phone=route.phone,
        law=route.law,
        at=clock.now(),
        by=user,
        draft_key=draft_key,
        case=case,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # pressed twice
        return Direction.objects.get(office=user.office, draft_key=draft_key)
    return row


def end(case, route: Route, *, by):
    """Take the matter off the usual way at once: declined with where to go, or referred to its owner."""
    if case.state != State.RECEIVED:
        return
    where = f"{route.target}，电话 {route.phone}" if route.phone else route.target
    if route.way == DECLINE:
        case.decline(by=by, reason=route.say, advice=f"可以去：{where}。\n依据：{route.law}。")
    elif route.way == REFER:
        case.refer(by=by, to=route.target[:60], phone=route.phone, text=f"{route.say}\n依据：{route.law}。")
