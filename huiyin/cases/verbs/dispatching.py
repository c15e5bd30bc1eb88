"""Who shall do it: lead and co-handlers, returns, overruling, designation."""

from huiyin.base.refusal import Refusal
from huiyin.cases import duties, routing
from huiyin.cases.moving import move
from huiyin.cases.states import AssignmentState, Part, State

BOUNCES_BEFORE_DESIGNATION = 3


class Dispatching:
    def dispatch(
        self,
        *,
        by,
        lead,
        co=(),
        task: str = "",
        duty_item: str = "",
        due_at=None,
        urgent: bool = False,
        duty_reason: str = "",
        automatic: bool = False,
    ):
        """Send to a lead unit and, where needed, co-handlers. `due_at` sets a date instead of the rule's.

        `duty_reason`: why to a unit that the duty list does not name. `automatic`: by a rule, at acceptance.
        """
        with move(self, "dispatch", by) as step:
            proposal = routing.propose(self)
            if self.bounce_count >= BOUNCES_BEFORE_DESIGNATION:
                raise Refusal(f"这件事已经退回 {self.bounce_count} 次，不能再平派，要由值班领导“指定承办”。")
            self.is_urgent = self.is_urgent or urgent
            self._send(step, lead, co, task, duty_item=duty_item, due_at=due_at)
            step.data["routing"] = proposal.as_data(lead) | {"automatic": automatic}
            if duty_reason.strip():
                step.data["duty_reason"] = duty_reason.strip()

    def designate(self, *, by, lead, co=(), task: str = "", reason: str):
        """After the third bounce the centre decides who does it; a designated unit cannot return it."""
        with move(self, "designate", by) as step:
            if self.bounce_count < BOUNCES_BEFORE_DESIGNATION:
                raise Refusal(
                    f"退回 {self.bounce_count} 次，不到 {BOUNCES_BEFORE_DESIGNATION} 次，按一般办法“派单”或“驳回退回”就行。"
                )
            self._send(step, lead, co, task, designated=True)
            step.say(reason.strip(), **step.data)

    def _send(self, step, lead, co, task, *, designated=False, duty_item="", due_at=None):
        units = list(dict.fromkeys([*co]))
        if lead in units:
            raise Refusal("主办和协办不能是同一家，请去掉一个。", status=400, errors={"co": "和主办重复"})
        old = self.assignments.filter(round=self.round, state=AssignmentState.RETURNED)
        old.update(state=AssignmentState.RELEASED)
        self.forget_cached()
        duty_item = duty_item or duties.item_for(self, lead)
        step.fixed_due_at = due_at
        step.assignment = self._assign(step, lead, Part.LEAD, task, designated, duty_item)
        working = {row.organisation_id for row in self.live_assignments if not row.is_lead}
        for unit in units:
            if unit.pk not in working:
                self._assign(step, unit, Part.CO, task, designated, duties.item_for(self, unit))
        step.say(
            task.strip(),
            lead=str(lead),
            co=[str(unit) for unit in units],
            duty_item=duty_item,
            designated=designated,
        )

    def _assign(self, step, unit, part, task, designated, duty_item):
        row = self.assignments.create(
            office_id=self.office_id,
            organisation=unit,
            part=part,
            task=task.strip(),
            duty_item=duty_item[:200],
            round=self.round,
            is_designated=designated,
            sent_at=step.at,
        )
        step.data.setdefault("sent", []).append(str(row.pk))
        return row

    def add_unit(self, *, by, co, task: str):
        """One or more further co-handlers, each with a limit and a sign-off of its own."""
        with move(self, "add_unit", by) as step:
            busy = {
                row.organisation_id for row in self.live_assignments if row.state != AssignmentState.RETURNED
            }
            fresh = [unit for unit in co if unit.pk not in busy]
            if not fresh:
                raise Refusal(
                    "选中的单位都已经在办这件事，请选别的单位。", status=400, errors={"co": "已在办"}
                )
            for unit in fresh:
                self._assign(step, unit, Part.CO, task, False, duties.item_for(self, unit))
            step.say(task.strip(), co=[str(unit) for unit in fresh], **step.data)

    def recall(self, *, by, reason: str):
        """Take the matter back from the lead unit to send it elsewhere."""
        with move(self, "recall", by) as step:
            step.assignment = lead = self.lead
            lead.state = AssignmentState.RELEASED
            lead.save(update_fields=["state"])
            self.in_charge = None
            step.say(reason.strip(), unit=str(lead.organisation))

    def take(self, *, by, subject):
        """The unit takes the work; whoever does so is its handler, for the lead the person in charge."""
        with move(self, "take", by, subject) as step:
            row = step.assignment = step.subject = self.assignments.get(pk=subject.pk)
            row.state = AssignmentState.ACCEPTED
            row.accepted_at = step.at
            row.handler = by
            row.save(update_fields=["state", "accepted_at", "handler"])
            if row.is_lead:
                self.in_charge = by
            step.to_state = State.IN_HAND if row.is_lead or self.state == State.IN_HAND else None
            step.say("", unit=str(row.organisation), part=row.get_part_display())

    def return_work(self, *, by, subject, reason: str, clause: str):
        """Not ours: with the reason and the clause of the duty list. The lead's return sends the matter back."""
        with move(self, "return_work", by, subject) as step:
            row = step.assignment = self.assignments.get(pk=subject.pk)
            if row.is_designated:
                raise Refusal("这件事是领导指定承办的，不能再退；有困难请“申请延期”或请示。")
            row.state = AssignmentState.RETURNED
            row.returned_at = step.at
            row.return_reason = reason.strip()
            row.return_clause = duties.clause_text(self.office, clause)[:200]
            row.save(update_fields=["state", "returned_at", "return_reason", "return_clause"])
            self.bounce_count += 1
            if row.is_lead:
                self.in_charge = None
            else:
                step.to_state = None
            step.say(
                row.return_reason,
                clause=row.return_clause,
                unit=str(row.organisation),
                bounces=self.bounce_count,
            )

    def overrule(self, *, by, subject, reason: str):
        """The return does not hold: the same unit goes on, its clock starts anew."""
        with move(self, "overrule", by, subject) as step:
            row = step.assignment = self.assignments.get(pk=subject.pk)
            if row.is_lead and self.lead is not None:
                raise Refusal(f"已经另派 {self.lead.organisation} 主办，不能再驳回这次退回。")
            if row.is_lead and self.state != State.ACCEPTED:
                raise Refusal("这件事已经改派，不能再驳回这次退回。")
            row.state = AssignmentState.SENT
            row.sent_at = step.at
            row.returned_at = None
            row.save(update_fields=["state", "sent_at", "returned_at"])
            if not row.is_lead:
                step.to_state = None
            step.say(reason.strip(), unit=str(row.organisation), sent=[str(row.pk)])

    def release(self, *, by, subject, reason: str = ""):
        """The return holds: this unit owes nothing more."""
        with move(self, "release", by, subject) as step:
            row = step.assignment = self.assignments.get(pk=subject.pk)
            row.state = AssignmentState.RELEASED
            row.save(update_fields=["state"])
            step.say(reason.strip(), unit=str(row.organisation))

    def assign_person(self, *, by, subject, handler):
        """Another person of the same unit handles it from now on."""
        with move(self, "assign_person", by, subject) as step:
            row = step.assignment = self.assignments.get(pk=subject.pk)
            if not any(post.organisation_id == row.organisation_id for post in handler.current_posts):
                raise Refusal(f"{handler.name} 不在{row.organisation}任职，请选本单位的人。", status=400)
            before = row.handler
            row.handler = handler
            row.save(update_fields=["handler"])
            if row.is_lead and row.state == AssignmentState.ACCEPTED:
                self.in_charge = handler
            step.say("", unit=str(row.organisation), old=str(before or ""), new=handler.name)
