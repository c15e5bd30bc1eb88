"""Organisations, and the posts that people hold in them for an area and a period."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from huiyin.base.models import OfficeModel
from huiyin.base.pinyin import PinyinKeys
from huiyin.rules import clock


class OrganisationKind(models.TextChoices):
    CENTRE = "centre", "联动中心"
    DEPARTMENT = "department", "联动部门"
    STATION = "station", "社区服务站"
    SERVICE_POINT = "service_point", "便民服务网点"
    VOLUNTEER_TEAM = "volunteer_team", "志愿者服务队"
    COMMITTEE = "committee", "社区居委会"
    WORKING_GROUP = "working_group", "工作组"
    LEADING_BODY = "leading_body", "党工委、办事处"
    LINKED_UNIT = "linked_unit", "共建单位"
    PARTY_GENERAL_BRANCH = "party_general_branch", "党总支"
    PARTY_BRANCH = "party_branch", "党支部"
    YOUTH_BRANCH = "youth_branch", "团支部"
    LEADING_GROUP = "leading_group", "领导小组"
    HEADQUARTERS = "headquarters", "指挥部"
    PROMOTION_COMMITTEE = "promotion_committee", "促进委员会"
    PROJECT_GROUP = "project_group", "专项工作组"
    COORDINATING_OFFICE = "coordinating_office", "议事协调办公室"
    ENFORCEMENT_TEAM = "enforcement_team", "执法队伍"
    SQUAD = "squad", "监察中队"
    SANITATION_TEAM = "sanitation_team", "卫生管理队伍"
    SELF_GOVERNANCE = "self_governance", "居民自治组织"
    PRACTICE_SITE = "practice_site", "文明实践阵地"
    PARTY_SERVICE_CENTRE = "party_service_centre", "党群服务中心"


class OrganisationQuerySet(models.QuerySet):
    def current(self, on=None):
        """Organisations that stand on day `on` (default today)."""
        on = on or clock.today()
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=on), valid_from__lte=on)

    def visible_to(self, user):
        """The organisations of the user's office; every holder of a post reads them."""
        return self.filter(office_id=user.office_id) if user.office_id else self.none()

    def matching(self, text: str):
        """Name, service, address or code contains `text`, or the pinyin or initials begin with it."""
        text = text.strip()
        return self.annotate(services_text=Cast("services", models.TextField())).filter(
            Q(name__icontains=text)
            | Q(short_name__icontains=text)
            | Q(services_text__icontains=text)
            | Q(address__icontains=text)
            | Q(code__istartswith=text)
            | Q(pinyin__contains=text.lower())
            | Q(initials__contains=text.lower())
        )

    def handling(self):
        """Units that a matter can be sent to."""
        return self.current().filter(kind__in=HANDLING)


HANDLING = [
    OrganisationKind.DEPARTMENT,
    OrganisationKind.STATION,
    OrganisationKind.COMMITTEE,
    OrganisationKind.CENTRE,
]


# Bodies that are members, terms and places; no matter is dispatched to them.
STANDING_BODIES = [
    OrganisationKind.PARTY_GENERAL_BRANCH,
    OrganisationKind.PARTY_BRANCH,
    OrganisationKind.YOUTH_BRANCH,
    OrganisationKind.LEADING_GROUP,
    OrganisationKind.HEADQUARTERS,
    OrganisationKind.PROMOTION_COMMITTEE,
    OrganisationKind.PROJECT_GROUP,
    OrganisationKind.COORDINATING_OFFICE,
    OrganisationKind.ENFORCEMENT_TEAM,
    OrganisationKind.SQUAD,
    OrganisationKind.SANITATION_TEAM,
    OrganisationKind.SELF_GOVERNANCE,
    OrganisationKind.PRACTICE_SITE,
    OrganisationKind.PARTY_SERVICE_CENTRE,
]


class Organisation(PinyinKeys, OfficeModel):
    code = models.CharField("代码", max_length=30)
    kind = models.CharField("类别", max_length=20, choices=OrganisationKind)
    name = models.CharField("全称", max_length=60)
    short_name = models.CharField("简称", max_length=20)
    pinyin = models.CharField(max_length=200, editable=False, default="")
    initials = models.CharField(max_length=100, editable=False, default="")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="organisations")
    type = models.CharField("细类", max_length=40, blank=True)
    duties = models.TextField("职责", blank=True)
    basis = models.CharField("成立依据", max_length=200, blank=True)
    services = models.JSONField("服务项目", default=list, blank=True)
    member_count = models.PositiveIntegerField("人数", null=True, blank=True)
    phone = models.CharField("值守电话", max_length=30, blank=True)
    address = models.CharField("地址", max_length=100, blank=True)
    hours = models.CharField("服务时间", max_length=60, blank=True)
    valid_from = models.DateField("成立")
    valid_until = models.DateField("撤销", null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "组织"
        constraints = [models.UniqueConstraint("office", "code", name="organisation_code")]
        indexes = [models.Index("office", "kind", name="organisation_kind")]

    def __str__(self):
        return self.short_name or self.name

    @property
    def is_current(self) -> bool:
        today = clock.today()
        return self.valid_from <= today and (self.valid_until is None or self.valid_until > today)


class Function(models.TextChoices):
    """What a member is in a body."""

    HEAD = "head", "负责人"
    DEPUTY = "deputy", "副职"
    SECRETARY = "secretary", "办公室主任、秘书"
    MEMBER = "member", "成员"
    LIAISON = "liaison", "联络员"
    REPRESENTATIVE = "representative", "居民代表"


class MembershipQuerySet(models.QuerySet):
    def current(self, on=None):
        """Terms in force on day `on` (default today)."""
        on = on or clock.today()
        return self.filter(Q(end_on=None) | Q(end_on__gt=on), start_on__lte=on)

    def visible_to(self, user):
        return self.filter(office_id=user.office_id) if user.office_id else self.none()


class Membership(OfficeModel):
    """Who is what in a body for which term: a member of staff, somebody else by name, or a whole unit.

    A term gives no rights in the program: those come from posts.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    name = models.CharField("姓名", max_length=40, blank=True)
    unit = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="member_of", verbose_name="成员单位"
    )
    function = models.CharField("担任", max_length=16, choices=Function)
    title = models.CharField("称谓", max_length=60, blank=True)
    order = models.PositiveSmallIntegerField("排序", default=100)
    start_on = models.DateField("起")
    end_on = models.DateField("止", null=True, blank=True)
    basis = models.CharField("任免依据", max_length=200, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "任职"
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(name="") | Q(unit__isnull=False),
                name="membership_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(end_on=None) | Q(end_on__gte=models.F("start_on")), name="membership_term"
            ),
        ]
        indexes = [models.Index("organisation", "end_on", name="membership_body")]

    def __str__(self):
        return f"{self.organisation} {self.title or self.get_function_display()} {self.who}"

    @property
    def who(self) -> str:
        """The member as written in a list: the person's name, else the unit's."""
        return self.user.name if self.user_id else self.name or str(self.unit)


class Venue(OfficeModel):
    """A room or place of a body: what it is for and what is posted there."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="venues")
    name = models.CharField("场所", max_length=60)
    functions = models.JSONField("用途", default=list, blank=True)
    address = models.CharField("位置", max_length=100, blank=True)
    hours = models.CharField("开放时间", max_length=60, blank=True)
    rules_posted = models.CharField("上墙的职责和制度", max_length=200, blank=True)
    valid_from = models.DateField("启用")
    valid_until = models.DateField("停用", null=True, blank=True)

    class Meta:
        verbose_name = "场所"
        constraints = [
            models.UniqueConstraint("office", "organisation", "name", "valid_from", name="venue_once")
        ]

    def __str__(self):
        return self.name


class Role(models.TextChoices):
    """What a post is for. What each role reads and may do stands in the rule set `roles` and in workflow.py."""

    DIRECTOR = "director", "中心主任"
    DEPUTY = "deputy", "常务副主任"
    LEADER = "leader", "街道领导"
    DUTY_LEADER = "duty_leader", "值班领导"
    CLERK = "clerk", "受理员"
    SUPERVISOR = "supervisor", "督查员"
    UNIT_HEAD = "unit_head", "部门负责人"
    HANDLER = "handler", "经办人"
    STATION = "station", "服务站工作人员"
    GRID_WORKER = "grid_worker", "网格员"
    ADMIN = "admin", "系统管理员"
    AUDITOR = "auditor", "审计员"


def _away(on) -> Q:
    """The holder is absent on that day; without an end the absence goes on."""
    return Q(away_from__lte=on) & (Q(away_until=None) | Q(away_until__gte=on))


class PostQuerySet(models.QuerySet):
    def current(self, on=None):
        """Posts in force on day `on` (default today)."""
        on = on or clock.today()
        return self.filter(Q(end_on=None) | Q(end_on__gt=on), start_on__lte=on)

    def visible_to(self, user):
        """The posts of the user's office; every holder of a post reads them."""
        return self.filter(office_id=user.office_id) if user.office_id else self.none()

    def away(self, on=None):
        on = on or clock.today()
        return self.filter(_away(on))

    def held_by(self, user) -> list["Post"]:
        """Posts that `user` may act in today: own ones, then those of absent colleagues as substitute (AB角)."""
        today = clock.today()
        rows = self.current(today).filter(Q(user=user) | Q(substitute=user) & _away(today))
        rows = rows.select_related("organisation", "area", "user").defer(
            "area__boundary", "organisation__services"
        )
        return sorted(rows, key=lambda post: (post.user_id != user.pk, post.start_on, post.pk))

    def of_roles(self, office, *roles):
        return self.current().filter(office=office, role__in=roles).select_related("user")


class Post(OfficeModel):
    """A user holds a role in an organisation for an area and a period."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    role = models.CharField("岗位", max_length=20, choices=Role)
    title = models.CharField("职务", max_length=60)
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="posts")
    start_on = models.DateField("任职")
    end_on = models.DateField("离任", null=True, blank=True)
    substitute = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="substitute_posts",
        verbose_name="B 角",
    )
    away_from = models.DateField("请假自", null=True, blank=True)
    away_until = models.DateField("请假至", null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "岗位"
        indexes = [
            models.Index("user", "end_on", name="post_user"),
            models.Index("organisation", "role", name="post_organisation"),
            models.Index("office", "role", name="post_role"),
        ]

    def __str__(self):
        return f"{self.organisation} {self.title}"

    @property
    def is_current(self) -> bool:
        today = clock.today()
        return self.start_on <= today and (self.end_on is None or self.end_on > today)

    @property
    def is_away(self) -> bool:
        """Away today: both days of the absence are counted in."""
        today = clock.today()
        begun = self.away_from is not None and self.away_from <= today
        return begun and (self.away_until is None or self.away_until >= today)
