"""编号格式: what an office may write, what the next number would be, a new version put in force."""

from django import forms
from django.db import transaction

from huiyin.audit.models import record
from huiyin.cases import procedures
from huiyin.opening import rulesets
from huiyin.rulebook.reading import Problem
from huiyin.rules import clock, numbers
from huiyin.rules.models import Counter, RuleSet

DOCUMENT_FIELDS = frozenset({"yy", "year", "seq", "mark", "paper"})


def current(office) -> RuleSet:
    """The version in force, or the office's own one that is to come."""
    coming = rulesets.own(office, "numbers")
    now = RuleSet.objects.current("numbers", office)
    return coming if coming and coming.valid_from > clock.today() else now


class NumbersForm(forms.Form):
    """One field for the office's usual pattern, one for each kind (empty: the usual one), one for documents."""

    def __init__(self, *args, office, **kwargs):
        super().__init__(*args, **kwargs)
        self.office, rules = office, current(office)
        content, self.kinds = rules.content, procedures.kinds(office)
        self.fields["default"] = _pattern("事项", content["matters"]["default"], required=True)
        for kind, name in self.kinds.items():
            own = content["matters"].get("kinds", {}).get(kind, "")
            self.fields[f"kind_{kind}"] = _pattern(name, own)
        self.fields["documents"] = _pattern("发文字号", content["documents"]["default"], required=True)
        self.fields["valid_from"] = forms.DateField(
            label="从哪天起", initial=max(clock.today(), rules.valid_from), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            help_text="今天或以后；要跨年换格式，就写明年 1 月 1 日",
            error_messages={"required": "请填日期。", "invalid": "日期要写成 2026-11-22。"},
        )  # fmt: skip

    def clean_valid_from(self):
        day = self.cleaned_data["valid_from"]
        if day < clock.today():
            raise forms.ValidationError("已经编出的号不能改，请从今天或以后起。")
        return day

    def clean(self):
        given = super().clean()
        for name in self.fields:
            pattern = (given.get(name) or "").strip() if name != "valid_from" else ""
            if not pattern:
                continue
            given[name] = pattern
            known = {"fields": DOCUMENT_FIELDS} if name == "documents" else {}
            why = numbers.fault(pattern, **known)
            if not why and name == "documents" and "{paper}" not in pattern:
                why = "要有文种代字 {paper}，不然督办通知和责任书会重号"
            if why:
                self.add_error(name, why)
        if not self.errors:
            self._apart(given)
        return given

    def _apart(self, given) -> None:
        """No two kinds may write alike with counters of their own, now or in a version of before."""
        used = {"default": given["default"]} | {
            f"kind_{kind}": given.get(f"kind_{kind}") for kind in self.kinds
        }
        earlier = _all_patterns(self.office)
        for name, pattern in used.items():
            others = {other for key, other in used.items() if key != name and other} | earlier
            clash = next((other for other in others if pattern and numbers.may_collide(pattern, other)), None)
            if clash:
                self.add_error(name, f"会和“{clash}”编出同样的号，请加一个字区分，比如 信访")

    def content(self) -> dict:
        given = self.cleaned_data
        kinds = {kind: given[f"kind_{kind}"] for kind in self.kinds if given.get(f"kind_{kind}")}
        kinds = {kind: pattern for kind, pattern in kinds.items() if pattern != given["default"]}
        return {
            "matters": {"default": given["default"], "kinds": kinds},
            "documents": {"default": given["documents"]},
        }


def _pattern(label: str, initial: str, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, initial=initial, required=required, max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "写上格式，比如 {yy}-{seq:05}。"},
    )  # fmt: skip


def _all_patterns(office) -> set[str]:
    """Every pattern that was ever in force here."""
    rows = RuleSet.objects.filter(
        name="numbers", activated_at__isnull=False, office__in=[office]
    ) | RuleSet.objects.filter(name="numbers", activated_at__isnull=False, office=None)
    found = set()
    for content in rows.values_list("content", flat=True):
        found |= {content["matters"]["default"], *content["matters"].get("kinds", {}).values()}
    return found


@transaction.atomic
def put_in_force(form: NumbersForm, *, by) -> RuleSet | None:
    """A new version from the form; None when it says what holds already."""
    content, office, day = form.content(), form.office, form.cleaned_data["valid_from"]
    if current(office).content == content:
        return None
    row = rulesets.put_in_force(
        office, "numbers", content, source=f"地方：{office.short_name}自定", valid_from=day
    )
    record("改编号格式", f"rule:{row.pk}", by=by, office=office, 从=str(day), 内容=content)
    return row


def previews(office, values: dict, day) -> list[dict]:
    """[{name, label, pattern, number, own}]: the number that each kind would get next on `day`; faulty ones get none."""
    kinds = procedures.kinds(office)
    counted = dict(Counter.objects.filter(office=office, year=day.year).values_list("series", "last"))
    rows = [("default", "事项", values.get("default", ""))]
    rows += [
        (f"kind_{kind}", name, values.get(f"kind_{kind}") or values.get("default", ""))
        for kind, name in kinds.items()
    ]
    shown = []
    for name, label, pattern in rows:
        good = pattern and not numbers.fault(pattern)
        number = counted.get(numbers.series_of(pattern), 0) + 1 if good else 0
        shown.append(
            {
                "name": name,
                "label": label,
                "own": bool(values.get(name)),
                "next": numbers.written(pattern, day.year, number, mark=office.document_mark) if good else "",
            }
        )
    paper = values.get("documents", "")
    if paper and not numbers.fault(paper, fields=DOCUMENT_FIELDS):
        after = numbers.written(
            paper, day.year, counted.get("督", 0) + 1, mark=office.document_mark, paper="督"
        )
        shown.append({"name": "documents", "label": "督办通知", "own": True, "next": after})
    return shown


def problems(content, office):
    """What is wrong with `content` as the rule `numbers`; for the rulebook's upload."""
    matters = content.get("matters") if isinstance(content, dict) else None
    documents = content.get("documents") if isinstance(content, dict) else None
    if (
        not isinstance(matters, dict)
        or not isinstance(documents, dict)
        or not isinstance(matters.get("kinds", {}), dict)
    ):
        yield Problem("要有 matters（default 和 kinds）和 documents（default）两部分")
        return
    patterns = {("matters", "default"): matters.get("default")}
    patterns |= {("matters", "kinds", kind): pattern for kind, pattern in matters.get("kinds", {}).items()}
    for path, pattern in patterns.items():
        if why := numbers.fault(pattern):
            yield Problem(why, path)
    if why := numbers.fault(documents.get("default"), fields=DOCUMENT_FIELDS):
        yield Problem(why, ("documents", "default"))
    elif "{paper}" not in documents["default"]:
        yield Problem("要有文种代字 {paper}，不然不同的文书会重号", ("documents", "default"))
    good = {pattern for pattern in patterns.values() if not numbers.fault(pattern)}
    for path, pattern in patterns.items():
        if pattern in good and any(
            numbers.may_collide(pattern, other) for other in good | _all_patterns(office)
        ):
            yield Problem("会和另一种写法编出同样的号，请加一个字区分", path)
