"""The area tree: city, district, subdistrict, community, grid, building – with codes, validity, boundaries."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from huiyin.base.models import KeyedModel
from huiyin.base.pinyin import PinyinKeys
from huiyin.rules import clock


class AreaKind(models.TextChoices):
    CITY = "city", "市"
    DISTRICT = "district", "区"
    SUBDISTRICT = "subdistrict", "街道"
    COMMUNITY = "community", "社区"
    GRID = "grid", "网格"
    BUILDING = "building", "楼院"


class AreaQuerySet(models.QuerySet):
    def valid(self, on=None):
        """Areas that exist on day `on` (default today)."""
        on = on or clock.today()
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=on), valid_from__lte=on)

    def visible_to(self, user):
        """The areas of the user's office and the nodes above them, which several offices share."""
        return self.filter(Q(office_id=user.office_id) | Q(office=None)) if user.office_id else self.none()

    def grids(self):
        return self.filter(kind=AreaKind.GRID)

    def matching(self, text: str):
        """Name, address or code contains `text`, or the pinyin or initials begin with it."""
        text = text.strip()
        return self.filter(
            Q(name__icontains=text)
            | Q(address__icontains=text)
            | Q(code__startswith=text)
            | Q(pinyin__startswith=text.lower())
            | Q(initials__startswith=text.lower())
        )

    def within(self, area):
        """`area` and everything below it."""
        return self.filter(Q(pk=area.pk) | Q(ancestors__contains=[area.pk]))


class Area(PinyinKeys, KeyedModel):
    """A node of the tree. `office` is empty above the subdistrict, where several offices share the node."""

    office = models.ForeignKey("accounts.Office", models.PROTECT, null=True, blank=True, related_name="areas")
    code = models.CharField("代码", max_length=20)
    kind = models.CharField("层级", max_length=12, choices=AreaKind)
    name = models.CharField("名称", max_length=60)
    pinyin = models.CharField(max_length=200, editable=False, default="")
    initials = models.CharField(max_length=100, editable=False, default="")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    ancestors = ArrayField(models.UUIDField(), default=list, editable=False)
    is_exclusive = models.BooleanField("专属网格", default=False)
    boundary = models.JSONField("边界（GeoJSON 几何）", null=True, blank=True)
    lon = models.FloatField("经度", null=True, blank=True)
    lat = models.FloatField("纬度", null=True, blank=True)
    address = models.CharField("地址", max_length=100, blank=True)
    valid_from = models.DateField("启用日")
    valid_until = models.DateField("停用日", null=True, blank=True)
    changed_at = models.DateTimeField(editable=False, db_index=True, default=clock.now)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = "区域"
        constraints = [
            models.UniqueConstraint("office", "code", "valid_from", name="area_code", nulls_distinct=False)
        ]
        indexes = [
            GinIndex("ancestors", name="area_ancestors"),
            models.Index("office", "kind", name="area_kind"),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.ancestors = [*self.parent.ancestors, self.parent_id] if self.parent else []
        self.changed_at = clock.now()
        super().save(*args, **kwargs)

    @property
    def is_valid(self) -> bool:
        """Does the area exist today?"""
        today = clock.today()
        return self.valid_from <= today and (self.valid_until is None or self.valid_until > today)

    @property
    def path(self) -> list:
        """Ids from the top of the tree down to this area."""
        return [*self.ancestors, self.pk]


class AreaFact(KeyedModel):
    """A dated attribute of an area (households, population, km²) with its source."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="facts")
    name = models.CharField("指标", max_length=40)
    value = models.DecimalField("数值", max_digits=16, decimal_places=4)
    unit = models.CharField("单位", max_length=12)
    on = models.DateField("截至")
    source = models.CharField("来源", max_length=100)

    class Meta:
        verbose_name = "区域数据"
        constraints = [models.UniqueConstraint("area", "name", "on", name="area_fact_once")]

    @property
    def plain(self) -> str:
        """'1.85', '16273': no zeros at the end, no exponent."""
        text = f"{self.value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
