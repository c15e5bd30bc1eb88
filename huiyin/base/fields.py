"""Fields of the desk's forms that say in Chinese what is wrong: a line of words, and several lines."""

from django import forms


def _errors(label: str, most: int, least: int | None) -> dict:
    found = {"required": f"请填“{label}”。", "max_length": f"“{label}”太长了，最多 {most} 个字。"}
    return found | ({"min_length": f"“{label}”至少写 {least} 个字。"} if least else {})


def line(
    label: str,
    *,
    most: int = 200,
    required: bool = True,
    help_text: str = "",
    attrs: dict | None = None,
    **rest,
) -> forms.CharField:
    """One line of at most `most` characters; browsers offer nothing typed before, which was about somebody else."""
    return forms.CharField(
        label=label, required=required, max_length=most, help_text=help_text,
        **{
            "widget": forms.TextInput(attrs={"autocomplete": "off", **(attrs or {})}),
            "error_messages": _errors(label, most, None), **rest,
        },
    )  # fmt: skip


def words(
    label: str, *, most: int = 20000, least: int | None = None, required: bool = True, rows: int = 3,
    help_text: str = "", **rest,
) -> forms.CharField:  # fmt: skip
    """A text box for several lines; `least` characters when something is written at all."""
    return forms.CharField(
        label=label, required=required, min_length=least, max_length=most, help_text=help_text,
        **{
            "widget": forms.Textarea(attrs={"rows": rows}), "error_messages": _errors(label, most, least), **rest,
        },
    )  # fmt: skip
