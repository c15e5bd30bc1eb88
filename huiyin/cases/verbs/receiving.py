"""From received to accepted, or to a clear no."""

from django.db import transaction

from huiyin.base.refusal import Refusal
from huiyin.cases import categories, deadlines, procedures, routing
from huiyin.cases.moving import move
from huiyin.cases.states import OPEN, AssignmentState, Channel
from huiyin.cases.wording import told_or_refuse


class Receiving:
    @transaction.atomic
    def accept(self, *, by, text: str = "", category: str = ""):
        """Take the matter on and tell the person so; a rule that says so sends it on at once."""
        with move(self, "accept", by) as step:
            if category:
                self.category = categories.known(self.office, category)
                self._take_kind_of_category()
            text = (
                text.strip()
                or f"您说的事我们收下了，由{self.office.short_name}来办，办到哪一步都会记在这里。"
            )
            step.say(told_or_refuse(text, self.office), told=True, category=self.category)
        routing.dispatch_by_rule(self, by=by)

    def _take_kind_of_category(self):
        """Residents choose no kind: for what came over the web the clerk's category says which it is."""
        kind = categories.table(self.office)[self.category].get("kind")
        if self.channel == Channel.WEB and kind in procedures.kinds(self.office) and kind != self.kind:
            self.kind = kind
            deadlines.follow_kind(self)

    def decline(self, *, by, reason: str, advice: str):
        """Not accepted: why, and where the person can go instead."""
        with move(self, "decline", by) as step:
            step.say(
                told_or_refuse(f"{reason.strip()}\n{advice.strip()}", self.office),
                told=True,
                reason=reason,
                advice=advice,
            )

    def refer(self, *, by, to: str, phone: str = "", outside_number: str = "", text: str):
        """Pass the matter to the body that is in charge of it and tell the person which, and how to reach it."""
        with move(self, "refer", by) as step:
            self.sources.create(office_id=self.office_id, system=to, outside_number=outside_number)
            step.say(
                told_or_refuse(text, self.office),
                told=True,
                to=to,
                phone=phone,
                outside_number=outside_number,
            )

    def merge(self, *, by, into, reason: str = ""):
        """The same thing was said before: handle both in `into`; this person is told of its answer too."""
        if into.pk == self.pk:
            raise Refusal("不能并入它自己，请选另一件。", status=400)
        if into.office_id != self.office_id or into.state not in OPEN:
            raise Refusal(f"{into.number} 已经结束，不能再并进去；请选一件还在办的。", status=400)
        if into.is_restricted != self.is_restricted:
            raise Refusal("限知的和不限知的不能并在一起，会让不该知道的人知道。", status=400)
        with move(self, "merge", by) as step:
            self.merged_into = into
            step.say(
                "和邻居说的是同一件，一起办、一起答复。", told=True, into=into.number, reason=reason.strip()
            )
            into.receive_merged(self, by=by)

    def receive_merged(self, other, *, by):
        """The other half of `merge`, written into the history of the matter that goes on."""
        from huiyin.cases.moving import Step, finish, lock

        lock(self)
        step = Step(self, "receive_merged", by)
        step.title = by.title if by else "居民"
        step.say(f"{other.number} 并入本件", number=other.number, persons=other.group_size)
        finish(self, step)

    def urge(self, *, by, text: str = "", voice: str = "", joined: bool = False, channel: str = ""):
        """Asked for again, by the same person or by another who says the same thing: counted, and its workers told.

        `voice`: whose words these are ('' the first person, else the CaseParty). A resident may do so once in
        some days (rule set `intake`); what staff take down for someone at the counter always counts.
        """
        from huiyin.cases import joining

        with move(self, "urge", by) as step:
            waits = joining.too_soon(self, voice) if by is None else ""
            if waits:
                raise Refusal(waits)
            self.urge_count += 1
            said = {"channel": channel} if channel else {}
            step.say(text.strip(), count=self.urge_count, voice=voice, joined=joined, **said)

    def void(self, *, by, reason: str):
        """Registered by mistake: the matter ends, its record stays."""
        with move(self, "void", by) as step:
            step.say(reason.strip(), reason=reason)

    def withdraw(self, *, by, reason: str = ""):
        """The person no longer asks for it."""
        with move(self, "withdraw", by) as step:
            step.say(reason.strip() or "本人不再要求办理。", told=True)

    def reopen(self, *, by, reason: str, title: str = ""):
        """The same number, one more round: new limits, new handlers, the old round stays readable."""
        with move(self, "reopen", by) as step:
            self._start_round(step)
            if title:
                step.title = title
            step.say(reason.strip(), told=True, round=self.round)

    def _start_round(self, step):
        self.assignments.filter(round=self.round).update(state=AssignmentState.RELEASED)
        self.pauses.filter(until_at=None).update(until_at=step.at)
        self.round += 1
        self.bounce_count = self.urge_count = 0
        self.in_charge = self.first_contact_at = None
        self.answered_at = self.closed_at = self.paused_at = None
