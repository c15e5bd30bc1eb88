"""What a procedure may ask of a kind: particulars, conditions before a move, fewer posts, moves of its own."""

import pytest
from django import forms
from django.db import transaction

from huiyin.base.refusal import Refusal
from huiyin.cases import kind_moves, moving, particulars, requirements, workflow
from huiyin.cases.form_fields import words
from huiyin.cases.forms import FORMS, form_for
from huiyin.cases.move_form import MoveForm
from huiyin.cases.offers import offers
from huiyin.cases.states import OPEN
from huiyin.cases.workflow import CENTRE, Move
from huiyin.rules import clock
from huiyin.rules.models import RuleSet

FIELDS = [
    {"code": "grade", "name": "等级", "type": "choice", "choices": [{"minor": "一般"}, {"major": "重大"}],
     "at": "accept", "required": True},
    {"code": "depth", "name": "深度", "type": "number", "most": 50, "at": "accept"},
    {"code": "cost", "name": "费用", "type": "money", "at": "report"},
    {"code": "seen_on", "name": "看到的日子", "type": "date", "at": "register", "required": True},
    {"code": "stopped", "name": "停工", "type": "yes_no", "at": "accept"},
    {"code": "risks", "name": "风险", "type": "choices", "choices": [{"fire": "火"}, {"fall": "坠落"}], "at": "accept"},
]  # fmt: skip


def with_procedure(world, **changes):
    """A version of the procedures in force in which city problems follow `changes`."""
    active = RuleSet.objects.current("procedures", world.office)
    kinds = dict(active.content["kinds"])
    kinds["city_problem"] = kinds["city_problem"] | changes
    RuleSet.objects.create(
        office=world.office, name="procedures", version=90, valid_from=clock.today(), source="测试",
        content={**active.content, "kinds": kinds}, activated_at=clock.now(),
    )  # fmt: skip
    from huiyin.rules import models

    models._cache["at"] = 0.0


@pytest.fixture
def fresh_rules():
    from huiyin.rules import models

    yield
    models._cache["at"] = 0.0


@pytest.fixture
def case(world, fresh_rules):
    with_procedure(world, fields=FIELDS)
    return world.register(by=world.clerk)


def test_what_is_asked_for_must_be_given(world, case):
    with pytest.raises(Refusal) as refused:
        case.accept(by=world.clerk, text="我们收到了，马上派人去看。")
    assert "等级" in refused.value.message and "看到的日子" in refused.value.message
    assert set(refused.value.errors) == {"of_grade", "of_seen_on"}
    case.refresh_from_db()
    assert case.state == "received" and case.events.count() == 1


def test_given_with_the_move_and_kept_in_its_event(world, case):
    given = {"grade": "major", "seen_on": "2026-11-01", "depth": 3, "stopped": True, "risks": ["fire"]}
    case.do("accept", by=world.clerk, particulars=given, text="我们收到了，马上派人去看。")
    case.refresh_from_db()
    assert case.particulars == given
    assert case.events.get(verb="accept").data["particulars"] == given
    assert particulars.shown(case) == [
        ("等级", "重大"), ("深度", "3"), ("看到的日子", "2026-11-01"), ("停工", "是"), ("风险", "火"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "value", "says"),
    [("grade", "huge", "等级"), ("depth", 51, "深度"), ("depth", "深", "深度"), ("seen_on", "昨天", "看到的日子"),
     ("cost", "-1", "费用"), ("nothing", "x", "没有这一项"), ("risks", ["flood"], "风险")],
)  # fmt: skip
def test_values_that_do_not_fit(world, case, code, value, says):
    given = {"grade": "minor", "seen_on": "2026-11-01", code: value}
    with pytest.raises(Refusal) as refused:
        case.do("accept", by=world.clerk, particulars=given, text="我们收到了，马上派人去看。")
    assert says in refused.value.message and refused.value.status == 400


def test_one_form_for_page_and_program(world, case):
    form = form_for("accept", case, world.clerk)
    assert {"of_grade", "of_seen_on", "of_depth"} <= set(form.fields) and "of_cost" not in form.fields
    schema = next(row for row in offers(case, world.clerk) if row.verb == "accept").as_json("/x")["fields"]
    assert schema["properties"]["of_grade"]["enum"] == ["minor", "major"] and "of_grade" in schema["required"]
    data = {
        "text": "我们收到了，马上派人去看。",
        "of_grade": "minor",
        "of_seen_on": "2026-11-02",
        "of_cost": "",
    }
    form_for("accept", case, world.clerk, data).perform()
    case.refresh_from_db()
    assert case.particulars == {"grade": "minor", "seen_on": "2026-11-02"}


def test_put_right_later(world, case):
    case.do("accept", by=world.clerk, particulars={"grade": "minor", "seen_on": "2026-11-01"},
            text="我们收到了，马上派人去看。")  # fmt: skip
    case.do("fill_in", by=world.clerk, particulars={"grade": "major"}, reason="现场看了")
    event = case.events.get(verb="fill_in")
    assert event.data["was"] == {"grade": "minor"} and event.data["particulars"] == {"grade": "major"}
    with pytest.raises(Refusal, match="没有改动"):
        case.do("fill_in", by=world.clerk, particulars={"grade": "major"})


def test_limits_may_ask_about_particulars(world, case):
    from huiyin.cases import deadlines

    case.particulars = {"grade": "major", "risks": ["fire"]}
    assert deadlines.traits(case)["grade"] == "major" and "risks" not in deadlines.traits(case)


def test_what_was_forgotten_at_the_desk_is_kept_with_registration(world, fresh_rules):
    with_procedure(world, fields=FIELDS)
    case = world.register(by=world.clerk, particulars={"seen_on": "2026-11-01"})
    assert case.events.get(verb="register").data["particulars"] == {"seen_on": "2026-11-01"}
    assert "of_seen_on" not in form_for("accept", case, world.clerk).fields
    with pytest.raises(Refusal, match="没有这一项"):
        world.register(by=world.clerk, particulars={"other": "1"})


def test_fewer_posts(world, fresh_rules):
    with_procedure(world, roles={"accept": ["director"]})
    case = world.register(by=world.clerk)
    with pytest.raises(Refusal) as refused:
        case.accept(by=world.clerk, text="我们收到了，马上派人去看。")
    assert refused.value.status == 403 and "中心主任" in refused.value.message
    assert "accept" not in {row.verb for row in offers(case, world.clerk)}
    case.accept(by=world.director, text="我们收到了，马上派人去看。")


@pytest.fixture
def measured():
    """A condition and a move as a room above brings them, taken away again."""

    class Measure(MoveForm):
        text = words("量了什么")
        again = forms.BooleanField(required=False)

    def act(case, *, by, text, again=False):
        with moving.move(case, "measure", by) as step:
            step.say(text, notes=["再量一次"] if again else [])

    def unmeasured(case):
        return "" if case.events.filter(verb="measure").exists() else "没有量过"

    row = Move("measure", "测量", "到现场量", frozenset(OPEN), None, frozenset(CENTRE), opt_in=True)
    kind_moves.add(row, form=Measure, act=act, events=("contacted",), icon="eye")
    requirements.add("measured", "测量记录", unmeasured)
    yield
    from huiyin.cases import deadlines, timeline

    for table in (
        workflow.MOVES,
        workflow.EVENT_LABELS,
        FORMS,
        moving.ACTS,
        timeline.ICON_OF,
        deadlines.EVENTS,
    ):
        del table["measure"]
    del requirements.KNOWN["measured"]


def test_a_move_of_a_room_above(world, fresh_rules, measured):
    closed = world.register(by=world.clerk)
    with pytest.raises(Refusal, match="没有“测量”这一步"):
        closed.do("measure", by=world.clerk, text="井口四十公分")
    with_procedure(world, opens=["measure"], requires={"accept": ["measured"]})
    case = world.register(by=world.clerk)
    offered = {row.verb: row for row in offers(case, world.clerk, with_refused=True)}
    assert offered["measure"].is_allowed
    assert offered["accept"].reason == "没有量过" and offered["accept"].missing == ("测量记录",)
    with pytest.raises(Refusal) as refused:
        case.accept(by=world.clerk, text="我们收到了，马上派人去看。")
    assert refused.value.status == 409 and refused.value.missing == ("测量记录",)
    form_for("measure", case, world.clerk, {"text": "井口四十公分", "again": "on"}).perform()
    case.accept(by=world.clerk, text="我们收到了，马上派人去看。")
    assert case.events.get(verb="measure").data["notes"] == ["再量一次"]


def test_followers_may_stop_a_move(world, fresh_rules):
    case = world.register(by=world.clerk)

    def stop(case, step):
        if step.verb == "accept":
            raise Refusal("不行")

    moving.FOLLOWERS.append(stop)
    try:
        with pytest.raises(Refusal, match="不行"), transaction.atomic():
            case.accept(by=world.clerk, text="我们收到了，马上派人去看。")
    finally:
        moving.FOLLOWERS.remove(stop)
    case.refresh_from_db()
    assert case.state == "received"


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"opens": ["accept"]}, "本来就开着"), ({"roles": {"verify": ["admin"]}}, "没有人做"),
     ({"requires": {"close": ["nothing"]}}, "没有“nothing”"),
     ({"fields": [{"code": "a", "name": "甲", "type": "choice", "at": "accept"}]}, "choices"),
     ({"fields": [{"code": "a", "name": "甲", "type": "text", "at": "never"}]}, "没有“never”"),
     ({"off": ["close"]}, "关不得")],
)  # fmt: skip
def test_a_broken_procedure_is_not_activated(world, changes, says):
    from huiyin.cases import procedure_check

    content = RuleSet.objects.current("procedures", world.office).content
    assert not [
        p for p in procedure_check.check(content, world.office) if not getattr(p, "is_warning", False)
    ]
    kinds = content["kinds"] | {"petition": content["kinds"]["petition"] | changes}
    problems = list(procedure_check.check({**content, "kinds": kinds}, world.office))
    assert any(says in problem.message for problem in problems), problems
