"""The matter: one case with one history. Its verbs live in huiyin.cases.verbs, its states in workflow.py."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.functional import cached_property

from huiyin.base.ids import tracking_code
from huiyin.base.models import OfficeModel
from huiyin.cases import access, record
from huiyin.cases.states import ENDED, OPEN, AssignmentState, Channel, Part, Reply, State
from huiyin.cases.verbs import Verbs
from huiyin.rules import clock


class CaseQuerySet(models.QuerySet):
    """The vocabulary of every list."""

    def visible_to(self, user):
        """Only what `user` may read now; every page, export, map and API answer starts here."""
        return access.visible_cases(self, user)

    def open(self):
        return self.filter(state__in=OPEN)

    def ended(self):
        return self.filter(state__in=ENDED)

    def overdue(self, at=None):
        """Open, not paused, and past the nearest limit at `at` (default now)."""
        return self.open().filter(paused_at=None, due_at__lt=at or clock.now())

    def owed_by(self, organisation):
        """Matters in which this unit still has something to do."""
        return self.filter(
            assignments__organisation=organisation,
            assignments__state__in=[AssignmentState.SENT, AssignmentState.ACCEPTED],
        ).distinct()

    def needs_conference(self, at=None):
        """Key matters and late ones that are still open: the list of the petition joint conference."""
        return self.open().filter(
            models.Q(is_key=True) | models.Q(due_at__lt=at or clock.now(), paused_at=None)
        )


class Case(Verbs, OfficeModel):
    number = models.CharField("编号", max_length=30)
    tracking_code = models.CharField("查询码", max_length=11, unique=True, default=tracking_code)
    kind = models.CharField("种类", max_length=30)
    channel = models.CharField("渠道", max_length=12, choices=Channel)
    procedure = models.ForeignKey("rules.RuleSet", models.PROTECT, related_name="+", verbose_name="程序版本")
    state = models.CharField("状态", max_length=16, choices=State, default=State.RECEIVED)
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    last_seq = models.PositiveIntegerField(default=0, editable=False)

    title = models.CharField("事由", max_length=100)
    description = models.TextField("说了什么")
    wants = models.TextField("要什么", blank=True)
    category = models.CharField("分类", max_length=30, blank=True)
    particulars = models.JSONField("要素", default=dict)
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="cases", verbose_name="网格")
    place = models.CharField("在哪里", max_length=120, blank=True)
    lon = models.FloatField("经度", null=True)
    lat = models.FloatField("纬度", null=True)
    group_size = models.PositiveIntegerField("人数", default=1)
    is_urgent = models.BooleanField("优先", default=False)
    is_key = models.BooleanField("重点", default=False)
    key_reason = models.CharField("列为重点的理由", max_length=200, blank=True)
    is_restricted = models.BooleanField("限知", default=False)
    is_anonymous = models.BooleanField("不留姓名", default=False)
    reply_by = models.CharField("怎么告诉本人", max_length=10, choices=Reply, default=Reply.WEB)

    registered_at = models.DateTimeField("登记")
    registered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    received_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="接访人"
    )
    in_charge = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="专人负责"
    )
    named_readers = ArrayField(models.UUIDField(), default=list)
    intake_key = models.CharField(max_length=80, null=True, editable=False)

    bounce_count = models.PositiveSmallIntegerField("退回次数", default=0)
    urge_count = models.PositiveSmallIntegerField("催办次数", default=0)
    first_contact_at = models.DateTimeField("首次联系", null=True)
    paused_at = models.DateTimeField("挂账自", null=True)
    answered_at = models.DateTimeField("答复", null=True)
    closed_at = models.DateTimeField("办结", null=True)
    ended_at = models.DateTimeField("结束", null=True)
    look_back_on = models.DateField("回头看", null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged_cases")
    next_deadline = models.ForeignKey("cases.Deadline", models.SET_NULL, null=True, related_name="+")
    due_at = models.DateTimeField("最近时限", null=True)
    updated_at = models.DateTimeField("最近动作")
    words = SearchVectorField(null=True, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "事项"
        constraints = [
            models.UniqueConstraint("office", "number", name="case_number"),
            models.UniqueConstraint("office", "intake_key", name="case_intake_key"),
        ]
        indexes = [
            models.Index(
                "office", "due_at", "id", name="case_open_due", condition=models.Q(state__in=sorted(OPEN))
            ),
            models.Index("office", "state", "due_at", name="case_state"),
            models.Index("office", models.F("updated_at").desc(), "id", name="case_updated"),
            models.Index("office", models.F("registered_at").desc(), "id", name="case_registered"),
            models.Index("area", models.F("registered_at").desc(), name="case_area"),
            models.Index("category", models.F("registered_at").desc(), name="case_category"),
            GinIndex("words", name="case_words"),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    @property
    def is_group(self) -> bool:
        """Five persons or more are a group visit (集体访) and choose at most five representatives."""
        return self.group_size >= GROUP_SIZE

    @property
    def shown_state(self) -> str:
        return "paused" if self.is_paused and self.is_open else self.state

    @property
    def shown_state_label(self) -> str:
        return "挂账" if self.shown_state == "paused" else self.get_state_display()

    @cached_property
    def live_assignments(self) -> list:
        """Assignments of this round that were not released, lead first."""
        found = [
            row
            for row in record.rows(self, "assignments")
            if row.round == self.round and row.state != AssignmentState.RELEASED
        ]
        return sorted(found, key=lambda row: (not row.is_lead, row.sent_at))

    @property
    def lead(self):
        """The lead assignment now in force, or None."""
        gone = (AssignmentState.RETURNED, AssignmentState.RELEASED)
        leads = [row for row in self.live_assignments if row.part == Part.LEAD and row.state not in gone]
        return leads[-1] if leads else None

    @cached_property
    def early_sign(self):
        """How this early sign is followed up; None for matters of other kinds."""
        return self.early_signs.first()

    def forget_cached(self):
        for name in ("live_assignments", "evidence", "early_sign", "together"):
            self.__dict__.pop(name, None)


GROUP_SIZE = 5


class CaseParty(OfficeModel):
    """Who raised the matter or is party to it; each representative has a tracking code of their own."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="parties")
    party = models.ForeignKey("people.Party", models.PROTECT, related_name="cases")
    role = models.CharField(
        "身份",
        max_length=16,
        choices=[
            ("raiser", "反映人"),
            ("representative", "代表"),
            ("joined", "一同反映"),
            ("respondent", "被反映方"),
        ],
    )
    reply_by = models.CharField(
        "怎么告诉本人", max_length=10, choices=Reply, blank=True
    )  # '' as the matter says
    tracking_code = models.CharField("查询码", max_length=11, unique=True, default=tracking_code)

    class Meta:
        verbose_name = "事项当事人"
        constraints = [models.UniqueConstraint("office", "case", "party", name="case_party_once")]


class CaseSource(OfficeModel):
    """Where else the matter is known: another system, its number, to whom an answer is owed, its own limit."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="sources")
    system = models.CharField("来源单位或系统", max_length=60)
    outside_number = models.CharField("对方编号", max_length=60, blank=True)
    owed_to = models.CharField("向谁反馈", max_length=60, blank=True)
    due_at = models.DateTimeField("对方时限", null=True)

    class Meta:
        verbose_name = "来源"
        indexes = [models.Index("office", "outside_number", name="case_source_number")]


class Reader(models.Model):
    """One row: whoever holds `key` (an area, a unit or a person) may read the matter."""

    pk = models.CompositePrimaryKey("office", "key", "case")
    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="+", db_index=False)
    key = models.UUIDField()
    case = models.ForeignKey(Case, models.CASCADE, related_name="readers")

    class Meta:
        verbose_name = "可见"
