"""The base of the forms of moves: one form a verb, the same for the page, the API and its JSON Schema."""

from collections.abc import Callable

from django import forms

from huiyin.accounts.models import User
from huiyin.base.refusal import Refusal
from huiyin.cases import categories, particulars
from huiyin.cases.form_fields import Attachments, ToldField
from huiyin.cases.models import Case

# verb → fn(case) → initial values that rooms above suggest for its form.
SUGGESTIONS: dict[str, Callable] = {}


class MoveForm(forms.Form):
    """Base: knows the matter, the user and the subject; `cleaned_data` are the verb's keyword arguments."""

    def __init__(self, *args, case: Case, user: User, subject=None, verb: str = "", **kwargs):
        self.case, self.user, self.subject, self.verb = case, user, subject, verb
        super().__init__(*args, **kwargs)
        self.fields.update(particulars.form_fields(self.asked(), case.particulars))
        for field in self.fields.values():
            if isinstance(field, ToldField):
                field.prepare(case.office)
            elif isinstance(field, Attachments):
                field.prepare(user)
        self.prepare()
        if not self.is_bound and self.verb in SUGGESTIONS:
            self.initial |= SUGGESTIONS[self.verb](case)

    def asked(self) -> list[dict]:
        """The particulars of the kind that this move asks for."""
        return particulars.fields_of(self.case, self.verb) if self.verb else []

    def prepare(self):
        """Fill choices that depend on the matter."""

    def conditions(self) -> dict:
        """JSON Schema keywords for what one field asks of another."""
        return {}

    def perform(self):
        """Do it: validated input goes to the verb of the same name. Raises Refusal."""
        if not self.is_valid():
            raise Refusal("有几处要改，改好再交；您填的都还在。", status=400, errors=self.problems())
        arguments = dict(self.cleaned_data)
        given = particulars.take(arguments)
        if self.subject is not None:
            arguments["subject"] = self.subject
        return self.case.do(self.verb, by=self.user, particulars=given, **arguments)

    def problems(self) -> dict[str, str]:
        return {name: "；".join(errors) for name, errors in self.errors.items()}


def category_choices(office) -> list[tuple[str, str]]:
    """Leaves of the category tree as (code, path)."""
    return [
        (row["code"], " › ".join(row["path"])) for row in categories.table(office).values() if row["is_leaf"]
    ]
