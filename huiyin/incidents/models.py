"""What happened in an incident and who knew it when: rows of one matter, each with the time it happened.

Rows are written once; a wrong one is taken back by a row of its own, so that sums always agree with what stands.
"""

from django.db import models

from huiyin.base.models import AppendOnly, OfficeModel
from huiyin.cases.models import Case, OfCaseQuerySet


def by(label: str, **more):
    return models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=label, **more)


class ReportStage(models.TextChoices):
    FIRST = "first", "初报"
    FURTHER = "further", "续报"
    FINAL = "final", "终报"


class ReportWay(models.TextChoices):
    PHONE = "phone", "电话"
    FACE = "face", "当面"
    WRITTEN = "written", "书面"
    SYSTEM = "system", "值班系统"


class IncidentReport(AppendOnly, OfficeModel):
    """One report upward: to whom, when they knew, what they were told, what they asked for."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="incident_reports")
    number = models.PositiveSmallIntegerField("第几报")
    stage = models.CharField("报告", max_length=8, choices=ReportStage)
    to = models.CharField("报告给谁", max_length=60)
    way = models.CharField("怎么报的", max_length=8, choices=ReportWay)
    told_at = models.DateTimeField("报到的时间")
    text = models.TextField("报了什么")
    asked = models.TextField("领导要求", blank=True)
    recorded_by = by("记录人")
    recorded_at = models.DateTimeField("记录于")

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "事件报告"
        constraints = [models.UniqueConstraint("office", "case", "number", name="incident_report_number")]

    def __str__(self):
        return f"第 {self.number} 报（{self.get_stage_display()}）"


class FactSource(models.TextChoices):
    SEEN = "seen", "到现场亲眼看到"
    PEOPLE = "people", "现场的人当面说"
    UNIT = "unit", "有关单位提供"
    HEARSAY = "hearsay", "听说，还没核实"


class SiteFact(AppendOnly, OfficeModel):
    """One fact about the incident: from whom, how sure. Statements may only use what is not hearsay."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="site_facts")
    number = models.PositiveSmallIntegerField("序号")
    source = models.CharField("怎么知道的", max_length=8, choices=FactSource)
    learnt_at = models.DateTimeField("核实时间")
    place = models.CharField("地点", max_length=120, blank=True)
    affected = models.PositiveIntegerField("涉及人数", null=True)
    text = models.TextField("情况")
    recorded_by = by("记录人")
    recorded_at = models.DateTimeField("记录于")

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "现场情况"
        constraints = [models.UniqueConstraint("office", "case", "number", name="site_fact_number")]

    def __str__(self):
        return f"情况{self.number}：{self.text[:24]}"


class BriefingLevel(models.TextChoices):
    LEADERS = "leaders", "班子会"
    CADRES = "cadres", "干部会"
    BRANCHES = "branches", "支部会"
    RESIDENTS = "residents", "群众会"


class Briefing(AppendOnly, OfficeModel):
    """通报会: who was told inside the house and among the people, and what they were asked to say and do."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="briefings")
    level = models.CharField("哪一级", max_length=10, choices=BriefingLevel)
    held_at = models.DateTimeField("时间")
    place = models.CharField("地点", max_length=120)
    chaired_by = models.CharField("谁主持", max_length=60)
    present = models.CharField("谁参加", max_length=300)
    number_present = models.PositiveIntegerField("到会人数")
    text = models.TextField("说了什么、要求什么")
    recorded_by = by("记录人")
    recorded_at = models.DateTimeField("记录于")

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "通报会"

    def __str__(self):
        return f"{self.get_level_display()}（{self.number_present} 人）"


class StatementKind(models.TextChoices):
    NOTICE = "notice", "情况通报"
    CLARIFY = "clarify", "澄清谣言"


class StatementState(models.TextChoices):
    DRAFT = "draft", "等审批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "没有批准"


class Statement(OfficeModel):
    """What is said in public: drafted from facts, approved by another, then its words never change."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="statements")
    number = models.CharField("文号", max_length=40)
    kind = models.CharField("种类", max_length=8, choices=StatementKind)
    rumour = models.TextField("外面怎么传", blank=True)
    text = models.TextField("怎么说")
    facts = models.ManyToManyField(SiteFact, related_name="statements", verbose_name="依据的情况")
    state = models.CharField("状态", max_length=10, choices=StatementState, default=StatementState.DRAFT)
    drafted_by = by("起草人")
    drafted_at = models.DateTimeField("起草于")
    decided_by = by("审批人", null=True)
    decided_at = models.DateTimeField("审批于", null=True)
    decision = models.TextField("审批意见", blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "对外口径"
        constraints = [models.UniqueConstraint("office", "number", name="statement_number")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.number}"


class Outlet(models.TextChoices):
    NOTICE_BOARD = "notice_board", "公告栏"
    LOUDSPEAKER = "loudspeaker", "广播、喇叭"
    GROUP = "group", "居民群"
    ACCOUNT = "account", "街道网站和公众号"
    PRESS = "press", "新闻媒体"


class Release(AppendOnly, OfficeModel):
    """One statement in one place at one time."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="releases")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="releases")
    outlet = models.CharField("渠道", max_length=14, choices=Outlet)
    where = models.CharField("哪一家、哪一处", max_length=60)
    released_at = models.DateTimeField("发出时间")
    recorded_by = by("记录人")
    recorded_at = models.DateTimeField("记录于")

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "发布记录"
        constraints = [models.UniqueConstraint("office", "statement", "outlet", "where", name="release_once")]


class DamageKind(models.TextChoices):
    COLLAPSED = "collapsed", "房屋倒塌"
    BROKEN = "broken", "房屋损坏"
    FLOODED = "flooded", "进水受淹"
    GOODS = "goods", "财物损失"
    CROPS = "crops", "农作物"
    INJURY = "injury", "人员受伤"


class Damage(AppendOnly, OfficeModel):
    """受损登记 by household. Who it is stands in Party, encrypted; lists show the number and a masked name."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="damages")
    number = models.PositiveIntegerField("户号")
    party = models.ForeignKey("people.Party", models.PROTECT, related_name="+", verbose_name="户主")
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="网格")
    kind = models.CharField("损失", max_length=10, choices=DamageKind)
    persons = models.PositiveSmallIntegerField("人口", default=1)
    amount = models.DecimalField("估计损失（元）", max_digits=14, decimal_places=2, null=True)
    text = models.CharField("情况", max_length=300)
    seen_on = models.DateField("查看日期")
    takes_back = models.ForeignKey("self", models.PROTECT, null=True, related_name="taken_back_by")
    recorded_by = by("记录人")
    recorded_at = models.DateTimeField("记录于")

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "受损登记"
        constraints = [
            models.UniqueConstraint("office", "case", "number", name="damage_number"),
            models.UniqueConstraint("office", "takes_back", name="damage_back_once"),
        ]

    @property
    def is_taken_back(self) -> bool:
        return self.takes_back_id is not None or self.taken_back_by.exists()

    def __str__(self):
        return f"{self.number} 号户（{self.get_kind_display()}）"


class Flow(models.TextChoices):
    IN = "in", "收到"
    OUT = "out", "发放"


class Relief(AppendOnly, OfficeModel):
    """救灾款物: money in yuan or goods in their unit, received or handed out; the ledger of each item never runs below zero."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="relief")
    number = models.PositiveIntegerField("序号")
    flow = models.CharField("收发", max_length=4, choices=Flow)
    item = models.CharField("款物", max_length=40)
    unit = models.CharField("单位", max_length=10)
    quantity = models.DecimalField("数量", max_digits=14, decimal_places=2)
    source = models.CharField("谁给的、发给谁", max_length=80, blank=True)
    damage = models.ForeignKey(
        Damage, models.PROTECT, null=True, related_name="relief", verbose_name="发给哪户"
    )
    paper = models.CharField("凭据", max_length=80)
    on = models.DateField("日期")
    takes_back = models.ForeignKey("self", models.PROTECT, null=True, related_name="taken_back_by")
    recorded_by = by("记录人")
    recorded_at = models.DateTimeField("记录于")

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "救灾款物"
        constraints = [
            models.UniqueConstraint("office", "case", "number", name="relief_number"),
            models.UniqueConstraint("office", "takes_back", name="relief_back_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="relief_quantity"),
        ]

    @property
    def is_taken_back(self) -> bool:
        return self.takes_back_id is not None or self.taken_back_by.exists()

    def __str__(self):
        return f"第 {self.number} 笔：{self.get_flow_display()}{self.item} {self.quantity:g} {self.unit}"


class CleanUp(AppendOnly, OfficeModel):
    """清理恢复: what was cleared or mended, how much of it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="clean_ups")
    what = models.CharField("清理、恢复什么", max_length=80)
    place = models.CharField("地点", max_length=120)
    quantity = models.DecimalField("数量", max_digits=12, decimal_places=2)
    unit = models.CharField("单位", max_length=10)
    hands = models.PositiveIntegerField("出动人数", null=True)
    done_on = models.DateField("日期")
    recorded_by = by("记录人")
    recorded_at = models.DateTimeField("记录于")

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "清理恢复"
