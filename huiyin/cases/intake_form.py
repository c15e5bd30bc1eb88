"""The one-screen form of the reception desk: from what was typed to `intake.Words`, and on to the first verb."""

from collections.abc import Callable
from datetime import timedelta

from django import forms

from huiyin.accounts.models import User
from huiyin.areas.models import Area
from huiyin.cases import categories, early_signs, particulars, procedures
from huiyin.cases.form_fields import ModelChoice, line, words
from huiyin.cases.intake import MOST_REPRESENTATIVES, Person, Words
from huiyin.cases.models.case import GROUP_SIZE
from huiyin.cases.receiving_forms import OUTCOMES
from huiyin.cases.states import Channel, Reply
from huiyin.cases.workflow import CENTRE
from huiyin.orgs.models import Post, Role
from huiyin.rules import clock

MAY_REGISTER = CENTRE | {Role.STATION, Role.GRID_WORKER}
CHANNELS = ("visit", "call", "letter", "web", "patrol", "outreach", "hotline", "directive")
FROM_OTHERS = {Channel.HOTLINE, Channel.DIRECTIVE}
OTHERS = range(2, MOST_REPRESENTATIVES + 1)
OTHERS_REPLY = [
    ("", "和第一位一样"),
    *((way, Reply(way).label) for way in (Reply.PHONE, Reply.SMS, Reply.WEB)),
]
LEADERS = ("duty_leader", "leader", "director", "deputy")
WATCHERS = ("deputy", "director", "clerk", "supervisor", "station", "unit_head", "grid_worker")
# Rooms above say who receives visitors: callables (office, moment) → User or None; the first answer counts.
DEFAULT_RECEIVER: list[Callable] = []
KIND_OF_CHANNEL = {"hotline": "hotline", "directive": "directive", "patrol": "city_problem"}


def phone(label: str, **attrs):
    return forms.RegexField(
        r"^\+?[0-9][0-9\- ]{4,19}$",
        label=label,
        required=False,
        error_messages={"invalid": "电话只写数字，可以带区号和短横线，如 0000-600 0119。"},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", **attrs}),
    )


def name_the_missing(form: forms.Form):
    """'请填措施。' instead of a sentence that is the same for every field."""
    for field in form.fields.values():
        field.error_messages["required"] = f"请填{field.label}。"


class IntakeForm(forms.Form):
    channel = forms.ChoiceField(
        label="从哪里来", choices=[(name, Channel(name).label) for name in CHANNELS], initial="visit"
    )
    description = words("说了什么", least=4)
    wants = line("要什么", required=False, most=2000)
    category = forms.ChoiceField(label="是什么事", required=False)
    kind = forms.ChoiceField(label="种类", required=False)
    place = line("在哪里", required=False, most=120)
    area = ModelChoice(label="网格", required=False, empty_label="按地点自动找")
    name = line("姓名", required=False, most=40)
    phone = phone("电话")
    id_number = forms.RegexField(
        r"^[0-9A-Za-z]{5,20}$",
        label="证件号",
        required=False,
        error_messages={"invalid": "证件号只有数字和字母，请核对；不愿留可以不填。"},
    )
    address = line("住址", required=False, most=100)
    email = forms.EmailField(
        label="电子邮箱",
        required=False,
        max_length=100,
        error_messages={"invalid": "邮箱要写完整，如 mei@example.com。"},
    )
    group_size = forms.IntegerField(
        label="人数",
        required=False,
        min_value=1,
        max_value=100000,
        initial=1,
        error_messages={"min_value": "至少 1 人。", "invalid": "人数写数字。"},
    )
    reply_by = forms.ChoiceField(
        label="怎么告诉本人", required=False, choices=Reply.choices, widget=forms.RadioSelect
    )
    received_by = ModelChoice(label="接访人", required=False, empty_label="我自己接的")
    system = line("转来单位", required=False, most=60)
    outside_number = line("对方编号", required=False, most=60)
    owed_to = line("向谁反馈", required=False, most=60)
    source_due = forms.DateTimeField(
        label="对方时限",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        error_messages={"invalid": "时间写成 2026-11-22 18:00。"},
    )
    is_urgent = forms.BooleanField(label="优先办", required=False)
    is_restricted = forms.BooleanField(label="限知：只有经手的人看得到", required=False)
    answer = words("怎么答复的", required=False)
    outcome = forms.ChoiceField(label="结果", required=False, choices=OUTCOMES, initial="explained")
    watch_source = line("从哪里得知", required=False, most=120)
    watch_level = forms.ChoiceField(label="等级", required=False)
    responsible = ModelChoice(label="专人负责", required=False, empty_label="我来负责")

    def __init__(self, data=None, *, user: User, **kwargs):
        self.user, self.office = user, user.office
        super().__init__(data, **kwargs)
        name_the_missing(self)
        for number in OTHERS:
            self.fields[f"name_{number}"] = line(f"代表 {number} 姓名", required=False, most=40)
            self.fields[f"phone_{number}"] = phone(f"代表 {number} 电话")
            self.fields[f"reply_{number}"] = forms.ChoiceField(
                label=f"怎么告诉代表 {number}",
                required=False,
                choices=OTHERS_REPLY,
                widget=forms.Select(attrs={"class": "in w-m"}),
            )
        self.fields["category"].choices = [("", "还不清楚"), *_grouped(self.office)]
        self.fields["kind"].choices = [("", "按分类定"), *procedures.kinds(self.office).items()]
        grids = Area.objects.valid().grids().filter(office=self.office).order_by("code")
        self.fields["area"].queryset = grids
        leaders = Post.objects.of_roles(self.office, *LEADERS).values("user_id")
        self.fields["received_by"].queryset = User.objects.filter(pk__in=leaders).order_by("pinyin")
        if not self.is_bound:
            asked = (ask(self.office, clock.now()) for ask in DEFAULT_RECEIVER)
            self.fields["received_by"].initial = next((user.pk for user in asked if user), None)
        self.watched = early_signs.kinds_with_levels(self.office)
        levels = {row["code"]: row["name"] for rows in self.watched.values() for row in rows}
        self.fields["watch_level"].choices = [("", "按最轻的一级"), *levels.items()]
        keepers = Post.objects.of_roles(self.office, *WATCHERS).values("user_id")
        self.fields["responsible"].queryset = User.objects.filter(pk__in=keepers).order_by("pinyin")

        self.asked = {
            kind: particulars.asked_at(row, particulars.REGISTER)
            for kind, row in procedures.current(self.office).content["kinds"].items()
        }
        for kind, rows in self.asked.items():
            for name, field in particulars.form_fields([row | {"required": False} for row in rows]).items():
                self.fields[f"{kind}.{name}"] = field

    @property
    def of_kinds(self) -> list[tuple]:
        """(kind, its name, bound fields, are they to be seen) of the kinds with particulars at registration."""
        names, chosen = procedures.kinds(self.office), self["kind"].value()
        found = []
        for kind, rows in self.asked.items():
            bound = [self[f"{kind}.{particulars.PREFIX}{row['code']}"] for row in rows]
            is_open = kind == chosen or any(field.errors or field.value() for field in bound)
            if bound:
                found.append((kind, names[kind], bound, is_open))
        return found

    @property
    def others(self) -> list[tuple]:
        """(number, name field, phone field, field of the way to tell them) of the further representatives."""
        return [(n, self[f"name_{n}"], self[f"phone_{n}"], self[f"reply_{n}"]) for n in OTHERS]

    @property
    def source_fields(self) -> list:
        return [self[name] for name in ("system", "outside_number", "owed_to", "source_due")]

    def clean(self):
        given = super().clean()
        if given.get("channel") in FROM_OTHERS and not given.get("system"):
            self.add_error("system", "热线转来和上级交办的，要写是谁转来的。")
        due = given.get("source_due")
        if due and due < clock.now() - timedelta(days=366):
            self.add_error("source_due", "对方时限太早了，请核对年份。")
        if given.get("kind") in self.watched and not given.get("watch_source"):
            self.add_error("watch_source", "苗头性问题要写从哪里得知的。")
        for number in OTHERS:
            if given.get(f"phone_{number}") and not given.get(f"name_{number}"):
                self.add_error(f"name_{number}", f"代表 {number} 只有电话，请把姓名也写上。")
            by_phone = given.get(f"reply_{number}") in (Reply.PHONE, Reply.SMS)
            if by_phone and given.get(f"name_{number}") and not given.get(f"phone_{number}"):
                self.add_error(f"phone_{number}", f"要给代表 {number} 打电话、发短信，请留电话。")
        return given

    def as_words(self, attachments=()) -> Words:
        """What `intake.register` takes. Call after is_valid."""
        given = self.cleaned_data
        persons = self._persons()
        kind = given["kind"] or default_kind(self.office, given["channel"], given["category"])
        own = {
            name.removeprefix(f"{kind}."): value
            for name, value in given.items()
            if name.startswith(f"{kind}.")
        }
        return Words(
            description=given["description"],
            kind=kind,
            particulars=particulars.take(own),
            channel=given["channel"],
            wants=given["wants"],
            category=given["category"],
            area=given["area"],
            place=given["place"],
            group_size=given["group_size"] or 1,
            persons=persons,
            reply_by=given["reply_by"] or default_reply(persons),
            is_restricted=given["is_restricted"],
            is_urgent=given["is_urgent"],
            sources=self._sources(),
            attachments=list(attachments),
            received_by=given["received_by"] if given["channel"] == Channel.VISIT else None,
            watch_source=given["watch_source"],
            watch_level=given["watch_level"],
            responsible=given["responsible"],
        )

    def _persons(self) -> list[Person]:
        given = self.cleaned_data
        first = Person(**{name: given[name] for name in ("name", "phone", "email", "id_number", "address")})
        others = [
            Person(name=given[f"name_{n}"], phone=given[f"phone_{n}"], reply_by=given[f"reply_{n}"])
            for n in OTHERS
            if given[f"name_{n}"] or given[f"phone_{n}"]
        ]
        if (given["group_size"] or 1) < GROUP_SIZE:
            others = others[: max(0, (given["group_size"] or 1) - 1)]
        return [row for row in (first, *others) if any(vars(row).values())]

    def _sources(self) -> list[dict]:
        given = self.cleaned_data
        if not given["system"]:
            return []
        return [
            {
                "system": given["system"],
                "outside_number": given["outside_number"],
                "owed_to": given["owed_to"],
                "due_at": given["source_due"],
            }
        ]


def default_kind(office, channel: str, category: str) -> str:
    """The kind when none was chosen: of the channel, else of the category, else petition."""
    row = categories.table(office).get(category) or {}
    return KIND_OF_CHANNEL.get(channel) or row.get("kind") or "petition"


def default_reply(persons: list[Person]) -> str:
    """By telephone when one was left, otherwise the person looks it up."""
    return Reply.PHONE if any(person.phone for person in persons) else Reply.WEB


def _grouped(office) -> list[tuple]:
    """Leaves below their first level, for a select that works without script."""
    groups: dict[str, list] = {}
    for row in categories.table(office).values():
        if row["is_leaf"]:
            groups.setdefault(row["path"][0], []).append((row["code"], " › ".join(row["path"][1:])))
    return list(groups.items())
