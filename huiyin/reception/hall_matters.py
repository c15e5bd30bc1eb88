"""What comes to a window belongs to one matter: papers are taken there, what is missing is told there, once."""

from huiyin.cases import access
from huiyin.cases.intake import Person, Words, register
from huiyin.cases.intake_form import default_reply
from huiyin.cases.models import Case
from huiyin.cases.states import Channel
from huiyin.people.models import Party
from huiyin.reception import service_use
from huiyin.upstream import papers
from huiyin.upstream.models import HeldPaper

REQUEST = service_use.REQUEST


def person_of(visit) -> Party | None:
    """The known person of this ticket; None for someone new or who did not say."""
    rows = Party.objects.with_phone(visit.office_id, visit.person_phone) if visit.person_phone else []
    return next((row for row in rows if row.name == visit.person_name), None)


def handed_in(visit) -> dict[str, HeldPaper]:
    """name → the paper that this person gave before: not asked for again."""
    party = person_of(visit)
    rows = (
        HeldPaper.objects.filter(office_id=visit.office_id, party=party).order_by("taken_at") if party else []
    )
    return {row.name: row for row in rows}


def running(visit) -> Case | None:
    """The open matter of the same person that asks for the same item."""
    party = person_of(visit)
    if party is None:
        return None
    rows = Case.objects.open().filter(office_id=visit.office_id, kind=REQUEST, parties__party=party)
    rows = rows.filter(service_uses__service=visit.service).select_related("office", "area")
    return rows.order_by("-registered_at").first()


def matter_of(visit, service, description: str, *, by) -> Case:
    """The matter that this visit belongs to: the one that runs, else a new one with its item."""
    case = running(visit)
    if case is not None:
        _let_in(case, by)
        return case
    persons = [Person(name=visit.person_name, phone=visit.person_phone)]
    persons = persons if visit.person_name or visit.person_phone else []
    words = Words(
        description=description,
        title=f"{service.name}：{description.strip()[:20]}",
        kind=REQUEST,
        channel=Channel.VISIT,
        category=service.category,
        persons=persons,
        reply_by=default_reply(persons),
    )
    case = register(visit.office, words, by=by, key=f"hall:{visit.pk}")
    service_use.set_item(case, service.code, by=by)
    return case


def _let_in(case, by) -> None:
    """Whoever serves the person at the window reads the person's matter."""
    if by.pk not in case.named_readers:
        case.named_readers = [*case.named_readers, by.pk]
        case.save(update_fields=["named_readers"])
        access.refresh_readers(case)


def take_papers(case, visit, service, missing, *, by) -> None:
    """What the item asks for and was not ticked as missing lies on the counter: taken, once."""
    if not case.parties.exists():
        return
    known = papers.held(case)
    brought = [name for name in papers.wanted(case) if name not in missing and name not in known]
    if brought:
        case.do("take_papers", by=by, papers=brought)


def tell_missing(case, missing, *, by) -> list[str]:
    """The one slip with everything that is missing; the names as told."""
    listed = papers.missing(case)
    more = "\n".join(name for name in missing if name not in listed)
    case.do("tell_missing", by=by, more=more)
    return papers.latest_notice(case).missing


def finish_running(visit, service, *, by) -> Case | None:
    """Done at the window: the matter that runs for it gets the rest of the papers and its result."""
    case = running(visit)
    if case is None:
        return None
    _let_in(case, by)
    take_papers(case, visit, service, [], by=by)
    if not case.service_results.filter(round=case.round).exists():
        text = visit.note if len(visit.note) >= 4 else f"窗口当场办好了“{service.name}”。"
        case.do("give_result", by=by, outcome="granted", text=text)
    return case
