"""Messages to staff inside the application, and what goes out by mail, robot and text message."""

from django.db import models
from django.db.models import F, Q

from huiyin.base.crypto import EncryptedTextField
from huiyin.base.models import OfficeModel
from huiyin.rules import clock


class NoticeQuerySet(models.QuerySet):
    def unread_by(self, user):
        return self.filter(to=user, read_at=None)


class Notice(OfficeModel):
    """One message to one member of staff. `key` makes a repeated send one message."""

    to = models.ForeignKey("accounts.User", models.CASCADE, related_name="notices")
    level = models.CharField(max_length=10, choices=[("plain", "消息"), ("alarm", "预警")], default="plain")
    group = models.CharField("哪一类", max_length=16, default="other")
    text = models.CharField("内容", max_length=300)
    url = models.CharField("去处", max_length=200)
    key = models.CharField(max_length=120)
    created_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读", null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "消息"
        constraints = [models.UniqueConstraint("office", "to", "key", name="notice_once")]
        indexes = [
            models.Index("to", F("created_at").desc(), name="notice_inbox"),
            models.Index(
                "to", F("created_at").desc(), name="notice_unread", condition=Q(read_at__isnull=True)
            ),
        ]

    @property
    def is_alarm(self) -> bool:
        return self.level == "alarm"


class Transport(models.TextChoices):
    """How a sender speaks."""

    MAIL = "mail", "邮件"
    WECOM = "wecom", "企业微信群机器人"
    DINGTALK = "dingtalk", "钉钉群机器人"
    HOOK = "hook", "通用推送"
    SMS = "sms", "短信网关"


ROBOTS = (Transport.WECOM, Transport.DINGTALK, Transport.HOOK)
OUTAGE = 3  # so many failures on end are an outage


class SenderQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(office_id=user.office_id) if user.office_id else self.none()

    def on(self, office):
        return self.filter(office=office, is_on=True)

    def for_unit(self, office, organisation_id):
        """Robots of the unit, else those of the whole office."""
        rows = [row for row in self.on(office) if row.transport in ROBOTS]
        own = [row for row in rows if row.organisation_id == organisation_id]
        return own or [row for row in rows if row.organisation_id is None]


class Sender(OfficeModel):
    """One way out: a mail server, a robot of a unit or of the office, a text message gateway.

    `url` and `secret` are keys themselves (a robot's address carries its key): encrypted, never shown again.
    """

    transport = models.CharField("方式", max_length=10, choices=Transport)
    name = models.CharField("名称", max_length=40)
    organisation = models.ForeignKey(
        "orgs.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="哪个单位"
    )
    url = EncryptedTextField("地址")
    secret = EncryptedTextField("密钥")
    options = models.JSONField("写法", default=dict, blank=True)
    is_on = models.BooleanField("启用", default=True)
    created_at = models.DateTimeField("设立")
    failures = models.PositiveIntegerField("连着失败", default=0)
    failing_since = models.DateTimeField("从何时起不通", null=True)
    outage_told_at = models.DateTimeField(null=True)
    last_error = models.CharField("最近的错误", max_length=200, blank=True)
    last_ok_at = models.DateTimeField("最近发成", null=True)

    objects = SenderQuerySet.as_manager()

    class Meta:
        verbose_name = "消息通道"
        constraints = [models.UniqueConstraint("office", "name", name="sender_name")]

    def __str__(self):
        return self.name

    @property
    def is_robot(self) -> bool:
        return self.transport in ROBOTS

    @property
    def is_out(self) -> bool:
        return self.failures >= OUTAGE


class Way(models.TextChoices):
    """By what a message leaves the house."""

    MAIL = "mail", "邮件"
    ROBOT = "robot", "群机器人"
    SMS = "sms", "短信"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "等着发"
    SENT = "sent", "已发出"
    GIVEN_UP = "given_up", "没发成"
    TOLD = "told", "另外告诉了"
    DROPPED = "dropped", "不再发"


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(office_id=user.office_id) if user.office_id else self.none()

    def waiting(self):
        return self.filter(state=DeliveryState.WAITING)


class Delivery(OfficeModel):
    """One message on its way out, written in the transaction of its cause and sent afterwards, at least once.

    `key` is the idempotency key: the same at every try. `lane`: messages of one lane go out in their order.
    `claim` is the worker that has it now; `next_try_at` then is the end of its lease.
    """

    key = models.CharField(max_length=160)
    way = models.CharField("怎么发", max_length=8, choices=Way)
    group = models.CharField("哪一类", max_length=16, default="other")
    sender = models.ForeignKey(Sender, models.PROTECT, null=True, related_name="deliveries")
    to_user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="deliveries")
    party = models.ForeignKey("cases.CaseParty", models.PROTECT, null=True, related_name="deliveries")
    verb = models.CharField("为哪一步", max_length=20, blank=True)
    lane = models.UUIDField(null=True)
    address = EncryptedTextField("发到哪里")
    shown = models.CharField("给谁", max_length=60, blank=True)
    subject = models.CharField("题目", max_length=80, blank=True)
    text = EncryptedTextField("正文")
    url = models.CharField("去处", max_length=200, blank=True)
    fields = models.JSONField("随附", default=dict, blank=True)
    is_alarm = models.BooleanField("夜里也发", default=False)
    state = models.CharField("状态", max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField("试了几次", default=0)
    next_try_at = models.DateTimeField("下次试")
    claim = models.UUIDField(null=True)
    last_error = models.CharField("最近的错误", max_length=200, blank=True)
    created_at = models.DateTimeField("时间")
    sent_at = models.DateTimeField("发出", null=True)
    ended_at = models.DateTimeField("了结", null=True)
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    note = models.CharField("说明", max_length=200, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "外发消息"
        constraints = [models.UniqueConstraint("office", "key", name="delivery_once")]
        indexes = [
            models.Index("next_try_at", "id", name="delivery_due", condition=Q(state="waiting")),
            models.Index("lane", "id", name="delivery_lane", condition=Q(state="waiting")),
            models.Index("office", "state", F("id").desc(), name="delivery_state"),
            models.Index("case", "id", name="delivery_case"),
            models.Index("ended_at", name="delivery_ended", condition=Q(ended_at__isnull=False)),
        ]

    @property
    def is_to_resident(self) -> bool:
        return self.party_id is not None

    @property
    def has_failed(self) -> bool:
        """Tried in vain, and will be tried again."""
        return self.state == DeliveryState.WAITING and bool(self.last_error)


class StaffAddress(OfficeModel):
    """Where a member of staff wants mail. Only an address that they have confirmed by its code is used."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="mail_addresses")
    mail = EncryptedTextField("电子邮箱")
    code = EncryptedTextField()
    code_at = models.DateTimeField(null=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    verified_at = models.DateTimeField("确认", null=True)

    class Meta:
        verbose_name = "工作邮箱"
        constraints = [models.UniqueConstraint("office", "user", name="staff_address_once")]


class Preference(OfficeModel):
    """What the holder of a post chose for one group of messages; without a row the office's default holds."""

    post = models.ForeignKey("orgs.Post", models.PROTECT, related_name="preferences")
    group = models.CharField("哪一类", max_length=16)
    in_app = models.BooleanField("应用内", default=True)
    mail = models.BooleanField("邮件", default=False)
    robot = models.BooleanField("群机器人", default=False)

    class Meta:
        verbose_name = "消息选择"
        constraints = [models.UniqueConstraint("office", "post", "group", name="preference_once")]


class Reminder(OfficeModel):
    """That somebody was reminded of this clock with this due moment: once soon, once late.

    `old`: it was late already when its matter was carried over; the clock neither alarms nor calls for a notice.
    """

    subject = models.UUIDField()
    what = models.CharField(
        "何事", max_length=4, choices=[("soon", "快到期"), ("late", "超期"), ("old", "转入时已超期")]
    )
    due_at = models.DateTimeField("到期")
    at = models.DateTimeField("提醒")

    class Meta:
        verbose_name = "时限提醒"
        constraints = [models.UniqueConstraint("office", "subject", "what", "due_at", name="reminder_once")]
        indexes = [models.Index("subject", "what", "due_at", name="reminder_subject")]


def send(users, text: str, *, office, url: str, key: str, level: str = "plain", **more):
    """Put a message into the inbox of each user, in the transaction of what it tells about; once per key.

    `more`: group (of the rule set `messages`), outside (the words for mail and robots, without anything
    personal; "" keeps it inside), through (user id → posts by which they are told), see `outward.spread`.
    """
    from huiyin.notices import outward

    users = {user.pk: user for user in users}
    told = outward.spread(users, office=office, url=url, key=key, level=level, **more)
    now, group = clock.now(), more.get("group", "other")
    Notice.objects.bulk_create(
        [
            Notice(
                office=office,
                to=user,
                text=text[:300],
                url=url,
                key=key,
                level=level,
                group=group,
                created_at=now,
            )
            for pk, user in users.items()
            if pk in told
        ],
        ignore_conflicts=True,
    )
