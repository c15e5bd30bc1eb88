"""Who answers for which area or stretch of road for which period; how a stretch is kept; where notices hang."""

from django.db import models
from django.db.models import Q

from huiyin.base.models import OfficeModel
from huiyin.base.pinyin import PinyinKeys
from huiyin.rules import clock


def in_force(on, prefix: str = "") -> Q:
    """Periods that hold on that day; the last day is `end_on` minus one, as with posts."""
    end = Q(**{f"{prefix}end_on": None}) | Q(**{f"{prefix}end_on__gt": on})
    return end & Q(**{f"{prefix}start_on__lte": on})


class OfOffice(models.QuerySet):
    def visible_to(self, user):
        """Rows of the user's office; every holder of a post reads them."""
        return self.filter(office_id=user.office_id) if user.office_id else self.none()


class RoadSectionQuerySet(OfOffice):
    def valid(self, on=None):
        """Sections that exist on day `on` (default today)."""
        on = on or clock.today()
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=on), valid_from__lte=on)


class RoadSection(PinyinKeys, OfficeModel):
    """A stretch of street that somebody keeps: a team, or the firm that won the tender."""

    name = models.CharField("路段", max_length=60)
    pinyin = models.CharField(max_length=200, editable=False, default="")
    initials = models.CharField(max_length=100, editable=False, default="")
    community = models.ForeignKey(
        "areas.Area", models.PROTECT, related_name="road_sections", verbose_name="社区"
    )
    from_to = models.CharField("起止", max_length=100, blank=True)
    length_m = models.PositiveIntegerField("长度（米）", null=True, blank=True)
    shape = models.JSONField("线或面（GeoJSON 几何）", null=True, blank=True)
    is_tendered = models.BooleanField("招标路段", default=False)
    valid_from = models.DateField("划定")
    valid_until = models.DateField("停用", null=True, blank=True)

    objects = RoadSectionQuerySet.as_manager()

    class Meta:
        verbose_name = "路段"
        constraints = [
            models.UniqueConstraint("office", "community", "name", "valid_from", name="road_section_once")
        ]

    def __str__(self):
        return self.name


class ResponsibilityQuerySet(OfOffice):
    def current(self, on=None):
        """In force on day `on` (default today)."""
        return self.filter(in_force(on or clock.today()))


class Responsibility(OfficeModel):
    """One person or unit answers for one area or road section, in one way, from a day to a day.

    `role` is a code of the rule set `grid_roles`. What posts say already (the grid worker) is never entered here.
    """

    role = models.CharField("类别", max_length=24)
    area = models.ForeignKey(
        "areas.Area", models.PROTECT, null=True, blank=True, related_name="responsibilities"
    )
    compound = models.CharField("小区、楼院", max_length=60, blank=True)
    section = models.ForeignKey(
        RoadSection, models.PROTECT, null=True, blank=True, related_name="responsibilities"
    )
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="responsibilities"
    )
    organisation = models.ForeignKey(
        "orgs.Organisation", models.PROTECT, null=True, blank=True, related_name="responsibilities"
    )
    name = models.CharField("姓名或单位", max_length=60, blank=True)
    phone = models.CharField("办公电话", max_length=30, blank=True)
    substitute = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="B 角"
    )
    start_on = models.DateField("起")
    end_on = models.DateField("止", null=True, blank=True)
    standard = models.CharField("标准", max_length=100, blank=True)
    source = models.CharField("依据", max_length=200)

    objects = ResponsibilityQuerySet.as_manager()

    class Meta:
        verbose_name = "责任"
        constraints = [
            models.CheckConstraint(
                condition=Q(area__isnull=True) ^ Q(section__isnull=True), name="responsibility_for_one_thing"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(organisation__isnull=False) | ~Q(name=""),
                name="responsibility_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(end_on=None) | Q(end_on__gte=models.F("start_on")), name="responsibility_period"
            ),
        ]
        indexes = [
            models.Index("office", "role", name="responsibility_role"),
            models.Index("area", "end_on", name="responsibility_area"),
            models.Index("section", "end_on", name="responsibility_section"),
        ]

    def __str__(self):
        return f"{self.target} {self.who}"

    @property
    def who(self) -> str:
        """As written on a notice: the member of staff, else the name, else the unit."""
        return self.user.name if self.user_id else self.name or str(self.organisation)

    @property
    def target(self) -> str:
        place = self.section.name if self.section_id else self.area.name
        return f"{place} {self.compound}".strip()

    @property
    def is_current(self) -> bool:
        today = clock.today()
        return self.start_on <= today and (self.end_on is None or self.end_on > today)


class SectionCheck(OfficeModel):
    """One look at a road section: points by the criteria of that day's rule, 100 in all."""

    section = models.ForeignKey(RoadSection, models.PROTECT, related_name="checks")
    on = models.DateField("检查日")
    points = models.JSONField("各项得分")
    score = models.PositiveSmallIntegerField("得分")
    note = models.CharField("情况", max_length=400, blank=True)
    rule = models.ForeignKey("rules.RuleSet", models.PROTECT, related_name="+")
    checked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="检查人")

    objects = OfOffice.as_manager()

    class Meta:
        verbose_name = "路段检查"
        constraints = [
            models.CheckConstraint(condition=Q(score__lte=100), name="section_check_score"),
        ]
        indexes = [models.Index("section", models.F("on").desc(), name="section_check_on")]

    def __str__(self):
        return f"{self.section} {self.on} {self.score}"


class NoticePostingQuerySet(OfOffice):
    def hanging(self):
        return self.filter(removed_on=None)


class NoticePosting(OfficeModel):
    """A notice that hangs somewhere, with the lines printed on it: they tell later whether it still is true."""

    grid = models.ForeignKey("areas.Area", models.PROTECT, related_name="notice_postings")
    place = models.CharField("张贴处", max_length=100)
    posted_on = models.DateField("张贴")
    renewed_on = models.DateField("最近更新", null=True, blank=True)
    removed_on = models.DateField("取下", null=True, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="经手人")
    printed = models.JSONField("印着的内容", default=list)
    photo = models.CharField("照片", max_length=120, blank=True)  # below the folder of uploads

    objects = NoticePostingQuerySet.as_manager()

    class Meta:
        verbose_name = "公示张贴"
        constraints = [
            models.UniqueConstraint(
                "office", "grid", "place", condition=Q(removed_on=None), name="notice_posting_once"
            )
        ]

    def __str__(self):
        return f"{self.grid} {self.place}"

    @property
    def as_of(self):
        """The day of what hangs there now."""
        return self.renewed_on or self.posted_on
