"""The same thing said again: an urging (催办) on the first matter, and its new person a party with a code of their own.

Persons are not shown to each other: what each one said and may do hangs on the own code (`voice`).
"""

from datetime import timedelta

from django.db import transaction

from huiyin.base.refusal import Refusal
from huiyin.cases import intake
from huiyin.cases.models import CaseParty
from huiyin.cases.states import Reply
from huiyin.people.models import Party
from huiyin.rules import clock
from huiyin.rules.models import RuleSet

JOINED = "joined"
JOINER_MAY_NOT = frozenset({"withdraw"})  # it is the first person's matter


def rules(office) -> dict:
    return RuleSet.objects.current("intake", office).content["urge"]


@transaction.atomic
def join(case, person: intake.Person, *, by, text: str, channel: str, reply_by: str = ""):
    """Let `person` speak to `case` as well; returns their CaseParty, the raiser's own when it is the same person.

    Raises Refusal 400 when the matter has ended or is restricted, else what `urge` raises.
    """
    if not case.is_open:
        raise Refusal(f"{case.number} 已经{case.get_state_display()}，不能再催；请照常登记。", status=400)
    if case.is_restricted:
        raise Refusal(f"{case.number} 是限知的，别人不能一同反映；请照常登记。", status=400)
    party = known_party(case, person)
    is_new = party is None
    if is_new:
        party = _add(case, person, reply_by)
    voice = "" if party.role == "raiser" else str(party.pk)
    case.urge(by=by, text=text, voice=voice, joined=is_new, channel=channel)
    return party


def known_party(case, person: intake.Person):
    """The party of `case` who is this very person – same name and same telephone – or None."""
    if not person.phone:
        return None
    same = [
        row.pk
        for row in Party.objects.with_phone(case.office, person.phone)
        if row.name == person.name.strip()
    ]
    rows = case.parties.filter(party_id__in=same).exclude(role="respondent")
    return rows.order_by("pk").first()


def _add(case, person, reply_by):
    if reply_by and reply_by not in Reply.values:
        raise Refusal("没有这种告知办法。", status=400, errors={"reply_by": "请从列表里选"})
    party = intake.party_of(case.office, person)
    row, _ = case.parties.get_or_create(
        office_id=case.office_id, party=party, defaults={"role": JOINED, "reply_by": reply_by}
    )
    return row


def count_persons(case, *, also=None) -> int:
    """How many persons stand behind `case` and the matters joined to it, each counted once.

    The same telephone or identity number (blind index) is the same person; those whom nobody named are added as
    each matter says how many they are. `also`: a matter that is being joined at this moment.
    """
    joined = type(case).objects.filter(merged_into=case).values_list("pk", "group_size")
    sizes = {case.pk: 0, **dict(joined)}
    if also is not None:
        sizes[also.pk] = also.group_size
    rows = CaseParty.objects.filter(case__in=sizes).exclude(role="respondent")
    known, named = {}, dict.fromkeys(sizes, 0)
    for pk, party, phone, card, role in rows.values_list(
        "case_id", "party_id", "party__phone_index", "party__id_index", "role"
    ):
        _same_person(
            known, [key for key in (card and f"id:{card}", phone and f"tel:{phone}") if key] or [party]
        )
        named[pk] += role != JOINED
    unnamed = sum(max(size - named[pk], 0) for pk, size in sizes.items())
    return len({id(group) for group in known.values()}) + unnamed


def _same_person(known: dict, keys: list):
    """Put these keys of one person together with whoever shares one of them."""
    group = set(keys).union(*(known[key] for key in keys if key in known))
    for key in group:
        known[key] = group


def too_soon(case, voice: str) -> str:
    """Why the person behind `voice` may not urge again yet, or '': once in so many days (rule set `intake`)."""
    days = rules(case.office)["again_after_days"]
    last = (
        case.events.filter(verb="urge", round=case.round, by=None, data__voice=voice).order_by("-seq").first()
    )
    if last is None or last.at + timedelta(days=days) <= clock.now():
        return ""
    again = clock.local(last.at + timedelta(days=days))
    said = clock.local(last.at)
    return (
        f"您 {said.month} 月 {said.day} 日催过了，办事的人已经看到。"
        f"{again.month} 月 {again.day} 日以后可以再催；事情急，请打 {case.office.phone}。"
    )
