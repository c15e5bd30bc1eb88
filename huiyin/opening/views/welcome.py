"""The pages in front of the desk: the first administrator, one's own password, the subdistrict."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from huiyin.base.addresses import address_of
from huiyin.base.refusal import Refusal
from huiyin.opening import founding, gate
from huiyin.opening.forms import AdministratorForm, FoundingForm, OwnPasswordForm
from huiyin.shell.access import public, signed_in


@public
@never_cache
@sensitive_post_parameters("new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, code: str) -> HttpResponse:
    """GET: who is invited, and the form. POST: the account is made or gets its password, and is signed in."""
    user = gate.admit(request, code).user
    form = (
        OwnPasswordForm(request.POST or None, user=user) if user else AdministratorForm(request.POST or None)
    )
    if request.method == "POST" and form.is_valid():
        given, address = form.cleaned_data, address_of(request)
        if user:
            user = founding.set_password(code, given["new"], address=address)
        else:
            user = founding.name_administrator(
                code,
                name=given["name"].strip(),
                username=given["username"],
                password=given["new"],
                address=address,
            )
        login(request, user)
        messages.success(request, "密码设好了，以后用登录名和这个密码登录。")
        return HttpResponseRedirect("/desk/" if user.office_id else "/welcome/")
    page = "opening/own_password.html" if user else "opening/administrator.html"
    return render(
        request, page, {"form": form, "invited": user, "code": code}, status=400 if form.errors else 200
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    """The first administrator says which subdistrict this is."""
    if founding.is_opened() and request.user.office_id:
        return HttpResponseRedirect("/desk/")
    if not founding.may_found(request.user):
        raise Refusal("街道由第一位系统管理员来设。", status=403)
    form = FoundingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        office = founding.found_subdistrict(by=request.user, **form.cleaned_data)
        messages.success(request, f"{office.short_name}设好了。接着一步一步录入片区、组织和人员。")
        return HttpResponseRedirect("/desk/opening/")
    return render(request, "opening/found.html", {"form": form}, status=400 if form.errors else 200)


urlpatterns = [
    path("welcome/", found, name="opening_found"),
    path("welcome/<str:code>/", welcome, name="opening_welcome"),
]
