"""Offices and the people who sign in."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.functional import cached_property

from huiyin.base.ids import uuid7
from huiyin.base.models import KeyedModel
from huiyin.base.pinyin import PinyinKeys


class Office(KeyedModel):
    """The subdistrict that answers for its matters. One installation holds one or many."""

    code = models.CharField("区划代码", max_length=12, unique=True)
    name = models.CharField("全称", max_length=60)
    short_name = models.CharField("简称", max_length=20)
    centre_name = models.CharField("中心名称", max_length=60)
    document_mark = models.CharField("发文代字", max_length=10)
    phone = models.CharField("值守电话", max_length=30)
    address = models.CharField("地址", max_length=100)
    hours = models.CharField("接待时间", max_length=60)

    class Meta:
        verbose_name = "街道"

    def __str__(self):
        return self.name


class UserManager(BaseUserManager):
    def create_user(self, username, name, password=None, **fields):
        user = self.model(username=username, name=name, **fields)
        user.set_password(password)
        user.save()
        return user


class User(PinyinKeys, AbstractBaseUser):
    """A member of staff. What they may do comes from the posts they hold, not from the account."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField("登录名", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=40)
    pinyin = models.CharField(max_length=200, editable=False, default="")
    initials = models.CharField(max_length=100, editable=False, default="")
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="users")
    phone = models.CharField("办公电话", max_length=30, blank=True)
    is_active = models.BooleanField("可登录", default=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "用户"

    def __str__(self):
        return self.name

    @cached_property
    def current_posts(self) -> list:
        """Posts in force now, own first, then those this user stands in for as B 角."""
        return self.posts.model.objects.held_by(self)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(post.role for post in self.current_posts)

    @property
    def title(self) -> str:
        return self.current_posts[0].title if self.current_posts else ""


class ApiToken(KeyedModel):
    """A bearer token of one user; only its SHA-256 is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField("用途", max_length=60)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = "接口令牌"


class Invitation(KeyedModel):
    """A code that lets one person in once: to become the first administrator, or to set their own password.

    Only the SHA-256 of the code is kept; `user` is empty for the first administrator, who is nobody yet.
    """

    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField("发出")
    expires_at = models.DateTimeField("有效至")
    used_at = models.DateTimeField("用掉", null=True, blank=True)

    class Meta:
        verbose_name = "开通码"
        indexes = [models.Index("user", "used_at", name="invitation_user")]
