"""The moves of this room, put into the tables of the heart; the procedures say which kind opens which."""

from huiyin.cases import kind_moves
from huiyin.cases.states import OPEN, State
from huiyin.cases.workflow import CENTRE, CHIEF, LIVE, RESIDENT, UNIT, Move
from huiyin.orgs.models import Role
from huiyin.petitions import accusations, adopting, forms, held, instructions, reviewing, transfers

DONE = frozenset({State.ANSWERED, State.CLOSED})
LEADERS = frozenset({Role.LEADER, Role.DUTY_LEADER, Role.DIRECTOR})


def _move(verb, label, does, sources, roles, **more) -> Move:
    return Move(
        verb, label, does, frozenset(sources), more.pop("to", None), frozenset(roles), opt_in=True, **more
    )


def put_in():
    """Called once when the room is ready."""
    _subjects()
    _transfers()
    _reviews()
    _accusations()
    _suggestions()


def _subjects():
    def open_reviews(case):
        return [row for row in held.reviews(case) if row.served_on is None]

    kind_moves.add_subjects(
        "objection",
        lambda case: [row for row in held.objections(case) if row.answered_at is None],
        lambda case: case.jurisdiction_objections.select_related("source"),
    )
    kind_moves.add_subjects("review", open_reviews, lambda case: case.reviews.all())
    kind_moves.add_subjects(
        "hearing",
        lambda case: [row for row in held.hearings(case) if row.ended_at is None],
        lambda case: case.hearings.select_related("review"),
    )
    kind_moves.add_subjects("accused", held.accused, lambda case: case.accused.select_related("organisation"))
    kind_moves.add_subjects(
        "instruction",
        lambda case: [row for row in held.instructions(case) if row.decided_at is None],
        lambda case: case.instructions.select_related("asked_by"),
    )
    kind_moves.add_subjects(
        "adoption",
        lambda case: [row for row in held.adoptions(case) if row.is_owed],
        lambda case: case.adoptions.select_related("organisation"),
    )


def _transfers():
    kind_moves.add(
        _move("raise_objection", "提出异议", "不归本单位，5个工作日内说理由", {State.RECEIVED}, CENTRE, rank=30),
        form=forms.RaiseObjection, act=transfers.raise_objection, events=("objection_raised",), icon="back",
        condition=lambda case, user, subject: transfers.why_no_objection(case), quiet=True,
    )  # fmt: skip
    kind_moves.add(
        _move("answer_objection", "登记异议答复", "转送单位同意才能退回", {State.RECEIVED}, CENTRE,
              subject="objection", rank=8),
        form=forms.AnswerObjection, act=transfers.answer_objection, icon="back",
    )  # fmt: skip


def _reviews():
    kind_moves.add(
        _move("request_review", "请求复查复核", "不服书面意见，30日内提出", DONE, CENTRE | {RESIDENT}, rank=36),
        form=forms.RequestReview, act=reviewing.request_review, icon="scales",
        condition=lambda case, user, subject: reviewing.why_no_request(case, held.reviews(case)), quiet=True,
    )  # fmt: skip
    kind_moves.add(
        _move("give_review_opinion", "登记复查复核意见", "结论、事实、依据和文号", DONE, CENTRE | CHIEF,
              subject="review", rank=12),
        form=forms.GiveReviewOpinion, act=reviewing.give_review_opinion, icon="scales", quiet=True,
        condition=lambda case, user, subject: (
            "意见已经登记" if subject.opinion_on else "听证没有结束" if _is_heard(subject) else ""
        ),
    )  # fmt: skip
    kind_moves.add(
        _move("serve_review", "送达复查复核意见", "送到那天起算下一步的期限", DONE, CENTRE, subject="review", rank=12),
        form=forms.ServeReview, act=reviewing.serve_review, icon="send", quiet=True,
        condition=lambda case, user, subject: "" if subject.opinion_on else "意见还没有登记",
    )  # fmt: skip
    kind_moves.add(
        _move("begin_hearing", "决定听证", "听证时间不算在复核期限里", DONE, CENTRE | CHIEF, subject="review", rank=38),
        form=forms.BeginHearing, act=reviewing.begin_hearing, icon="people", quiet=True,
        condition=lambda case, user, subject: reviewing.why_no_hearing(subject),
    )  # fmt: skip
    kind_moves.add(
        _move("end_hearing", "听证结束", "记下结论，复核期限接着算", DONE, CENTRE | CHIEF, subject="hearing", rank=9),
        form=forms.EndHearing, act=reviewing.end_hearing, icon="people",
    )  # fmt: skip


def _is_heard(review) -> bool:
    rows = getattr(review, "held", None)
    rows = list(review.hearings.all()) if rows is None else rows
    return any(row.ended_at is None for row in rows)


def _accusations():
    kind_moves.add(
        _move("name_accused", "写明被检举控告的", "从此限知，对方看不到", OPEN, CENTRE | CHIEF,
              while_paused=True, rank=76),
        form=forms.NameAccused, act=accusations.name_accused, icon="lock", quiet=True,
        condition=lambda case, user, subject: "" if accusations.is_accusation(case) else "不是检举控告",
    )  # fmt: skip
    kind_moves.add(
        _move("clear_accused", "划去被检举控告的", "写错了，留痕划去", OPEN, CENTRE | CHIEF, subject="accused",
              while_paused=True, rank=87),
        form=forms.ClearAccused, act=accusations.clear_accused, icon="lock",
    )  # fmt: skip
    kind_moves.add(
        _move("seek_instructions", "请示主要领导", "拿不准的，请领导定", LIVE, CENTRE | CHIEF | UNIT,
              while_paused=True, rank=69),
        form=forms.SeekInstructions, act=instructions.seek_instructions, icon="note", quiet=True,
        condition=lambda case, user, subject: (
            "已经有一份在等批示" if any(row.decided_at is None for row in held.instructions(case)) else ""
        ),
    )  # fmt: skip
    kind_moves.add(
        _move("instruct", "批示", "定下怎么办", LIVE, LEADERS, subject="instruction", while_paused=True, rank=6),
        form=forms.Instruct, act=instructions.instruct, icon="note",
        condition=lambda case, user, subject: "自己请示的，要别人批" if subject.asked_by_id == user.pk else "",
    )  # fmt: skip


def _suggestions():
    kind_moves.add(
        _move("adopt", "研究采纳", "采纳不采纳，都写理由", LIVE - {State.ANSWERED}, CENTRE | CHIEF | UNIT, rank=18),
        form=forms.Adopt, act=adopting.adopt, icon="check",
    )  # fmt: skip
    kind_moves.add(
        _move("implement", "记落实情况", "采纳的盯到做完", DONE, CENTRE | UNIT | {Role.SUPERVISOR},
              subject="adoption", rank=16),
        form=forms.FollowUp, act=adopting.follow_up, icon="flag",
    )  # fmt: skip
