"""Draft, sign, issue, deliver, void. An issued paper never changes; what comes later is a row of its own."""

import hashlib
import json
from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.urls import reverse

from huiyin.base.refusal import Refusal
from huiyin.cases import access, moving, record
from huiyin.cases.numbering import document_number
from huiyin.cases.workflow import CENTRE, CHIEF, MOVES, UNIT
from huiyin.documents.facts import Facts, day
from huiyin.documents.kinds import KINDS, Draft, Kind, Subject
from huiyin.documents.kinds.base import NUMBER
from huiyin.documents.models import (
    DeliveryWay,
    DocumentAct,
    DocumentStep,
    IssuedDocument,
    Submission,
)
from huiyin.notices.models import send
from huiyin.orgs.models import Post, Role
from huiyin.papers import content
from huiyin.rules import clock

# fn(document, step): rooms above that act on the day a paper was handed over, in the same transaction.
ON_DELIVERED: list[Callable] = []
DELIVERERS = CENTRE | UNIT | {Role.GRID_WORKER, Role.SUPERVISOR}
VOIDERS = CENTRE | CHIEF


def known(code: str) -> Kind:
    if code not in KINDS:
        raise Refusal("没有这种文书。", status=404)
    return KINDS[code]


def post_for(case, user, roles):
    """The post in which `user` may do this to papers of `case`, or None."""
    return next((post for post in access.posts_on(case, user) if post.role in roles), None)


def subject_of(facts: Facts, kind: Kind, key: str) -> Subject:
    """What the paper is about. Raises Refusal 409 with the verb that is missing, 404 for what is not there."""
    door = kind.door(facts)
    if not door.subjects:
        how = f"，先“{MOVES[door.verb].label}”" if door.verb in MOVES else ""
        reason = f"：{door.reason}{how}" if door.reason else "：这类事项没有这种文书"
        raise Refusal(f"现在不能出{kind.label}{reason}。", missing=(door.verb,) if door.verb else ())
    found = next((subject for subject in door.subjects if subject.key == key), None)
    if found is None:
        raise Refusal("这份文书所说的那一项现在不在了，请回到事项页重新选。", status=404)
    return found


def draft(
    case, code: str, key: str = "", *, extra: dict | None = None, site: str = "", number: str = NUMBER
) -> Draft:
    """The paper as it would be issued now, with what it lacks. Nothing is written."""
    facts, kind = Facts(case, site), known(code)
    return _made(facts, kind, subject_of(facts, kind, key), extra, number)


def _made(facts: Facts, kind: Kind, subject: Subject, extra, number: str) -> Draft:
    if number == NUMBER and not kind.own_number:
        number = subject.row.number
    now = clock.now()
    facts.missing.clear()
    paper = kind.build(facts, subject, extra or {}, number, f"{now:%Y-%m-%d}", day(now))
    return Draft(paper, list(facts.missing), content.names_a_person(paper))


def existing(case, code: str, key: str) -> IssuedDocument | None:
    """The paper of this kind about this subject in this round that still holds."""
    rows = IssuedDocument.objects.filter(case=case, kind=code, round=case.round, subject=key)
    return rows.live().order_by("-edition").first()


def needs_signature(case, code: str) -> bool:
    """Does a leader sign this kind before it goes out?"""
    return bool(Facts(case).words(code).get("needs_approval"))


@transaction.atomic
def issue(case, code: str, key: str = "", *, by, extra: dict | None = None, site: str = "", signed_by=None):
    """Give the paper its number and freeze it. Asked twice, the same document comes back.

    Raises Refusal: 403 for a post that may not, 409 when a fact or a signature is missing.
    """
    kind = known(code)
    moving.lock(case)
    post = post_for(case, by, kind.roles)
    if post is None:
        raise Refusal(f"您的岗位不能出这件事的{kind.label}，由中心的工作人员或领导来出。", status=403)
    there = existing(case, code, key)
    if there:
        return there
    needs = needs_signature(case, code)
    if needs and signed_by is None:
        if post_for(case, by, kind.signers) is None:
            raise Refusal(f"{kind.label}要由领导签发，请用“送签”交给领导。", status=403)
        signed_by = by
    facts = Facts(record.load(case), site)
    subject = subject_of(facts, kind, key)
    _refuse_gaps(_made(facts, kind, subject, extra, NUMBER), "还不能出")
    return _write(facts, kind, subject, by, post, extra, signed_by)


def _refuse_gaps(made: Draft, words: str):
    if made.missing:
        raise Refusal(
            f"{words}，缺：" + "；".join(str(item) for item in made.missing) + "。",
            missing=tuple(item.what for item in made.missing),
        )


def _write(facts: Facts, kind: Kind, subject: Subject, by, post, extra, signed_by) -> IssuedDocument:
    case, key, now = facts.case, subject.key, clock.now()
    if kind.own_number:
        number = document_number(case.office, facts.words(kind.code)["series"], now)
    else:
        number, signed_by = subject.row.number, signed_by or subject.row.issued_by
    made = _made(facts, kind, subject, extra, number)
    text = content.dump(made.paper)
    before = IssuedDocument.objects.filter(case=case, kind=kind.code, round=case.round, subject=key).count()
    return IssuedDocument.objects.create(
        office_id=case.office_id,
        case=case,
        kind=kind.code,
        number=number,
        title=made.paper.title[:200],
        round=case.round,
        subject=key,
        edition=before + 1,
        content=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        names_person=made.names_person,
        rules=facts.rules,
        issued_at=now,
        issued_by=by,
        by_title=moving.title_of(post, by),
        approved_by=signed_by,
    )


@transaction.atomic
def submit(case, code: str, *, by, extra: dict, site: str = "") -> Submission:
    """Hand the draft to the leaders to sign. Asked twice, the same one comes back."""
    kind = known(code)
    moving.lock(case)
    there = Submission.objects.open().filter(case=case, kind=code).first()
    if there:
        return there
    if post_for(case, by, kind.roles) is None:
        raise Refusal(f"您的岗位不能出这件事的{kind.label}。", status=403)
    if existing(case, code, ""):
        raise Refusal(f"这份{kind.label}已经出过了，在事项页上看。")
    _refuse_gaps(draft(record.load(case), code, extra=extra, site=site), "还不能送签")
    row = Submission.objects.create(
        office_id=case.office_id, case=case, kind=code, round=case.round, site=site[:200],
        fields=json.dumps(extra, ensure_ascii=False), asked_at=clock.now(), asked_by=by,
    )  # fmt: skip
    send(
        signers_of(case, kind), f"请签发{kind.label}：{case.number} {case.title}", office=case.office,
        url=reverse("desk_submission", args=[row.pk]), key=f"submission:{row.pk}",
    )  # fmt: skip
    return row


def signers_of(case, kind: Kind) -> list:
    """Who may sign: those with a signing post who read the matter."""
    posts = Post.objects.of_roles(case.office, *kind.signers).select_related("user")
    users = {post.user_id: post.user for post in posts}
    return [user for user in users.values() if post_for(case, user, kind.signers)]


@transaction.atomic
def sign(submission: Submission, *, by, words: str = "", approve: bool = True) -> Submission:
    """A leader signs it, and it is issued; or sends it back and says why. Nobody signs what they handed in."""
    row = Submission.objects.select_for_update().get(office_id=submission.office_id, pk=submission.pk)
    kind, case = known(row.kind), row.case
    if row.decided_at:
        return row
    if post_for(case, by, kind.signers) is None:
        raise Refusal(f"您的岗位不能签发这件事的{kind.label}。", status=403)
    if row.asked_by_id == by.pk:
        raise Refusal("自己送签的要由别的领导签发。", status=403)
    if not approve and len(words.strip()) < 2:
        raise Refusal("退回要写明哪里要改。", status=400, errors={"words": "请写明哪里要改"})
    row.decided_at, row.decided_by, row.words = clock.now(), by, words.strip()[:200]
    if approve:
        if row.round != case.round:
            raise Refusal("送签以后这件事又重新办理了，这份草稿作不得数，请退回重出。")
        row.document = issue(
            case, row.kind, by=row.asked_by, extra=json.loads(row.fields), site=row.site, signed_by=by
        )
    row.save(update_fields=["decided_at", "decided_by", "words", "document"])
    verb = "签发了" if approve else "退回了"
    send(
        [row.asked_by], f"{by.name}{verb}{kind.label}：{case.number} {case.title}", office=case.office,
        url=reverse("desk_document", args=[row.document_id]) if approve else reverse("desk_submission", args=[row.pk]),
        key=f"submission:{row.pk}:decided",
    )  # fmt: skip
    return row


@transaction.atomic
def deliver(document: IssuedDocument, *, by, on: date, way: str, words: str = "") -> DocumentStep:
    """Note that it was handed over: when, how, to whom. Once only; asked twice, the first note stands."""
    _lock(document)
    if post_for(document.case, by, DELIVERERS) is None:
        raise Refusal("您的岗位不能登记这份文书的送达。", status=403)
    done = DocumentStep.objects.filter(document=document, what=DocumentAct.DELIVERED).first()
    if done:
        return done
    if not document.is_for_delivery:
        raise Refusal("登记表由本人当场核对签字后归档，不用送达。")
    if document.steps.filter(what=DocumentAct.VOIDED).exists():
        raise Refusal("这份文书已经作废，不能再送达。")
    if way not in DeliveryWay.values:
        raise Refusal("送达方式请从列表里选。", status=400, errors={"way": "请选一项"})
    if not clock.local(document.issued_at).date() <= on <= clock.today():
        raise Refusal("送达日期要在发出之后、今天之前。", status=400, errors={"on": "请改日期"})
    done = _step(document, DocumentAct.DELIVERED, by, on=on, way=way, words=words.strip()[:200])
    for follow in ON_DELIVERED:
        follow(document, done)
    return done


@transaction.atomic
def void(document: IssuedDocument, *, by, reason: str) -> DocumentStep:
    """Set it aside with a reason; its number stays used and its words stay readable."""
    _lock(document)
    post = post_for(document.case, by, VOIDERS)
    if post is None or (document.approved_by_id and post_for(document.case, by, CHIEF) is None):
        who = "领导" if document.approved_by_id else "中心的受理员或领导"
        raise Refusal(f"作废这份文书要由{who}来做。", status=403)
    done = DocumentStep.objects.filter(document=document, what=DocumentAct.VOIDED).first()
    if done:
        return done
    if len(reason.strip()) < 2:
        raise Refusal("作废要写明理由。", status=400, errors={"reason": "请写明理由"})
    return _step(document, DocumentAct.VOIDED, by, words=reason.strip()[:200])


def _lock(document: IssuedDocument):
    """One after the other: the matter's row is the lock of its papers."""
    moving.lock(document.case)


def _step(document, what: str, by, **fields) -> DocumentStep:
    return DocumentStep.objects.create(
        office_id=document.office_id, document=document, what=what, at=clock.now(), by=by, **fields
    )
