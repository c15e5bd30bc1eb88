"""What this room knows of a matter beside the matter itself: the order it came by, the informant, the visit, the item."""

from django.db import models
from django.db.models import Q

from huiyin.base.crypto import EncryptedTextField
from huiyin.base.models import OfficeModel
from huiyin.reception.models.entered import Entered, OfficeRows, WithPerson
from huiyin.rules import clock

WIDE = {"clerk", "deputy", "director", "duty_leader", "leader", "supervisor"}


class ServiceUse(OfficeModel):
    """Which item of the service catalogue a matter asks for."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="service_uses")
    service = models.CharField("服务事项", max_length=20)
    set_at = models.DateTimeField("写上")
    set_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    objects = OfficeRows.as_manager()

    class Meta:
        verbose_name = "所求服务"
        constraints = [models.UniqueConstraint("office", "case", name="service_use_case")]
        indexes = [models.Index("office", "service", name="service_use_service")]


class Directive(OfficeModel):
    """The paper by which a superior handed the matter down; limit and answer owed stand in CaseSource."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="directives")
    source = models.ForeignKey("cases.CaseSource", models.PROTECT, related_name="+")
    level = models.CharField("层级", max_length=20)
    document = models.CharField("来文", max_length=120)
    received_on = models.DateField("收文")
    remark = models.TextField("批示", blank=True)

    objects = OfficeRows.as_manager()

    class Meta:
        verbose_name = "上级来文"
        constraints = [models.UniqueConstraint("office", "case", name="directive_case")]
        indexes = [models.Index("office", "level", name="directive_level")]


class Informant(WithPerson, OfficeModel):
    """Who gave the tip, kept apart from the matter: those who handle it never see it."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="informants")
    address = EncryptedTextField("住址")

    objects = OfficeRows.as_manager()

    class Meta:
        verbose_name = "举报人"
        constraints = [models.UniqueConstraint("office", "case", name="informant_case")]


class OutreachQuerySet(OfficeRows):
    def visible_to(self, user):
        """The centre and leaders all of the office; others what they entered and what lies in their area."""
        rows = super().visible_to(user)
        if user.roles & WIDE:
            return rows
        areas = [post.area_id for post in user.current_posts]
        return rows.filter(
            Q(entered_by=user) | Q(area_id__in=areas) | Q(area__ancestors__overlap=areas)
        ).distinct()


class OutreachVisit(WithPerson, Entered):
    """One visit to a household or a place; each opinion or demand it brought is a matter of its own."""

    on = models.DateField("日期")
    visitors = models.CharField("走访人", max_length=120)
    role = models.CharField("以什么身份", max_length=24, blank=True)  # a code of the rule set grid_roles
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+", verbose_name="网格")
    place = EncryptedTextField("门牌")
    note = models.TextField("情况", blank=True)

    objects = OutreachQuerySet.as_manager()

    class Meta:
        verbose_name = "走访"
        constraints = [models.UniqueConstraint("office", "form_key", name="outreach_once")]
        indexes = [models.Index("office", models.F("on").desc(), "id", name="outreach_on")]


class OutreachDemand(OfficeModel):
    """The matter that a visit brought."""

    visit = models.ForeignKey(OutreachVisit, models.PROTECT, related_name="demands")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="outreach")

    objects = OfficeRows.as_manager()

    class Meta:
        verbose_name = "走访带回的事"
        constraints = [models.UniqueConstraint("office", "case", name="outreach_demand_case")]


class ContactQuerySet(OfficeRows):
    def current(self, on=None):
        on = on or clock.today()
        return self.filter(Q(end_on=None) | Q(end_on__gt=on), start_on__lte=on)


class DomainContact(OfficeModel):
    """Which post answers for a domain, under which office number, for which period."""

    domain = models.CharField("领域", max_length=20)
    post = models.ForeignKey("orgs.Post", models.PROTECT, related_name="+", verbose_name="联系岗位")
    phone = models.CharField("办公电话", max_length=30)
    start_on = models.DateField("起")
    end_on = models.DateField("止", null=True)
    set_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "领域联系人"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "domain"], condition=Q(end_on=None), name="domain_contact_current"
            )
        ]
        indexes = [
            models.Index("office", "domain", models.F("start_on").desc(), name="domain_contact_history")
        ]
