"""Which moves this user may make on this matter now, and why not the others: for the page and the API."""

from dataclasses import dataclass, field
from typing import Any

from huiyin.base.refusal import Refusal
from huiyin.base.schema import form_schema
from huiyin.cases import access, deadlines, moving, particulars, record, requirements, supervision
from huiyin.cases.evidence import feedback_of, missing_of
from huiyin.cases.forms import form_for, may_strike
from huiyin.cases.states import AssignmentState
from huiyin.cases.verbs.dispatching import BOUNCES_BEFORE_DESIGNATION
from huiyin.cases.workflow import MOVES, Move
from huiyin.rules import clock


@dataclass
class Offer:
    """One move on one subject: allowed, or not with the reason."""

    case: object
    user: object
    move: Move
    subject: object = None
    reason: str = ""
    missing: tuple = field(default=())

    @property
    def verb(self) -> str:
        return self.move.verb

    @property
    def label(self) -> str:
        if self.subject is not None and self.move.subject == "assignment":
            return f"{self.move.label} · {self.subject.organisation}"
        if self.subject is not None and self.move.subject in SUBJECTS:
            return f"{self.move.label} · {self.subject}"
        return self.move.label

    @property
    def is_allowed(self) -> bool:
        return not self.reason

    @property
    def path(self) -> str:
        """'26-00012/report/0190…' – the tail of its address on the page and in the API."""
        tail = f"/{self.subject.pk}" if self.subject is not None else ""
        return f"{self.case.number}/{self.verb}{tail}"

    def form(self, data=None):
        return form_for(self.verb, self.case, self.user, data, self.subject)

    def as_json(self, prefix: str) -> dict:
        return {
            "verb": self.verb,
            "label": self.label,
            "href": f"{prefix}/{self.path}",
            "does": self.move.does,
            "leads_to": self.move.to,
            "fields": form_schema(self.form()),
        }


# Moves that would only be noise on the page while nothing calls for them.
ONLY_WHEN_ALLOWED = {
    "feed_back", "designate", "release", "sign_letter", "resume", "answer_at_once", "fill_in",
}  # fmt: skip
# name → kind_moves.Subjects, of rooms above.
SUBJECTS: dict[str, Any] = {}


def subjects(case, kind: str) -> list:
    """What a verb of this kind can be about in this matter."""
    if kind == "assignment":
        return case.live_assignments
    if kind == "notice":
        notices = record.rows(case, "notices")
        return [row for row in notices if row.round == case.round and row.answered_at is None]
    if kind == "extension":
        return [row for row in record.rows(case, "extensions") if row.decided_at is None]
    if kind == "letter":
        return [row for row in record.rows(case, "letters") if row.signed_on is None]
    return SUBJECTS[kind].live(case) if kind in SUBJECTS else [None]


def offers(case, user, *, with_refused: bool = False) -> list[Offer]:
    """Allowed moves, the main one first; with `with_refused` also near ones, each with its reason."""
    record.load(case)
    found, posts = [], access.posts_on(case, user) if user is not None else None
    for row in MOVES.values():
        for subject in subjects(case, row.subject):
            offer = Offer(case, user, row, subject)
            try:
                moving.check(case, row, user, subject, posts)
                offer.reason, offer.missing = _own_refusal(case, row, user, subject)
            except Refusal as refusal:
                if not (
                    with_refused and refusal.status == 403 and row.not_handler and "经办过" in refusal.message
                ):
                    continue
                offer.reason = refusal.message
            if offer.is_allowed or (with_refused and row.verb not in ONLY_WHEN_ALLOWED):
                found.append(offer)
    return sorted(found, key=lambda offer: (not offer.is_allowed, offer.move.rank))


def offer_for(case, user, verb: str, subject_id=None) -> Offer:
    """The offer of one verb; raises Refusal 404 for an unknown verb or subject."""
    row = MOVES.get(verb)
    if row is None:
        raise Refusal(f"没有“{verb}”这个动作。", status=404)
    subject = None
    if row.subject:
        subject = next(
            (item for item in _all_subjects(case, row.subject) if str(item.pk) == str(subject_id)), None
        )
        if subject is None:
            raise Refusal(f"“{row.label}”要指明是哪一项，请从事项页上点。", status=404)
    return Offer(case, user, row, subject)


def _all_subjects(case, kind: str):
    if kind in SUBJECTS:
        return SUBJECTS[kind].every(case)
    names = {"assignment": "assignments", "notice": "notices", "extension": "extensions", "letter": "letters"}
    return getattr(case, names[kind]).all()


def _own_refusal(case, row: Move, user, subject) -> tuple[str, tuple]:
    """Conditions beyond the table that the verb itself would refuse, so that no dead button is shown."""
    if row.needs_evidence:
        missing = tuple(item.name for item in missing_of(case))
        return (f"还差 {len(missing)} 项：{'、'.join(missing)}", missing) if missing else ("", ())
    lacking = requirements.unmet(case, row.verb)
    if lacking:
        return "；".join(words for _, words in lacking), tuple(item.name for item, _ in lacking)
    return CONDITIONS.get(row.verb, lambda *args: "")(case, user, subject), ()


def _must_designate(case, user, subject):
    return (
        f"退回 {case.bounce_count} 次，要由值班领导指定承办"
        if case.bounce_count >= BOUNCES_BEFORE_DESIGNATION
        else ""
    )


def _may_not_designate(case, user, subject):
    return "退回满 3 次才用指定" if case.bounce_count < BOUNCES_BEFORE_DESIGNATION else ""


def _lead_waits(case, user, subject):
    owing = [str(co.organisation) for co in case.live_assignments if not co.is_lead and co.is_owed]
    return f"协办还没报结：{'、'.join(owing)}" if subject.is_lead and owing else ""


def _overruled_late(case, user, subject):
    return "已经改派" if subject.is_lead and (case.lead is not None or case.state != "accepted") else ""


def _not_at_once(case, user, subject):
    if case.channel not in ("visit", "call"):
        return "不是来访来电"
    return "集体来访或限知的" if case.is_group or case.is_restricted else ""


CONDITIONS = {
    "fill_in": lambda case, user, subject: "" if particulars.fields_of(case) else "这类事项没有要补的要素",
    "answer_at_once": _not_at_once,
    "dispatch": _must_designate,
    "designate": _may_not_designate,
    "report": _lead_waits,
    "overrule": _overruled_late,
    "return_work": lambda case, user, subject: "指定承办，不能再退" if subject.is_designated else "",
    "sign_off": lambda case, user, subject: "主办用“核实”来验收" if subject.is_lead else "",
    "mark_key": lambda case, user, subject: "已经是重点事项" if case.is_key else "",
    "supervise": lambda case, user, subject: (
        supervision.premature(case, clock.now())
        if supervision.cause(case, clock.now()) and case.live_assignments
        else "没超期也不是重点"
    ),
    "ask_extension": lambda case, user, subject: "" if deadlines.may_extend(case) else "没有可以延期的时限",
    "decide_extension": lambda case, user, subject: (
        "自己申请的，要别人批" if subject.asked_by_id == user.pk else ""
    ),
    "sign_letter": lambda case, user, subject: (
        "" if user in subject.persons.all() else f"由责任人签：{subject.person_names}"
    ),
    "rate": lambda case, user, subject: (
        "这一轮已经评过"
        if any(row.round == case.round and not row.voice for row in record.rows(case, "ratings"))
        else ""
    ),
    "void_entry": lambda case, user, subject: "" if may_strike(case, user) else "没有可以划去的记录",
    "feed_back": lambda case, user, subject: (
        "" if any(not item.is_there for item in feedback_of(case)) else "没有欠着的反馈"
    ),
    "recall": lambda case, user, subject: "" if case.lead else "没有主办单位",
    "release": lambda case, user, subject: (
        "主办退回后请重新派单" if subject.is_lead and subject.state == AssignmentState.RETURNED else ""
    ),
}
