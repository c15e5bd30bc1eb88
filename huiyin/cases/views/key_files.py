"""重点件档案: the list for those named, one file with all its entries, and who reads it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from huiyin.accounts.models import User
from huiyin.audit.models import record as audit
from huiyin.base.addresses import address_of
from huiyin.base.refusal import Refusal
from huiyin.cases import conference, key_files
from huiyin.cases.form_fields import ModelChoice
from huiyin.cases.models import KeyFile
from huiyin.cases.workflow import CHIEF
from huiyin.orgs.models import Role
from huiyin.rules import clock
from huiyin.shell.access import staff

MAY_OPEN = conference.MAY_CONFER | {Role.UNIT_HEAD}


class NameForm(forms.Form):
    user = ModelChoice(label="再让谁知情")

    def __init__(self, *args, file, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = key_files.candidates(file)


def named(user, number: str) -> KeyFile:
    """The file if `user` is named in it; 404 otherwise."""
    rows = KeyFile.objects.visible_to(user).select_related(
        "case__office", "case__area", "opened_by", "office"
    )
    return get_object_or_404(rows, case__number=number)


@staff(roles=MAY_OPEN)
@require_safe
def files(request):
    """GET: the files in which this user is named."""
    context = {
        "files": key_files.list_for(request.user),
        "today": clock.today(),
        "rail_current": "conference",
    }
    return render(request, "cases/key_files.html", context)


@staff(roles=MAY_OPEN)
@require_safe
def one(request, number):
    """GET: one file; every opening is audited."""
    file = named(request.user, number)
    audit("key_file_read", f"case:{number}", by=request.user, address=address_of(request))
    return _page(request, file)


def _page(request, file, form=None, status=200):
    context = {
        "page": key_files.page_of(file),
        "file": file,
        "case": file.case,
        "readers": key_files.readers_of(file),
        "form": (form or NameForm(file=file)) if request.user.roles & CHIEF else None,
        "today": clock.today(),
        "rail_current": "conference",
    }
    return render(request, "cases/key_file.html", context, status=status)


@staff(roles=MAY_OPEN)
@require_POST
def readers(request, number):
    """POST: `user` to name somebody, or `remove` to take somebody off."""
    file, form = named(request.user, number), None
    try:
        if "remove" in request.POST:
            gone = next(
                (row for row in key_files.readers_of(file) if str(row.pk) == request.POST["remove"]), None
            )
            if gone:
                key_files.remove(file, by=request.user, user=gone)
        else:
            form = NameForm(request.POST, file=file)
            if not form.is_valid():
                raise Refusal("请从列表里选一位。", status=400)
            key_files.name(file, by=request.user, user=form.cleaned_data["user"])
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return _page(request, file, form, refusal.status)
    messages.success(request, "知情人改好了，留了审计。")
    still = User.objects.filter(pk=request.user.pk, pk__in=KeyFile.objects.get(pk=file.pk).readers).exists()
    goal = reverse("desk_key_file", args=[number]) if still else reverse("desk_key_files")
    return HttpResponseRedirect(goal)


urlpatterns = [
    path("key-files/", files, name="desk_key_files"),
    path("key-files/<str:number>/", one, name="desk_key_file"),
    path("key-files/<str:number>/readers/", readers, name="desk_key_file_readers"),
]
