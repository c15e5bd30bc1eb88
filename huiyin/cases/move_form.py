"""The base of the forms of moves: one form a verb, the same for the page, the API and its JSON Schema."""

from django import forms

from huiyin.accounts.models import User
from huiyin.base.refusal import Refusal
from huiyin.cases import categories
from huiyin.cases.form_fields import Attachments, ToldField
from huiyin.cases.models import Case


class MoveForm(forms.Form):
    """Base: knows the matter, the user and the subject; `cleaned_data` are the verb's keyword arguments."""

    def __init__(self, *args, case: Case, user: User, subject=None, **kwargs):
        self.case, self.user, self.subject = case, user, subject
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, ToldField):
                field.prepare(case.office)
            elif isinstance(field, Attachments):
                field.prepare(user)
        self.prepare()

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
        if self.subject is not None:
            arguments["subject"] = self.subject
        return getattr(self.case, self.verb)(by=self.user, **arguments)

    def problems(self) -> dict[str, str]:
        return {name: "；".join(errors) for name, errors in self.errors.items()}


def category_choices(office) -> list[tuple[str, str]]:
    """Leaves of the category tree as (code, path)."""
    return [
        (row["code"], " › ".join(row["path"])) for row in categories.table(office).values() if row["is_leaf"]
    ]
