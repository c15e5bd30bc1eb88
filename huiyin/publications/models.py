"""What the office tells everybody: answered matters without identities, and what was done about hot topics."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from huiyin.base.models import OfficeModel
from huiyin.cases.models import Case
from huiyin.cases.states import Solved, State


class PublicationState(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审"
    PUBLISHED = "published", "已公开"
    WITHDRAWN = "withdrawn", "已撤下"


class Reviewed(OfficeModel):
    """Written by one, reviewed and published by another. `remark`: why the reviewer sent it back."""

    state = models.CharField("状态", max_length=12, choices=PublicationState, default=PublicationState.DRAFT)
    written_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="谁写的")
    writers = ArrayField(models.UUIDField(), default=list, editable=False)  # all who ever changed the words
    written_at = models.DateTimeField("写于")
    submitted_at = models.DateTimeField("交审", null=True)
    remark = models.CharField("退回的话", max_length=300, blank=True)
    reviewed_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="谁审的"
    )
    published_at = models.DateTimeField("公开", null=True)
    withdrawn_at = models.DateTimeField("撤下", null=True)
    withdrawn_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    withdrawn_reason = models.CharField("为什么撤下", max_length=300, blank=True)

    class Meta:
        abstract = True


class AnswerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For the desk: those whose matter the user may read."""
        matter = Case.objects.visible_to(user).filter(pk=OuterRef("case_id"))
        return self.filter(Exists(matter), office_id=user.office_id) if user.office_id else self.none()

    def public(self, office):
        """What everybody reads now. A matter that was opened again or became restricted is not among it."""
        return self.filter(
            office=office,
            state=PublicationState.PUBLISHED,
            case__state=State.CLOSED,
            case__is_restricted=False,
            case__round=F("round"),
        )


class PublishedAnswer(Reviewed):
    """One round of one matter, told without identities. `days`: from registration to the answer."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="published_answers")
    round = models.PositiveSmallIntegerField("第几轮", default=1)
    title = models.CharField("事由", max_length=60)
    said = models.TextField("居民说了什么", max_length=2000)
    done = models.TextField("办了什么", max_length=1000)
    answer = models.TextField("怎么答复的", max_length=4000)
    community = models.ForeignKey(
        "areas.Area", models.PROTECT, null=True, related_name="+", verbose_name="社区"
    )
    category = models.CharField("分类", max_length=30, blank=True)
    finished_on = models.DateField("办结日")
    days = models.PositiveSmallIntegerField("用了几天")
    outcome = models.CharField("结果", max_length=12)
    solved = models.CharField("本人说", max_length=8, choices=Solved, blank=True)
    words = SearchVectorField(null=True, editable=False)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "公开的答复"
        constraints = [
            models.UniqueConstraint(
                "office", "case", "round", name="answer_once", condition=~Q(state="withdrawn")
            )
        ]
        indexes = [
            models.Index(
                "office", models.F("finished_on").desc(), models.F("id").desc(), name="answer_public",
                condition=Q(state="published"),
            ),
            models.Index("office", "state", models.F("written_at").desc(), name="answer_state"),
            models.Index("office", "category", models.F("finished_on").desc(), name="answer_category"),
            GinIndex("words", name="answer_words"),
        ]  # fmt: skip

    def __str__(self):
        return self.title


class NoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The notes of the user's office: they hold nothing about persons."""
        return self.filter(office_id=user.office_id) if user.office_id else self.none()


class TopicNote(Reviewed):
    """What the office has done and will do about something many people speak of."""

    category = models.CharField("说的是哪一类", max_length=30)
    community = models.ForeignKey(
        "areas.Area", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="社区"
    )
    text = models.TextField("做了什么", max_length=600)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = "热点说明"
        indexes = [models.Index("office", "state", "category", name="topic_note_category")]

    def __str__(self):
        return self.text[:20]


class Objection(OfficeModel):
    """The person does not want the matter told in public, not even without their name."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="objections")
    voice = models.CharField(max_length=40, blank=True)
    raised_at = models.DateTimeField("提出")

    class Meta:
        verbose_name = "不同意公开"
        constraints = [models.UniqueConstraint("office", "case", "voice", name="objection_once")]
