"""The kinds of field that the moves are built from; each can also say itself as JSON Schema."""

from functools import partial

from django import forms

from huiyin.base import fields
from huiyin.base.fields import line
from huiyin.cases.models import Attachment
from huiyin.orgs.models import Organisation
from huiyin.rules.models import RuleSet

__all__ = ["Attachments", "ModelChoice", "ModelsChoice", "ToldField", "day", "line", "told", "words"]


class ModelChoice(forms.ModelChoiceField):
    def __init__(self, **kwargs):
        super().__init__(**{"queryset": Organisation.objects.none(), "empty_label": "请选", **kwargs})


class ModelsChoice(forms.ModelMultipleChoiceField):
    def __init__(self, **kwargs):
        super().__init__(**{"queryset": Organisation.objects.none(), **kwargs})


words = partial(fields.words, least=2)


def day(label: str, *, required=True, help_text=""):
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ToldField(forms.CharField):
    """Words that the person will read: long enough and free of office words, as the rule set `wording` says."""

    def __init__(self, *, letter=False, **kwargs):
        super().__init__(**kwargs)
        self.letter = letter
        self.office_words: tuple[str, ...] = ()

    def prepare(self, office):
        """Take the office's own rule; the verb checks by the same one."""
        content = RuleSet.objects.current("wording", office).content
        self.min_length = content["least_characters"]["letter" if self.letter else "note"]
        self.office_words = tuple(content["say_instead"])
        self.widget.attrs["minlength"] = self.min_length


def told(label: str, *, required=True, rows=3, help_text="", letter=False):
    """A text box for what the person is told."""
    widget = forms.Textarea(attrs={"rows": rows})
    return ToldField(
        label=label, required=required, widget=widget, help_text=help_text, max_length=20000, letter=letter
    )


class Attachments(forms.Field):
    """Ids of uploads made before; in the page the files themselves come with the form."""

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, "widget": forms.SelectMultiple, **kwargs})

    user = None

    def prepare(self, user):
        """Only uploads of the one who sends the form may be taken."""
        self.user = user

    def clean(self, value):
        ids = value or []
        if isinstance(ids, str):
            ids = [ids]
        try:
            found = list(Attachment.objects.filter(pk__in=ids, case=None, uploaded_by=self.user))
        except Exception as error:
            raise forms.ValidationError("附件编号不对，请重新上传。") from error
        if len(found) != len(set(ids)):
            raise forms.ValidationError("有附件找不到或已经用过，请重新上传。")
        return found
