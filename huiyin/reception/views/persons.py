"""Who a call, a ticket, a visit, a consultation or thanks came from: for a stated purpose, noted before it is shown."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huiyin.audit.models import record
from huiyin.base.addresses import address_of
from huiyin.base.refusal import Refusal
from huiyin.cases.views.files import purpose_of
from huiyin.reception.models import Consultation, HallVisit, HotlineCall, OutreachVisit
from huiyin.reception.rights import EVERYBODY, may, may_consult
from huiyin.reception.views.frame import page
from huiyin.shell.access import staff

# kind → (model, who may, tab of the page one came from)
KINDS = {
    "call": (HotlineCall, lambda user: may(user, "hotline.log"), "hotline"),
    "ticket": (HallVisit, lambda user: may(user, "hall.serve"), "hall"),
    "visit": (OutreachVisit, lambda user: may(user, "outreach.enter"), "outreach"),
    "consultation": (Consultation, may_consult, "consulting"),
}


@staff(roles=EVERYBODY)
@require_POST
@never_cache
def reveal(request, kind, pk):
    """POST with a purpose: name and telephone in full."""
    if kind not in KINDS:
        raise Http404("没有这一类。")
    model, allowed, tab = KINDS[kind]
    row = get_object_or_404(model.objects.visible_to(request.user), pk=pk)
    if not allowed(request.user):
        raise Refusal("您的岗位不用联系本人，看不到姓名和电话。需要联系，请找登记的人。", status=403)
    purpose = purpose_of(request.POST)
    record("reveal", f"{kind}:{row.pk}", by=request.user, address=address_of(request), purpose=purpose)
    place = getattr(row, "place", "") if kind == "visit" else ""
    return page(request, "person.html", tab, {"row": row, "purpose": purpose, "place": place})


urlpatterns = [path("reception/persons/<str:kind>/<uuid:pk>/", reveal, name="reception_person")]
