"""What only those see who see the matter: its files; and, for a stated purpose, who raised it."""

from django.http import FileResponse, Http404
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huiyin.audit.models import record
from huiyin.base.addresses import address_of
from huiyin.base.refusal import Refusal
from huiyin.cases import access, attachments
from huiyin.cases.models import Attachment, Case, CaseParty
from huiyin.cases.views.matter import PURPOSES, visible
from huiyin.people.models import Party
from huiyin.shell.access import staff

SECONDS = 60
# Browsers show no PDF in a sandbox; their viewers need to style and to embed it.
PDF_VIEWER = "object-src 'self'; style-src 'unsafe-inline'"
OTHER = "其他"


@staff
@require_safe
def file(request, pk):
    """GET: one file of a visible matter, or one's own that waits for its matter. `small` = a picture for lists."""
    row = Attachment.objects.filter(pk=pk).first()
    if row is None or not _may_see(request.user, row):
        raise Http404("没有这个文件，或者您看不到它。")
    place = attachments.small_of(row) if "small" in request.GET else attachments.file_of(row)
    try:
        content = place.open("rb")
    except FileNotFoundError as error:
        raise Http404("这个文件的登记还在，文件本身找不到了，请找管理员。") from error
    response = FileResponse(content, filename=attachments.safe_name(row), content_type=row.content_type)
    response["Content-Security-Policy"] = f"default-src 'none'; {'sandbox' if row.is_image else PDF_VIEWER}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _may_see(user, row) -> bool:
    if row.case_id is None:
        return row.uploaded_by_id == user.pk
    return Case.objects.visible_to(user).filter(pk=row.case_id).exists()


@staff
@require_POST
@never_cache
def reveal(request, number, party):
    """POST with a purpose: written to the audit trail first, then name, phone and address for a minute."""
    case = visible(request.user, number)
    row = CaseParty.objects.filter(case=case, pk=party).first()
    if row is None:
        raise Http404("没有这个人。")
    if not access.may_contact(case, request.user):
        raise Refusal("您的岗位不用联系本人，看不到姓名和电话。需要联系，请找受理员或经办人。", status=403)
    purpose = purpose_of(request.POST)
    address = address_of(request)
    record(
        "reveal", f"case:{case.number}", by=request.user, address=address, purpose=purpose, party=str(row.pk)
    )
    context = {"case": case, "row": row, "party": Party.objects.get(pk=row.party_id), "seconds": SECONDS}
    page = "cases/parts/revealed.html" if request.htmx else "cases/revealed.html"
    return render(request, page, {**context, "purpose": purpose, "rail_current": "cases"})


def purpose_of(data) -> str:
    """One of the usual purposes, or own words. Refused when neither is given."""
    chosen, words = data.get("purpose", ""), data.get("words", "").strip()[:100]
    if chosen in PURPOSES:
        return f"{chosen}：{words}" if words else chosen
    if chosen == OTHER and len(words) >= 2:
        return words
    raise Refusal("查看本人信息要写明事由：选一项，或选“其他”再写几个字。", status=400)


urlpatterns = [
    path("files/<uuid:pk>/", file, name="desk_file"),
    path("cases/<str:number>/reveal/<uuid:party>/", reveal, name="desk_reveal"),
]
