"""Supervision: key matters, notices, checks, extensions, responsibility letters."""

from datetime import date

from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines, numbering, supervision
from huiyin.cases.moving import move
from huiyin.cases.wording import told_or_refuse
from huiyin.rules import clock


class Supervising:
    def mark_key(self, *, by, reason: str):
        """Rate the matter key: from now on it cannot close without supervision."""
        with move(self, "mark_key", by) as step:
            if self.is_key:
                raise Refusal("已经是重点事项了。")
            self.is_key, self.key_reason = True, reason.strip()[:200]
            step.say(self.key_reason)

    def supervise(self, *, by, text: str, unit=None):
        """A first or second notice to the unit that owes the work. Only when late or key."""
        with move(self, "supervise", by) as step:
            cause = supervision.cause(self, step.at)
            if not cause:
                raise Refusal("这件事既没超期也不是重点，还不到督办的时候；可以“记一笔”催一催。")
            waiting = supervision.premature(self, step.at)
            if waiting:
                raise Refusal(f"{waiting}，现在不用再发督办。")
            supervision.issue(self, step, cause=cause, text=text, unit=unit, by=by)

    def answer_notice(self, *, by, subject, text: str):
        """The unit answers the notice: how it stands, what it will do."""
        with move(self, "answer_notice", by, subject) as step:
            row = self.notices.get(pk=subject.pk)
            if row.answered_at:
                raise Refusal(f"{row.number} 已经回复过了。")
            row.answered_at, row.answered_by, row.answer = step.at, by, text.strip()
            row.save(update_fields=["answered_at", "answered_by", "answer"])
            step.subject = row
            step.say(row.answer, number=row.number, level=row.level, notice=str(row.pk))

    def check_progress(self, *, by, text: str):
        """Someone who does not handle it checks how far the work really is."""
        with move(self, "check_progress", by) as step:
            step.say(text.strip())

    def ask_extension(self, *, by, deadline, amount: int, reason: str):
        """More time for one limit, as far as its rule allows; a leader decides."""
        with move(self, "ask_extension", by) as step:
            row = self.deadlines.filter(pk=deadline.pk).first()
            rule = deadlines.check_extension(row, amount)
            extension = self.extensions.create(
                office_id=self.office_id,
                deadline=row,
                amount=amount,
                unit=rule.extend_unit or rule.unit,
                reason=reason.strip(),
                asked_by=by,
                asked_at=step.at,
            )
            step.say(extension.reason, deadline=rule.name, amount=amount, extension=str(extension.pk))

    def decide_extension(self, *, by, subject, approve: bool, text: str):
        """Approved: the person is told the reason and the new date. Refused: the unit is told why."""
        with move(self, "decide_extension", by, subject) as step:
            row = self.extensions.select_related("deadline").get(pk=subject.pk)
            if row.decided_at:
                raise Refusal("这份延期申请已经批过了。")
            if row.asked_by_id == by.pk:
                raise Refusal("延期不能自己申请自己批。", status=403)
            row.decided_by, row.decided_at, row.is_approved = by, step.at, approve
            row.told = told_or_refuse(text, self.office) if approve else text.strip()
            row.save(update_fields=["decided_by", "decided_at", "is_approved", "told"])
            step.say(row.told, told=approve, approved=approve, amount=row.amount, extension=str(row.pk))

    def issue_letter(self, *, by, organisation, persons, due_on: date, task: str, requirement: str):
        """A responsibility letter with unit, persons, time, task and requirement – none may be missing."""
        given = {
            "unit": organisation,
            "persons": persons,
            "time": due_on,
            "task": task.strip(),
            "requirement": requirement.strip(),
        }
        names = {"unit": "单位", "persons": "人员", "time": "时间", "task": "任务", "requirement": "要求"}
        missing = tuple(names[key] for key, value in given.items() if not value)
        if missing:
            raise Refusal(f"责任书要五明确，还缺：{'、'.join(missing)}。", status=400, missing=missing)
        if due_on < clock.today():
            raise Refusal("完成时间不能是过去的日子。", status=400, errors={"due_on": "请改日期"})
        with move(self, "issue_letter", by) as step:
            letter = self.letters.create(
                office_id=self.office_id,
                number=numbering.document_number(self.office, "责", step.at),
                organisation=organisation,
                person_names="、".join(person.name for person in persons),
                due_on=due_on,
                task=task.strip(),
                requirement=requirement.strip(),
                issued_at=step.at,
                issued_by=by,
            )
            letter.persons.set(persons)
            step.say(letter.task, number=letter.number, letter=str(letter.pk), unit=str(organisation))

    def sign_letter(self, *, by, subject, signed_on: date | None = None):
        """The persons responsible have signed, on this day."""
        with move(self, "sign_letter", by, subject) as step:
            row = self.letters.get(pk=subject.pk)
            if row.signed_on:
                raise Refusal(f"{row.number} 已在 {row.signed_on} 签订。")
            if not row.persons.filter(pk=by.pk).exists():
                raise Refusal(f"责任书由责任人本人签：{row.person_names}。", status=403)
            row.signed_on = signed_on or clock.today()
            if not clock.local(row.issued_at).date() <= row.signed_on <= clock.today():
                raise Refusal(
                    "签订日期要在签发之后、今天之前。", status=400, errors={"signed_on": "请改日期"}
                )
            row.signed_by = by
            row.save(update_fields=["signed_on", "signed_by"])
            step.say("", number=row.number, signed_on=str(row.signed_on), letter=str(row.pk))
