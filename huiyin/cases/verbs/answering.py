"""From verified to closed, and what the person says of it afterwards."""

from datetime import date

from django.db import transaction

from huiyin.base.refusal import Refusal
from huiyin.cases.evidence import missing_of
from huiyin.cases.moving import move
from huiyin.cases.states import AssignmentState, Channel, Reply, Satisfied, Solved, State
from huiyin.cases.wording import told_or_refuse
from huiyin.rules import clock


class Answering:
    @transaction.atomic
    def verify(self, *, by, text: str, is_true: bool = True, attachments=()):
        """Someone who did not handle it has looked: what was said holds or not, and it is done."""
        with move(self, "verify", by) as step:
            lead = self.lead
            waiting = [row for row in self.live_assignments if row.state == AssignmentState.REPORTED]
            for row in waiting:
                row.state = AssignmentState.SIGNED_OFF
                row.signed_off_at, row.signed_off_by = step.at, by
                row.save(update_fields=["state", "signed_off_at", "signed_off_by"])
            step.assignment = lead
            step.say(
                text.strip(),
                is_true=is_true,
                signed_off=[str(row.organisation) for row in waiting],
                pictures=sum(row.is_image for row in attachments),
            )
        self._bind(attachments, step.event)

    def redo(self, *, by, text: str):
        """Not done yet: back to the lead unit, with what is still wrong."""
        with move(self, "redo", by) as step:
            lead = step.assignment = self.lead
            lead.state = AssignmentState.ACCEPTED
            lead.reported_at = lead.signed_off_at = lead.signed_off_by = None
            lead.save(update_fields=["state", "reported_at", "signed_off_at", "signed_off_by"])
            step.say(text.strip(), unit=str(lead.organisation))

    @transaction.atomic
    def answer(
        self, *, by, text: str, reply_by: str, delivered: str = "", outcome: str = "solved", attachments=()
    ):
        """The answer in words fit for the person, by the channel they chose.

        Another channel than the chosen one needs a word why (`delivered`). An anonymous person
        finds the answer on the tracking page.
        """
        with move(self, "answer", by) as step:
            if reply_by != self.reply_by and not delivered.strip():
                wish = self.get_reply_by_display()
                raise Refusal(
                    f"居民要求“{wish}”，换了办法请在“怎样送到”里写明原因和经过。",
                    status=400,
                    errors={"delivered": "请写明为什么换办法"},
                )
            if self.first_contact_at is None:
                self.first_contact_at = step.at
            self.answered_at = step.at
            step.say(
                told_or_refuse(text, self.office, letter=True),
                told=True,
                reply_by=reply_by,
                delivered=delivered.strip(),
                outcome=outcome,
            )
        self._bind(attachments, step.event)

    def answer_at_once(self, *, by, text: str, outcome: str = "explained"):
        """The person stood here and has heard the answer: taken on, answered and closed in one step.

        Only where the procedure of the kind opens it, and never for what needs a notice, several units or silence:
        group visits, restricted matters, matters owed to another body. Nobody was sent, nothing was checked by a
        second person – the five haves say so (`evidence.py`) instead of pretending.
        """
        with move(self, "answer_at_once", by) as step:
            if self.channel not in (Channel.VISIT, Channel.CALL):
                raise Refusal("当场答复要人在面前或在电话里，这件事不是来访来电。", status=409)
            if self.is_group or self.is_restricted or self.sources.exclude(owed_to="").exists():
                raise Refusal("集体来访、限知的和欠着别处反馈的，不能当场办结，请先受理。", status=409)
            words = told_or_refuse(text, self.office, letter=True)
            how = Reply.VISIT if self.channel == Channel.VISIT else Reply.PHONE
            self.first_contact_at = self.first_contact_at or step.at
            self.answered_at = self.closed_at = step.at
            self.in_charge = by
            delivered = "当面说的，本人在场" if how == Reply.VISIT else "电话里说的，本人在听"
            step.say(words, told=True, reply_by=how, delivered=delivered, outcome=outcome)

    def feed_back(self, *, by, source, text: str, document: str = ""):
        """Report to the body that sent the matter how it was put right; owed before it can close."""
        with move(self, "feed_back", by) as step:
            source = self.sources.filter(pk=source.pk).exclude(owed_to="").first()
            if source is None:
                raise Refusal(
                    "这件事不欠这一家的反馈，请从列表里选。", status=400, errors={"source": "请从列表里选"}
                )
            step.say(text.strip(), source=str(source.pk), to=source.owed_to, document=document.strip())

    def close(self, *, by, look_back_on: date | None = None):
        """Verified and answered, and the five haves in the record. The verdict may come later."""
        with move(self, "close", by) as step:
            missing = missing_of(self)
            if missing:
                raise Refusal(
                    "还不能办结：" + "；".join(f"{item.name}——{item.text}" for item in missing),
                    missing=tuple(item.name for item in missing),
                )
            self.closed_at = step.at
            self.look_back_on = look_back_on
            step.say("", look_back_on=str(look_back_on or ""))

    def look_back(self, *, by, text: str, has_relapsed: bool, next_on: date | None = None):
        """Go and see whether it stays solved. A relapse opens the matter again under its number."""
        if next_on and next_on <= clock.today():
            raise Refusal("下次回头看要在今天之后。", status=400, errors={"next_on": "请选今天之后的日子"})
        with move(self, "look_back", by) as step:
            step.say(text.strip(), has_relapsed=has_relapsed, next_on=str(next_on or ""))
            self.look_back_on = None if has_relapsed else next_on
            if has_relapsed:
                self._start_round(step)
                step.to_state = State.ACCEPTED

    def rate(self, *, by, contacted: str, solved: str, satisfied: str, words: str = "", voice: str = ""):
        """The person's verdict on this round: once for each voice (the link, or a representative's own link)."""
        if contacted not in ("yes", "no") or solved not in Solved.values or satisfied not in Satisfied.values:
            raise Refusal("三个问题都请选一个。", status=400)
        with move(self, "rate", by) as step:
            if self.ratings.filter(round=self.round, voice=voice).exists():
                raise Refusal("这一次的答复您已经评过了，谢谢。还没办好的话，可以重新打开这件事。")
            self.ratings.create(
                office_id=self.office_id,
                round=self.round,
                contacted=contacted,
                solved=solved,
                satisfied=satisfied,
                words=words.strip(),
                rated_at=step.at,
                taken_by=by,
                voice=voice,
            )
            step.say(words.strip(), contacted=contacted, solved=solved, satisfied=satisfied)
