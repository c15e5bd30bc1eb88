"""What the buttons below the intake form do: register, take on, answer at once, join, send another way – once each."""

from django.db import transaction
from django.urls import reverse

from huiyin.base.refusal import Refusal
from huiyin.cases import drafts, joining, particulars, routes
from huiyin.cases.intake import Person, register
from huiyin.cases.models import Case, CaseParty, Direction, Draft
from huiyin.cases.states import State
from huiyin.cases.workflow import CENTRE

JOIN, ROUTE, TOLD = "join:", "route:", "told:"


def address_of(outcome) -> str:
    """Where a draft leads that has become `outcome`: the slip to take home, the notice, or what taking on still asks."""
    if getattr(outcome, "held_up", ""):
        return reverse("desk_move_form", args=[outcome.number, "accept"])
    if isinstance(outcome, Direction):
        return reverse("desk_direction", args=[outcome.pk])
    if isinstance(outcome, CaseParty):
        return reverse("desk_receipt", args=[outcome.case.number]) + f"?party={outcome.pk}"
    return reverse("desk_receipt", args=[outcome.number])


def act(form, draft: Draft, do: str):
    """`do` 'register', 'accept', 'answer', 'join:26-00012', 'route:court' or 'told:fire' – all or nothing.

    Returns the Case, CaseParty or Direction that came of it. Raises Refusal with the reason.
    """
    user = form.user
    if do.startswith(TOLD):
        return _only_tell(form, draft, routes.find(user.office, do.removeprefix(TOLD)))
    if not form.is_valid():
        raise Refusal("有几处要改，改好再登记；您填的都还在。", status=400)
    with transaction.atomic():
        if do.startswith(JOIN):
            return _join(form, draft, do.removeprefix(JOIN))
        if do.startswith(ROUTE):
            return _send_away(form, draft, routes.find(user.office, do.removeprefix(ROUTE)))
        case = _register(form, draft)
        if case.state == State.RECEIVED and do == "accept":
            _accept(case, user)
        elif case.state == State.RECEIVED and do == "answer":
            _answer(form, case)
        return case


def _accept(case, user):
    """Take it on at once. Where the kind asks for more than the desk's form has, it stays registered and says what."""
    try:
        with transaction.atomic():
            case.accept(by=user)
    except Refusal as refusal:
        if not any(name.startswith(particulars.PREFIX) for name in refusal.errors):
            raise
        case.refresh_from_db()
        case.held_up = refusal.message


def _register(form, draft) -> Case:
    key = drafts.key_of(form.user, draft.pk)
    case = register(form.office, form.as_words(_files(draft)), by=form.user, key=key)
    Draft.objects.filter(pk=draft.pk).delete()
    return case


def _files(draft) -> list:
    return list(draft.attachments.filter(case=None))


def _answer(form, case):
    text = form.cleaned_data["answer"]
    if not text:
        raise Refusal("当场答复要写下怎么答复的。", status=400, errors={"answer": "请写答复的原话"})
    try:
        case.answer_at_once(by=form.user, text=text, outcome=form.cleaned_data["outcome"] or "explained")
    except Refusal as refusal:
        raise Refusal(refusal.message, status=refusal.status, errors={"answer": refusal.message}) from None


def _join(form, draft, number: str) -> CaseParty:
    """The draft's row is locked: a second press finds the party of the first."""
    held = Draft.objects.select_for_update().filter(pk=draft.pk).first()
    if held and held.joined:
        return held.joined
    found = Case.objects.visible_to(form.user).filter(office=form.office, number=number).first()
    if found is None:
        raise Refusal("要催的那件找不到，或者您看不到它。请从右边重新选。", status=400)
    given = form.cleaned_data
    words = form.as_words()
    person = words.persons[0] if words.persons else Person()
    if len(words.persons) > 1 or words.group_size > 1:
        raise Refusal("几个人一起来的请登记成一件，再从事项页“并入”。", status=400)
    party = joining.join(
        found,
        person,
        by=form.user,
        text=given["description"],
        channel=given["channel"],
        reply_by=words.reply_by,
    )
    event = found.events.order_by("-seq").first()
    for row in _files(draft):  # not "from the person": the others of this matter must not see them
        row.case, row.event, row.draft, row.is_from_person = found, event, None, False
        row.save(update_fields=["case", "event", "draft", "is_from_person"])
    drafts.become_party(draft, party)
    return party


def _send_away(form, draft, route) -> Direction:
    """Registered, told where to go, and – unless it is an emergency – off the desk at once."""
    if not route.may_register:
        raise Refusal("涉及国家秘密的不登记，请用“已引导”。", status=400)
    if route.registers and not form.user.roles & CENTRE:
        raise Refusal("不予受理和转送由联动中心来做，请照常登记。", status=403)
    case = _register(form, draft)
    routes.end(case, route, by=form.user)
    return routes.direct(
        form.user,
        route,
        channel=case.channel,
        draft_key=drafts.key_of(form.user, draft.pk),
        case=case,
    )


def _only_tell(form, draft, route) -> Direction:
    """Nothing is registered: that the person was told is all that stays; the draft goes with its words."""
    if route.registers:
        raise Refusal("这一类要登记再引导，好给来人一张凭据。", status=400)
    with transaction.atomic():
        row = routes.direct(
            form.user,
            route,
            channel=form.data.get("channel", ""),
            draft_key=drafts.key_of(form.user, draft.pk),
        )
        drafts.drop(draft)
    return row
