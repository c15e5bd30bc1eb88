"""What is common to the records of this room: entered once by somebody, persons encrypted and masked."""

from django.db import IntegrityError, models, transaction

from huiyin.base.crypto import EncryptedTextField
from huiyin.base.models import OfficeModel
from huiyin.people.models import mask_phone


class OfficeRows(models.QuerySet):
    def visible_to(self, user):
        """Rows of the user's office; which roles may open the page says rights.py."""
        return self.filter(office_id=user.office_id) if user.office_id else self.none()


class Entered(OfficeModel):
    """A form that is sent twice makes one record: `form_key` comes with the empty form."""

    form_key = models.CharField(max_length=60, null=True, editable=False)
    entered_at = models.DateTimeField("登记")
    entered_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="登记人")

    objects = OfficeRows.as_manager()

    class Meta:
        abstract = True


class WithPerson(models.Model):
    """Somebody who need not say who they are. Names and telephones are encrypted, shown masked."""

    person_name = EncryptedTextField("姓名")
    person_phone = EncryptedTextField("电话")

    class Meta:
        abstract = True

    @property
    def masked_name(self) -> str:
        return self.person_name[:1] + "*" if self.person_name else "未留姓名"

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.person_phone)


def enter(model, *, office, key: str, make):
    """(record, is_new): what `make()` returns, or the record that this form made the first time."""
    known = model.objects.filter(office=office, form_key=key).first()
    if known:
        return known, False
    try:
        with transaction.atomic():
            return make(), True
    except IntegrityError:
        known = model.objects.filter(office=office, form_key=key).first()
        if known is None:
            raise
        return known, False
