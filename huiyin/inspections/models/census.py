"""A campaign census (问题普查): who was sent where, against which standards, and the matters it brought in."""

from django.db import models

from huiyin.base.models import OfficeModel
from huiyin.cases.models import Case


class Subject(models.TextChoices):
    UNIT = "unit", "单位"
    COMPOUND = "compound", "小区"
    VILLAGE = "village", "城中村"
    STREET = "street", "街巷"
    PLACE = "place", "场所"


class CensusQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(office_id=user.office_id)


class Census(OfficeModel):
    name = models.CharField("普查", max_length=60)
    purpose = models.CharField("为什么查", max_length=200, blank=True)
    from_on = models.DateField("从")
    until_on = models.DateField("到")
    rectify_on = models.DateField("整改到")
    edition = models.CharField("标准的版本", max_length=60, blank=True)
    lasting = models.TextField("长效办法", blank=True)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField("设立")
    closed_at = models.DateTimeField("结束", null=True)

    objects = CensusQuerySet.as_manager()

    class Meta:
        verbose_name = "问题普查"
        constraints = [
            models.UniqueConstraint("office", "name", name="census_name"),
            models.CheckConstraint(condition=models.Q(until_on__gte=models.F("from_on")), name="census_days"),
        ]

    def __str__(self):
        return self.name


class CensusStandard(OfficeModel):
    """What everything is held against: one sentence, with the kind and class a violation becomes."""

    census = models.ForeignKey(Census, models.PROTECT, related_name="standards")
    number = models.CharField("序号", max_length=10)
    text = models.CharField("标准", max_length=200)
    kind = models.CharField("查到算哪一种", max_length=30)
    city_class = models.CharField("部件事件类别", max_length=10, blank=True)
    category = models.CharField("分类", max_length=30, blank=True)
    unit = models.ForeignKey(
        "orgs.Organisation", models.PROTECT, null=True, related_name="+", verbose_name="责任单位"
    )

    class Meta:
        verbose_name = "普查标准"
        constraints = [models.UniqueConstraint("office", "census", "number", name="census_standard_number")]

    def __str__(self):
        return f"{self.number} {self.text}"


class CensusOfficial(OfficeModel):
    """An official sent down to an area for this census."""

    census = models.ForeignKey(Census, models.PROTECT, related_name="officials")
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="包的片区")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="干部")

    class Meta:
        verbose_name = "普查下沉干部"
        constraints = [
            models.UniqueConstraint("office", "census", "area", "user", name="census_official_once")
        ]

    def __str__(self):
        return f"{self.area} {self.user}"


class CensusProblemQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(office_id=user.office_id, case__in=Case.objects.visible_to(user))


class CensusProblem(OfficeModel):
    """What a census knows of one of its matters; how far it is stands on the matter alone."""

    census = models.ForeignKey(Census, models.PROTECT, related_name="problems")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="census_problems")
    standard = models.ForeignKey(CensusStandard, models.PROTECT, related_name="problems")
    subject_kind = models.CharField("对象", max_length=10, choices=Subject)
    subject = models.CharField("名称", max_length=60)
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="网格")
    cadre = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="责任干部"
    )
    found_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    found_on = models.DateField("查到的日子")
    is_hard = models.BooleanField("重难点", default=False)
    why_hard = models.CharField("难在哪里", max_length=200, blank=True)

    objects = CensusProblemQuerySet.as_manager()

    class Meta:
        verbose_name = "普查问题"
        constraints = [models.UniqueConstraint("office", "case", name="census_problem_once")]
        indexes = [
            models.Index("census", "subject_kind", "subject", name="census_problem_subject"),
            models.Index("census", "area", name="census_problem_area"),
            models.Index("census", "standard", name="census_problem_standard"),
        ]

    def __str__(self):
        return f"{self.subject} {self.standard.number}"
