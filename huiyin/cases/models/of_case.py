"""The one access rule of rows that stand with a matter: whoever reads the matter reads them."""

from django.db import models

from huiyin.cases.models.case import Case


class OfCaseQuerySet(models.QuerySet):
    """For models with `office` and `case`; rooms above build theirs on it."""

    def visible_to(self, user):
        """Rows of the matters that `user` may read; none for an account without an office."""
        if not getattr(user, "office_id", None):
            return self.none()
        return self.filter(office_id=user.office_id, case__in=Case.objects.visible_to(user))
