"""联合处置: several units on one spot, one record of it, signed by each."""

from django.db import models

from huiyin.cooperation.models.base import OfCase, staffer, unit


class JointRecord(OfCase):
    """One visit of several units. Whole when every unit has written its finding and signed."""

    round = models.PositiveSmallIntegerField("第几轮", default=1)
    held_at = models.DateTimeField("到场时间")
    place = models.CharField("地点", max_length=120)
    summary = models.TextField("现场情况")
    host = unit("牵头单位")
    opened_at = models.DateTimeField("记录")
    opened_by = staffer("记录人", null=False)
    completed_at = models.DateTimeField("签齐", null=True)
    ended_at = models.DateTimeField("不再签", null=True)

    class Meta:
        verbose_name = "联合处置记录"
        indexes = [models.Index("case", name="joint_case")]

    def __str__(self):
        return self.place[:12]


class JointUnit(OfCase):
    """One unit at the visit: who came (name and post), what it found, its signature."""

    record = models.ForeignKey(JointRecord, models.PROTECT, related_name="units")
    organisation = unit("单位")
    people = models.TextField("到场的人", blank=True)
    finding = models.TextField("看到什么、什么意见", blank=True)
    signed_at = models.DateTimeField("签字", null=True)
    signed_by = staffer("签字人")

    class Meta:
        verbose_name = "联合处置的单位"
        constraints = [models.UniqueConstraint("office", "record", "organisation", name="joint_unit_once")]

    def __str__(self):
        return str(self.organisation)


class JointMeasure(OfCase):
    """What shall be done after the visit, by whom, until when."""

    record = models.ForeignKey(JointRecord, models.PROTECT, related_name="measures")
    organisation = unit("谁来做")
    person = models.CharField("具体的人", max_length=40, blank=True)
    text = models.CharField("做什么", max_length=200)
    due_on = models.DateField("哪天做完")
    done_at = models.DateTimeField("做完", null=True)
    done_by = staffer("报做完的人")
    done_text = models.CharField("做得怎样", max_length=200, blank=True)

    class Meta:
        verbose_name = "联合处置的措施"

    def __str__(self):
        return f"{self.organisation} {self.text[:8]}"
