"""What is done while it is in hand: contact, records, reports, pauses, escalation."""

from datetime import date

from django.db import transaction

from huiyin.base.refusal import Refusal
from huiyin.cases.moving import move
from huiyin.cases.states import Act, AssignmentState
from huiyin.cases.wording import told_or_refuse
from huiyin.rules import clock


class Handling:
    def contact(self, *, by, text: str, how: str = "phone"):
        """Spoke with the person. The first time meets the first-contact clock."""
        with move(self, "contact", by) as step:
            if self.first_contact_at is None:
                self.first_contact_at = step.at
            step.say(text.strip(), how=how)

    @transaction.atomic
    def record(self, *, by, act: str, text: str, place: str = "", due_on: date | None = None, attachments=()):
        """Write down what was done. A rectification opinion (整改意见) needs the date by which it is to be met."""
        if act == Act.OPINION and not due_on:
            raise Refusal("整改意见要写明整改到哪一天。", status=400, errors={"due_on": "请填整改期限"})
        with move(self, "record", by) as step:
            step.say(
                text.strip(), act=act, place=place.strip(), **({"due_on": str(due_on)} if due_on else {})
            )
        self._bind(attachments, step.event)

    @transaction.atomic
    def attach(self, *, by, attachments, text: str = ""):
        """Photos and scans to the matter."""
        if not attachments:
            raise Refusal("请先选文件。", status=400, errors={"attachments": "请选文件"})
        with move(self, "attach", by) as step:
            step.say(text.strip(), files=[row.name for row in attachments])
        self._bind(attachments, step.event)

    @transaction.atomic
    def supplement(self, *, by, text: str, attachments=(), voice: str = ""):
        """More from the person: words and photos for whoever works on it. `voice` as for `urge`."""
        with move(self, "supplement", by) as step:
            step.say(text.strip(), voice=voice, files=len(attachments))
        self._bind(attachments, step.event)

    def _bind(self, attachments, event):
        """The files belong to this event; refused when someone else took one of them in the meantime."""
        for row in attachments:
            waiting = type(row).objects.filter(pk=row.pk, case=None)
            if not waiting.update(case=self, event=event, draft=None):
                raise Refusal(f"“{row.name}”已经用在别处，请重新上传。", status=400)
            row.refresh_from_db()

    def tell(self, *, by, text: str):
        """Tell the person how it stands; shown on the tracking page."""
        with move(self, "tell", by) as step:
            step.say(told_or_refuse(text, self.office), told=True)

    @transaction.atomic
    def report(self, *, by, subject, text: str, attachments=()):
        """The unit is done. The lead reports last, so that its report stands for all."""
        with move(self, "report", by, subject) as step:
            row = step.assignment = self.assignments.get(pk=subject.pk)
            if row.is_lead:
                owing = [
                    str(co.organisation) for co in self.live_assignments if not co.is_lead and co.is_owed
                ]
                if owing:
                    raise Refusal(
                        f"协办单位还没报结：{'、'.join(owing)}。等他们办完，主办再报结。",
                        missing=tuple(owing),
                    )
            else:
                step.to_state = None
            row.state = AssignmentState.REPORTED
            row.reported_at = step.at
            row.report = text.strip()
            row.handler = row.handler or by
            row.save(update_fields=["state", "reported_at", "report", "handler"])
            step.say(row.report, unit=str(row.organisation), part=row.get_part_display())
        self._bind(attachments, step.event)

    def sign_off(self, *, by, subject, text: str = ""):
        """Somebody other than its handler finds the unit's work done."""
        with move(self, "sign_off", by, subject) as step:
            row = step.assignment = self.assignments.get(pk=subject.pk)
            if row.is_lead:
                raise Refusal("主办的结果用“核实”来验收。")
            row.state = AssignmentState.SIGNED_OFF
            row.signed_off_at, row.signed_off_by = step.at, by
            row.save(update_fields=["state", "signed_off_at", "signed_off_by"])
            step.say(text.strip(), unit=str(row.organisation))

    def pause(self, *, by, reason: str, review_on: date, told: str):
        """Stop the clocks: what is waited for, when it is looked at again, and what the person is told."""
        if review_on <= clock.today():
            raise Refusal("复查日要在今天之后。", status=400, errors={"review_on": "请选今天之后的日子"})
        with move(self, "pause", by) as step:
            self.paused_at = step.at
            self.pauses.create(
                office_id=self.office_id, reason=reason.strip(), review_on=review_on, from_at=step.at
            )
            step.say(told_or_refuse(told, self.office), told=True, reason=reason, review_on=str(review_on))

    def resume(self, *, by, text: str = ""):
        """The clocks go on from where they stopped."""
        with move(self, "resume", by) as step:
            self.pauses.filter(until_at=None).update(until_at=step.at)
            self.paused_at = None
            step.say(text.strip())

    def escalate(
        self,
        *,
        by,
        to: str,
        text: str,
        document: str = "",
        outside_number: str = "",
        asked: str = "",
        due_on: date | None = None,
        review_on: date | None = None,
    ):
        """Report upward or to a linked unit what the community or the subdistrict cannot solve alone.

        `asked`: what they are to do; `due_on`: when their answer is owed; `review_on`: when it is looked at again.
        """
        with move(self, "escalate", by) as step:
            self.sources.create(office_id=self.office_id, system=to.strip(), outside_number=outside_number)
            more = {"asked": asked.strip(), "due_on": str(due_on or ""), "review_on": str(review_on or "")}
            more = {name: value for name, value in more.items() if value}
            step.say(text.strip(), to=to.strip(), document=document, outside_number=outside_number, **more)
