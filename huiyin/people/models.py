"""Party: whoever raises a matter or is party to it. Identity is encrypted; phone and ID have a blind index."""

from django.db import models

from huiyin.base.crypto import EncryptedTextField, blind_index
from huiyin.base.models import OfficeModel
from huiyin.rules import clock


class PartyKind(models.TextChoices):
    PERSON = "person", "个人"
    GROUP = "group", "群体"
    ORGANISATION = "organisation", "单位"


class PartyQuerySet(models.QuerySet):
    def with_phone(self, office, phone: str):
        """Parties of the office with exactly this phone number; the number itself is never searched in clear."""
        index = blind_index(phone, "phone")
        return self.filter(office=office, phone_index=index) if index else self.none()


class Party(OfficeModel):
    kind = models.CharField("类别", max_length=12, choices=PartyKind, default=PartyKind.PERSON)
    name = EncryptedTextField("姓名")
    phone = EncryptedTextField("电话")
    email = EncryptedTextField("电子邮箱")
    id_number = EncryptedTextField("证件号码")
    address = EncryptedTextField("住址")
    phone_index = models.CharField(max_length=64, editable=False, default="")
    id_index = models.CharField(max_length=64, editable=False, default="")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = "当事人"
        indexes = [
            models.Index("office", "phone_index", name="party_phone"),
            models.Index("office", "id_index", name="party_id"),
        ]

    def save(self, *args, **kwargs):
        self.phone_index = blind_index(self.phone, "phone")
        self.id_index = blind_index(self.id_number, "id")
        super().save(*args, **kwargs)

    @property
    def masked_name(self) -> str:
        """张*; an empty name reads 未留姓名."""
        return self.name[:1] + "*" if self.name else "未留姓名"

    @property
    def masked_phone(self) -> str:
        """138****8000: three digits, four stars, four digits."""
        return mask_phone(self.phone)


def mask_phone(phone: str) -> str:
    """The middle of a phone number as stars; short numbers keep the last two digits."""
    if len(phone) >= 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * max(len(phone) - 2, 0) + phone[-2:]
