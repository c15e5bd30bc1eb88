"""Which office a visitor without an account has come to."""

from django.http import HttpRequest

from huiyin.accounts.models import Office
from huiyin.base.refusal import Refusal


def current(request: HttpRequest) -> Office:
    """The office that the public doors speak for: the only or first one of the installation."""
    office = getattr(request, "public_office", None)
    if office is None:
        office = Office.objects.order_by("code").first()
        if office is None:
            raise Refusal("这里还没有设好街道，暂时不能登记。请找街道的工作人员。", status=409)
        request.public_office = office
    return office
