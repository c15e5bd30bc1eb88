"""What dispatch, return and the choice of a handler ask for – with the rules' proposal, the duty list's word and
who is at work today."""

from datetime import timedelta

from django import forms
from django.utils.functional import cached_property

from huiyin.accounts.models import User
from huiyin.cases import duties, nearest, present, routing
from huiyin.cases.form_fields import ModelChoice, ModelsChoice, line, words
from huiyin.cases.move_form import MoveForm
from huiyin.orgs.models import Organisation, Role
from huiyin.rules import clock

LONGEST_LIMIT = timedelta(days=3 * 366)


class Dispatch(MoveForm):
    lead = ModelChoice(label="主办")
    co = ModelsChoice(label="协办", required=False)
    task = words("要办什么", required=False)
    urgent = forms.BooleanField(label="按优先办", required=False)
    due_at = forms.DateTimeField(
        label="指定期限",
        required=False,
        help_text="不填按规则算。",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    duty_reason = line("不按职责清单派的理由", required=False, help_text="主办不是清单点名的那家，才要写。")

    advice_template = "cases/parts/dispatch_advice.html"

    def prepare(self):
        self.roll = present.roll(self.case.office)
        units = Organisation.objects.handling().filter(office=self.case.office, pk__in=list(self.roll.posts))
        units = units.order_by("kind", "code").defer("services")
        for name in ("lead", "co"):
            if name in self.fields:
                self.fields[name].queryset = units
                self.fields[name].label_from_instance = self.unit_label
        if "duty_reason" in self.fields and self.clause is None:
            del self.fields["duty_reason"]

    def unit_label(self, unit) -> str:
        return f"{unit}（今天没有人在岗）" if self.roll.is_empty(unit.pk) else str(unit)

    @cached_property
    def clause(self) -> dict | None:
        return duties.clause_of(self.case)

    @cached_property
    def proposal(self) -> routing.Proposal:
        return routing.propose(self.case)

    def suggest(self):
        """Fill in what the rules propose; called once for a form that opens empty."""
        found = self.proposal
        if found.lead is None:
            return
        self.initial |= {"lead": found.lead.pk, "co": [unit.pk for unit in found.co], "task": found.note}
        if "urgent" in self.fields:
            self.initial["urgent"] = found.is_urgent or self.case.is_urgent

    def advice(self) -> dict:
        """What stands beside the form: the proposal with its reasons, where its like went, the duty list."""
        found, clause = self.proposal, self.clause
        text = f"{self.case.title} {self.case.description} {self.case.wants}"
        hint = (
            None
            if clause and duties.is_withdrawn(clause)
            else duties.sounds_withdrawn(self.case.office, text)
        )
        return {
            "proposal": found,
            "clause": duties.wording(clause) if clause else "",
            "clause_unit": duties.unit_name(self.case.office, clause["unit"])
            if clause and clause.get("unit")
            else "",
            "withdrawn": clause if clause and duties.is_withdrawn(clause) else None,
            "hint": hint and {"text": duties.wording(hint), "now_with": hint["now_with"]},
            "nearest": nearest.suggestion(self.case, self.user),
        }

    def clean_due_at(self):
        due_at = self.cleaned_data["due_at"]
        if due_at and not clock.now() < due_at < clock.now() + LONGEST_LIMIT:
            raise forms.ValidationError("指定期限要在现在之后、三年之内。")
        return due_at

    def clean(self):
        data = super().clean()
        lead = data.get("lead")
        if "duty_reason" not in self.fields or lead is None:
            return data
        objection = duties.objection(self.case, lead)
        if objection is None:
            data["duty_reason"] = ""
        elif len(data.get("duty_reason", "").strip()) < 2:
            self.add_error("duty_reason", f"{objection.text}确实要派给{lead}，请写理由再交。")
        return data

    def conditions(self) -> dict:
        if "duty_reason" not in self.fields:
            return {}
        fine = duties.undisputed(self.case)
        if fine is None:
            return {}
        ids = [str(unit.pk) for unit in self.fields["lead"].queryset if unit.code in fine]
        named = {"properties": {"lead": {"enum": ids}}} if ids else False
        why = {
            "properties": {"duty_reason": {"minLength": 2, "pattern": r"\S\S"}},
            "required": ["duty_reason"],
        }
        return {"if": named, "else": why}


class Designate(Dispatch):
    due_at = urgent = duty_reason = None
    reason = words("为什么由它办")


class AddUnit(Dispatch):
    lead = due_at = urgent = duty_reason = None
    co = ModelsChoice(label="协办单位")
    task = words("要办什么")
    advice_template = ""

    def prepare(self):
        super().prepare()
        busy = [row.organisation_id for row in self.case.live_assignments if row.state != "returned"]
        self.fields["co"].queryset = self.fields["co"].queryset.exclude(pk__in=busy)

    def suggest(self):
        """Co-handlers are added by hand."""


class ReturnWork(MoveForm):
    reason = words("为什么不是我们")
    clause = forms.ChoiceField(
        label="清单条款", help_text="排在前面的说这类事归别家；点名归本单位的条款不能引。"
    )

    def prepare(self):
        ours, others = duties.for_return(self.case, self.subject.organisation) if self.subject else ([], [])
        groups = [("说这类事归别家的", ours), ("其他条款", others)]
        self.fields["clause"].choices = [("", "请选一条"), *[group for group in groups if group[1]]]


class AssignPerson(MoveForm):
    handler = ModelChoice(label="经办人", help_text="今天请假的不在列，由 B 角顶上。")

    def prepare(self):
        unit = self.subject.organisation_id if self.subject else None
        people = acting_staff(unit, self.case.office) if unit else {}
        self.fields["handler"].queryset = User.objects.filter(pk__in=people, is_active=True).order_by(
            "pinyin"
        )
        self.fields["handler"].label_from_instance = lambda user: people.get(user.pk, user.name)


def acting_staff(organisation_id, office) -> dict:
    """user id → name of those who act in this unit today, substitutes with whom they stand in for."""
    acting = present.roll(office, [organisation_id], roles=Role.values).acting.get(organisation_id, {})
    return {user.pk: present.called(user, post) for user, post in acting.items()}
