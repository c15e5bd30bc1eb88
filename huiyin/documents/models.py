"""Issued documents: written once, with their words as they were that day; delivery and voiding are later rows."""

from django.db import models

from huiyin.base.crypto import EncryptedTextField
from huiyin.base.models import AppendOnly, OfficeModel
from huiyin.cases.models import Case, OfCaseQuerySet
from huiyin.papers import content


class DocumentKind(models.TextChoices):
    REGISTRATION = "registration", "登记表"
    ACCEPTANCE = "acceptance", "受理告知书"
    NON_ACCEPTANCE = "non_acceptance", "不予受理告知书"
    TRANSFER = "transfer", "转办单"
    SUPERVISION = "supervision", "督办单"
    OPINION = "opinion", "处理意见书"
    REPLY = "reply", "答复书"


def _label(code: str) -> str:
    """The name of a kind, also of those that rooms above bring (see kinds.KINDS)."""
    from huiyin.documents.kinds import KINDS

    return KINDS[code].label if code in KINDS else code


KEPT = frozenset({DocumentKind.REGISTRATION})  # signed on the spot and filed, handed to nobody


class DeliveryWay(models.TextChoices):
    """How a paper came into the person's or unit's hands."""

    HAND = "hand", "当面送交"
    MAIL = "mail", "邮寄"
    LEFT = "left", "留置"
    RELAY = "relay", "委托转交"
    ONLINE = "online", "网上送达"


class DocumentAct(models.TextChoices):
    """What may happen to a document once it is issued."""

    DELIVERED = "delivered", "已送达"
    VOIDED = "voided", "已作废"


class IssuedDocumentQuerySet(OfCaseQuerySet):
    def live(self):
        return self.exclude(steps__what=DocumentAct.VOIDED)

    def to_deliver(self):
        """Issued to be handed over, not voided, and no receipt yet."""
        return self.filter(steps=None).exclude(kind__in=KEPT)


class IssuedDocument(AppendOnly, OfficeModel):
    """One paper with its number. `content` is the paper as JSON (huiyin.papers.content), encrypted at rest.

    `subject` is the assignment or notice that it is about, or ''. A voided one may be followed by a new `edition`.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    kind = models.CharField("文书", max_length=16, choices=DocumentKind)
    number = models.CharField("文号", max_length=60)
    title = models.CharField("标题", max_length=200)
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    subject = models.CharField(max_length=36, blank=True)
    edition = models.PositiveSmallIntegerField("第几份", default=1)
    content = EncryptedTextField("内容")
    digest = models.CharField("内容摘要", max_length=64)
    names_person = models.BooleanField("载明身份", default=False)
    rules = models.ForeignKey("rules.RuleSet", models.PROTECT, related_name="+", verbose_name="文书规则版本")
    issued_at = models.DateTimeField("发出")
    issued_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="经办人")
    by_title = models.CharField("身份", max_length=80)
    approved_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="签发人"
    )

    objects = IssuedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "文书"
        constraints = [
            models.UniqueConstraint(
                "office", "case", "kind", "round", "subject", "edition", name="document_edition"
            ),
            models.UniqueConstraint("office", "number", "edition", name="document_number"),
        ]
        indexes = [
            models.Index("office", models.F("issued_at").desc(), "id", name="document_issued"),
            models.Index("case", name="document_case"),
        ]

    def __str__(self):
        return self.number

    def get_kind_display(self) -> str:
        return _label(self.kind)

    @property
    def is_for_delivery(self) -> bool:
        return self.kind not in KEPT

    @property
    def paper(self):
        return content.load(self.content)

    def step(self, what: str):
        """The row that says it was delivered, or voided; None when it was not."""
        return next((row for row in self.steps.all() if row.what == what), None)

    @property
    def delivered(self):
        return self.step(DocumentAct.DELIVERED)

    @property
    def voided(self):
        return self.step(DocumentAct.VOIDED)


class DocumentStep(AppendOnly, OfficeModel):
    document = models.ForeignKey(IssuedDocument, models.PROTECT, related_name="steps")
    what = models.CharField("何事", max_length=10, choices=DocumentAct)
    at = models.DateTimeField("记于")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    on = models.DateField("送达日期", null=True)
    way = models.CharField("送达方式", max_length=8, choices=DeliveryWay, blank=True)
    words = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "文书经过"
        constraints = [models.UniqueConstraint("office", "document", "what", name="document_step_once")]


class SubmissionQuerySet(OfCaseQuerySet):
    def open(self):
        return self.filter(decided_at=None)


class Submission(OfficeModel):
    """A draft handed to a leader to sign (送签). `fields` is what was typed into it; the rest comes from the record."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="submissions")
    kind = models.CharField("文书", max_length=16, choices=DocumentKind)
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    fields = EncryptedTextField("填写的内容")
    site = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField("送签")
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("签批", null=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    document = models.ForeignKey(IssuedDocument, models.PROTECT, null=True, related_name="submissions")
    words = models.CharField("退回的理由", max_length=200, blank=True)

    objects = SubmissionQuerySet.as_manager()

    def get_kind_display(self) -> str:
        return _label(self.kind)

    class Meta:
        verbose_name = "送签"
        constraints = [
            models.UniqueConstraint(
                "office", "case", "kind", condition=models.Q(decided_at=None), name="one_open_submission"
            )
        ]
        indexes = [
            models.Index("office", "asked_at", name="submission_open", condition=models.Q(decided_at=None))
        ]
