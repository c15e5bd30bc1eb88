"""Written by one, reviewed and published by another; taken down with a reason. The same for answers and notes."""

from django.db import IntegrityError, transaction

from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.cases.wording import told_or_refuse
from huiyin.notices.models import send
from huiyin.orgs.models import Post, Role
from huiyin.publications import finding
from huiyin.publications.masking import Known, mask
from huiyin.publications.models import Objection, PublicationState, PublishedAnswer, TopicNote
from huiyin.publications.record import (
    community_of,
    days_of,
    known_of,
    public_numbers,
    shortened,
    sketch_of,
    solved_of,
    why_not,
)
from huiyin.rules import clock

WRITERS = frozenset({Role.CLERK, Role.SUPERVISOR, Role.DEPUTY, Role.DIRECTOR})
REVIEWERS = frozenset({Role.DUTY_LEADER, Role.DEPUTY, Role.DIRECTOR, Role.LEADER})
DOORS = WRITERS | REVIEWERS
TEXTS = ("title", "said", "done", "answer")
BY_PERSON = "本人不同意公开"


def draft(case, *, by) -> PublishedAnswer:
    """A draft made from the record, without identities; a second call returns the same one."""
    _may(by, WRITERS, "起草公开的答复")
    with transaction.atomic():
        type(case).objects.select_for_update().get(pk=case.pk)
        known = PublishedAnswer.objects.filter(case=case, round=case.round)
        known = known.exclude(state=PublicationState.WITHDRAWN).first()
        if known:
            return known
        reason = why_not(case)
        if reason:
            raise Refusal(reason)
        sketch = sketch_of(case)
        row = PublishedAnswer(
            office_id=case.office_id,
            case=case,
            round=case.round,
            community=community_of(case),
            category=case.category,
            finished_on=clock.local(case.closed_at).date(),
            days=days_of(case),
            outcome=sketch.outcome,
            solved=solved_of(case),
            written_by=by,
            writers=[by.pk],
            written_at=clock.now(),
            **{name: shortened(name, getattr(sketch, name).text) for name in TEXTS},
        )
        row.save(force_insert=True)
        _note(row, "起草公开", by)
    return row


def rewrite(row, *, by, **texts):
    """New words; what waited for review goes back to its writer's desk."""
    _may(by, WRITERS, "改写")
    with _locked(row, PublicationState.DRAFT, PublicationState.SUBMITTED) as row:
        for name, value in texts.items():
            setattr(row, name, value.strip() if isinstance(value, str) else value)
        row.state, row.submitted_at = PublicationState.DRAFT, None
        row.written_by, row.written_at = by, clock.now()
        row.writers = [*dict.fromkeys([*row.writers, by.pk])]
        row.save()
    return row


def submit(row, *, by):
    """Ready for another pair of eyes. Refused while an identity or an office word is left in it."""
    _may(by, WRITERS, "交审")
    with _locked(row, PublicationState.DRAFT) as row:
        refuse_identities(row)
        row.state, row.submitted_at, row.remark = PublicationState.SUBMITTED, clock.now(), ""
        row.save(update_fields=["state", "submitted_at", "remark"])
        _note(row, "交审公开", by)
        readers = {post.user_id: post.user for post in Post.objects.of_roles(row.office, *REVIEWERS)}
        send(
            [user for pk, user in readers.items() if pk not in row.writers],
            f"等您审一条公开：{row}",
            office=row.office,
            url=url_of(row),
            key=f"publication:{row.pk}:{row.submitted_at.isoformat()}",
        )
    return row


def send_back(row, *, by, reason: str):
    """The reviewer wants it changed: why, and it is a draft again."""
    _may(by, REVIEWERS, "审")
    with _locked(row, PublicationState.SUBMITTED) as row:
        row.state, row.remark = PublicationState.DRAFT, reason.strip()[:300]
        row.save(update_fields=["state", "remark"])
        _note(row, "退回公开", by, reason=row.remark)
        _tell_writer(row, f"公开的稿子退回来了：{row}")
    return row


def publish(row, *, by):
    """Everybody may read it from now on. Never by the one who wrote it."""
    _may(by, REVIEWERS, "审定公开")
    with _locked(row, PublicationState.SUBMITTED) as row:
        if by.pk in row.writers:
            raise Refusal("自己写的要由别人来审，请另一位领导看。", status=403)
        if isinstance(row, PublishedAnswer):
            reason = why_not(row.case)
            if reason or row.round != row.case.round:
                raise Refusal(reason or "这件事又办过一轮，要按新的答复重新起草。")
        refuse_identities(row)
        row.state, row.published_at, row.reviewed_by = PublicationState.PUBLISHED, clock.now(), by
        if isinstance(row, PublishedAnswer):
            row.words = finding.document(f"{row.title} {row.said} {row.done} {row.answer}")
        row.save()
        _note(row, "公开", by)
    return row


def withdraw(row, *, by, reason: str):
    """Taken down at once, with the reason; nothing of it is shown any more."""
    if by is not None:
        _may(by, DOORS, "撤下")
    states = (PublicationState.DRAFT, PublicationState.SUBMITTED, PublicationState.PUBLISHED)
    with _locked(row, *states) as row:
        row.state, row.withdrawn_at = PublicationState.WITHDRAWN, clock.now()
        row.withdrawn_by, row.withdrawn_reason = by, reason.strip()[:300]
        row.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        _note(row, "撤下公开", by, reason=row.withdrawn_reason)
    return row


@transaction.atomic
def object_to(case, *, voice: str = "") -> Objection:
    """The person does not want it told: what was drafted or published of it is taken down at once."""
    try:
        with transaction.atomic():
            row, is_new = Objection.objects.get_or_create(
                office_id=case.office_id, case=case, voice=voice, defaults={"raised_at": clock.now()}
            )
    except IntegrityError:  # two presses of the button
        return Objection.objects.get(office_id=case.office_id, case=case, voice=voice)
    live = PublishedAnswer.objects.filter(office_id=case.office_id, case=case)
    for answer in live.exclude(state=PublicationState.WITHDRAWN):
        withdraw(answer, by=None, reason=BY_PERSON)
        _tell_writer(answer, f"本人不同意公开，已经撤下：{answer.title}")
    if is_new:
        record("不同意公开", f"matter:{case.number}", office=case.office)
    return row


def objects(case, voice: str = "") -> bool:
    return Objection.objects.filter(office_id=case.office_id, case=case, voice=voice).exists()


@transaction.atomic
def write_note(office, *, by, category: str, text: str, community=None) -> TopicNote:
    _may(by, WRITERS, "写热点说明")
    row = TopicNote.objects.create(
        office=office,
        category=category,
        community=community,
        text=text.strip(),
        written_by=by,
        writers=[by.pk],
        written_at=clock.now(),
    )
    _note(row, "起草热点说明", by)
    return row


def refuse_identities(row):
    """Refusal 400 naming what in the texts still points at somebody, or an office word residents do not use."""
    is_answer = isinstance(row, PublishedAnswer)
    known = known_of(row.case) if is_answer else Known(keep=public_numbers(row.office))
    errors = {}
    for name in TEXTS if is_answer else ("text",):
        text = getattr(row, name)
        pieces = mask(text, known).pieces
        if pieces:
            listed = "、".join(dict.fromkeys(f"{piece.label}“{piece.text}”" for piece in pieces))
            errors[name] = f"还看得出是谁：{listed}。请改掉。"
        elif name in ("done", "answer", "text"):
            try:
                told_or_refuse(text, row.office)
            except Refusal as refusal:
                errors[name] = refusal.message
        elif not text.strip():
            errors[name] = "还没写。"
    if errors:
        raise Refusal("还不能交：" + " ".join(errors.values()), status=400, errors=errors)


def url_of(row) -> str:
    kind = "answers" if isinstance(row, PublishedAnswer) else "notes"
    return f"/desk/publications/{kind}/{row.pk}/"


class _locked:  # noqa: N801 – reads as a verb
    """The row anew under a lock and in one of these states, inside one transaction."""

    def __init__(self, row, *states):
        self.row, self.states = row, states

    def __enter__(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        try:
            rows = type(self.row).objects.select_for_update(of=("self",)).select_related("office")
            fresh = rows.get(pk=self.row.pk)
            if fresh.state not in self.states:
                raise Refusal(f"这一条现在是“{fresh.get_state_display()}”，不能这样做。请刷新后再看。")
        except BaseException as error:
            self.atomic.__exit__(type(error), error, None)
            raise
        return fresh

    def __exit__(self, *trouble):
        return self.atomic.__exit__(*trouble)


def _may(user, roles, what: str):
    if not user.roles & roles:
        raise Refusal(f"您的岗位不能{what}。", status=403)


def _note(row, act: str, by, **detail):
    record(act, f"{row._meta.model_name}:{row.pk}", by=by, office=row.office, title=str(row), **detail)


def _tell_writer(row, text: str):
    key = f"publication:{row.pk}:{clock.now().isoformat()}"
    send([row.written_by], text, office=row.office, url=url_of(row), key=key)
