"""联席会议: drawing the list, going through it one by one, closing, minutes."""

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.accounts.models import User
from huiyin.base.refusal import Refusal
from huiyin.cases import conference as meetings
from huiyin.cases.form_fields import ModelChoice, day, line, words
from huiyin.cases.intake_form import name_the_missing
from huiyin.cases.models import Conference
from huiyin.cases.models.conference import Kept
from huiyin.cases.workflow import CHIEF
from huiyin.orgs.models import Post
from huiyin.rules import clock
from huiyin.shell.access import staff

SHOWN = 60


class DrawForm(forms.Form):
    held_on = day("会议日期")
    chair = ModelChoice(label="主持")
    place = line("地点", required=False, most=60)

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        chiefs = Post.objects.of_roles(user.office, *CHIEF).values("user_id")
        name_the_missing(self)
        self.fields["chair"].queryset = User.objects.filter(pk__in=chiefs, is_active=True).order_by("pinyin")


class ItemForm(forms.Form):
    """`item`: asks about the promise of the conference before; analysis only from readers of the file."""

    kept = forms.ChoiceField(label="上次议定的办到了吗", choices=[("", "请选"), *Kept.choices])
    accountability = words("追责（没办到要写怎么追，或为什么不追）", required=False, rows=2)
    analysis = words("分析：为什么久拖不决、症结在哪", least=4)
    measure = words("措施", least=4)
    owner = ModelChoice(label="责任人")
    next_on = day("下次汇报", help_text="责任人哪一天来说进展。")

    def __init__(self, *args, office, item, **kwargs):
        super().__init__(*args, **kwargs)
        if not (item.promised and item.promised.owner_id):
            del self.fields["kept"]
        if not item.reads_file:
            del self.fields["analysis"]
        if item.file and not item.reads_file:
            del self.fields["accountability"]
        name_the_missing(self)
        self.fields["owner"].queryset = meetings.owners(office)
        self.fields["owner"].label_from_instance = lambda user: f"{user.name}　{user.post_title}"


@staff(roles=meetings.MAY_CONFER)
@require_http_methods(["GET", "HEAD", "POST"])
def conferences(request: HttpRequest) -> HttpResponse:
    """The meetings so far, what waits for the next one, and the form that draws its list."""
    form = DrawForm(request.POST or None, user=request.user, initial={"held_on": clock.today()})
    status = 200
    if request.method == "POST":
        try:
            if not form.is_valid():
                raise Refusal("有几处要改，改好再列单。", status=400)
            made = meetings.draw(by=request.user, **form.cleaned_data)
            return redirect("desk_conference_one", made.pk)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
    settled = Q(items__owner__isnull=False) & Q(items__next_on__isnull=False) & ~Q(items__measure="")
    rows = Conference.objects.filter(office=request.user.office).select_related("chair")
    rows = rows.annotate(total=Count("items"), settled=Count("items", filter=settled))
    context = {
        "form": form,
        "conferences": rows.order_by("-held_on")[:SHOWN],
        "waiting": meetings.candidates(request.user),
        "rail_current": "conference",
    }
    return render(request, "cases/conference.html", context, status=status)


def _meeting(request, pk) -> Conference:
    rows = Conference.objects.filter(office=request.user.office).select_related("chair", "office")
    return get_object_or_404(rows, pk=pk)


@staff(roles=meetings.MAY_CONFER)
@require_safe
def one(request: HttpRequest, pk) -> HttpResponse:
    """GET ?item=<id>: that item at hand; without, the first that is not settled."""
    meeting = _meeting(request, pk)
    items = meetings.items_for(meeting, request.user)
    asked = request.GET.get("item", "")
    chosen = next((row for row in items if str(row.pk) == asked), None)
    chosen = chosen or next((row for row in items if not row.is_settled), items[0] if items else None)
    return _room(request, meeting, items, chosen)


def _room(request, meeting, items, chosen, form=None, status=200) -> HttpResponse:
    if form is None and chosen is not None and not meeting.closed_at:
        values = {"measure": chosen.measure, "owner": chosen.owner_id, "next_on": chosen.next_on}
        values |= {"analysis": chosen.analysis, "kept": chosen.kept, "accountability": chosen.accountability}
        form = ItemForm(office=meeting.office, item=chosen, initial=values)
    context = {
        "meeting": meeting,
        "items": items,
        "item": chosen,
        "form": form,
        "unseen": meeting.items.count() - len(items),
        "open_count": sum(not row.is_settled for row in items),
        "rail_current": "conference",
    }
    return render(request, "cases/conference_one.html", context, status=status)


@staff(roles=meetings.MAY_CONFER)
@require_POST
def settle(request: HttpRequest, pk, item) -> HttpResponse:
    """Save one item and go to the next unsettled one."""
    meeting = _meeting(request, pk)
    items = meetings.items_for(meeting, request.user)
    row = next((row for row in items if row.pk == item), None)
    if row is None:
        raise Refusal("这次会议没有这一件，或者您看不到它。", status=404)
    form = ItemForm(request.POST, office=meeting.office, item=row)
    try:
        if not form.is_valid():
            raise Refusal("有几处要改，改好再记。", status=400)
        meetings.settle(row, by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        if not form.errors:
            place = next((name for name in refusal.errors or {} if name in form.fields), None)
            form.add_error(place, refusal.message)
        return _room(request, meeting, items, row, form, refusal.status)
    messages.success(request, f"{row.case.number} 记下了。")
    return redirect("desk_conference_one", meeting.pk)


@staff(roles=meetings.MAY_CONFER)
@require_POST
def close(request: HttpRequest, pk) -> HttpResponse:
    meeting = _meeting(request, pk)
    try:
        meetings.close(meeting, by=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        items = meetings.items_for(meeting, request.user)
        chosen = next((row for row in items if not row.is_settled), items[0] if items else None)
        return _room(request, meeting, items, chosen, status=refusal.status)
    messages.success(request, "散会了。每件议定的事已经写进事项的经过，也告诉了责任人。")
    return redirect("desk_conference_one", meeting.pk)


@staff(roles=meetings.MAY_CONFER)
@require_safe
def minutes(request: HttpRequest, pk) -> HttpResponse:
    meeting = _meeting(request, pk)
    items = meetings.items_for(meeting, request.user)
    context = {"meeting": meeting, "items": items, "unseen": meeting.items.count() - len(items)}
    return render(request, "cases/conference_minutes.html", context)


urlpatterns = [
    path("conference/", conferences, name="desk_conference"),
    path("conference/<uuid:pk>/", one, name="desk_conference_one"),
    path("conference/<uuid:pk>/items/<uuid:item>/", settle, name="desk_conference_item"),
    path("conference/<uuid:pk>/close/", close, name="desk_conference_close"),
    path("conference/<uuid:pk>/minutes/", minutes, name="desk_conference_minutes"),
]
