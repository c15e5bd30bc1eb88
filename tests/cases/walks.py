"""Ways to bring a matter to a state by its own verbs."""

from huiyin.cases.models import Case

STEPS = ["received", "accepted", "dispatched", "in_hand", "reported", "verified", "answered", "closed"]
ANSWER = "井盖垫好了，我们夜里去听过，已经没有响声。"


def bring(world, state: str, **register) -> Case:
    """A fresh matter in `state`, led by the enforcement team, handled by world.handler, verified by the supervisor."""
    case = world.register(by=world.clerk, **register)
    for target in STEPS[1 : STEPS.index(state) + 1]:
        advance(world, case, target)
    return Case.objects.get(pk=case.pk)


def advance(world, case, target: str):
    if target == "accepted":
        case.accept(by=world.clerk)
    elif target == "dispatched":
        case.dispatch(by=world.clerk, lead=world.enforcement, task="去看看")
    elif target == "in_hand":
        case.take(by=world.handler, subject=case.lead)
    elif target == "reported":
        case.record(by=world.handler, act="work", text="垫了胶圈")
        case.report(by=world.handler, subject=case.lead, text="垫好了，不响了")
    elif target == "verified":
        case.verify(by=world.supervisor, text="夜里去听过，不响了")
    elif target == "answered":
        case.answer(by=world.clerk, text=ANSWER, reply_by=case.reply_by, delivered="电话里说过了")
    elif target == "closed":
        case.close(by=world.clerk)


def bounce(world, case, times: int = 1):
    """The lead takes it and returns it, `times` times, each time sent again where it may be."""
    for _ in range(times):
        if case.state == "accepted":
            case.dispatch(by=world.clerk, lead=world.enforcement)
        case.return_work(by=world.handler, subject=case.lead, reason="不归我们管", clause=clause(world))
    return case


def clause(world) -> str:
    from huiyin.cases import duties

    return next(iter(duties.clauses(world.office)))
