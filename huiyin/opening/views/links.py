"""开通单: who has no password yet, and the sheet with a one-time link for each."""

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huiyin.base.addresses import address_of
from huiyin.base.refusal import Refusal
from huiyin.opening import links
from huiyin.opening.views.files import _file
from huiyin.opening.views.overview import ADMIN, RAIL
from huiyin.shell.access import staff


@staff(roles=ADMIN)
@require_safe
def links_page(request: HttpRequest) -> HttpResponse:
    """GET: accounts without a password; `q` finds one who has forgotten theirs."""
    office, query = request.user.office, request.GET.get("q", "").strip()[:40]
    context = {"rail_current": RAIL, "users": links.waiting(office), "query": query, "most": links.MOST}
    if query:
        hits = Q(name__icontains=query) | Q(username__icontains=query) | Q(initials__startswith=query.lower())
        context["hits"] = links.people(office, everyone=True).filter(hits)[:20]
    return render(request, "opening/links.html", context)


@staff(roles=ADMIN)
@never_cache
@require_POST
def links_make(request: HttpRequest) -> HttpResponse:
    """POST: new links for the chosen people, or for all who have no password; printed or as a file, shown once."""
    office, wanted = request.user.office, request.POST.getlist("user")
    users = links.people(office)
    if wanted:
        users = links.people(office, everyone=True).filter(username__in=wanted[: links.MOST])
    users = list(users[: links.MOST])
    if not users:
        raise Refusal("没有要开链接的人：大家都设过密码了，或没有选人。", status=400)
    base = settings.PUBLIC_ADDRESS or request.build_absolute_uri("/").rstrip("/")
    slips = links.make(users, by=request.user, base=base, address=address_of(request))
    if request.POST.get("as") == "xlsx":
        return _file(links.as_sheet(slips), "开通单.xlsx")
    return render(request, "opening/slips.html", {"slips": slips, "office": office})


urlpatterns = [
    path("opening/links/", links_page, name="opening_links"),
    path("opening/links/make/", links_make, name="opening_links_make"),
]
