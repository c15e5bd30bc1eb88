"""消息通道: the administrator sets up and tries the ways out, sees what waits or failed; and, on a matter's page,
what did not reach the person."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.base.refusal import Refusal
from huiyin.cases import access
from huiyin.cases.sender_form import SenderForm
from huiyin.cases.views.matter import visible
from huiyin.notices import outbox, rules, senders
from huiyin.notices.models import Delivery, DeliveryState, Sender, Transport, Way
from huiyin.notices.transports import mail
from huiyin.orgs.models import Role
from huiyin.shell.access import staff

PAGE = 50
ADMIN = frozenset({Role.ADMIN})
TABS = {
    "failed": "试了没成",
    "given_up": "没发成",
    "waiting": "等着发",
    "sent": "已发出",
    "ended": "另外办了",
}


@staff(roles=ADMIN)
@require_safe
def overview(request):
    """GET: the ways out, and one page of what went or did not go."""
    return show(request)


def show(request, *, refusal=None, tried=None, status=200):
    rows = Sender.objects.visible_to(request.user).defer("url", "secret")
    standing = outbox.standing(request.user.office)
    tab = request.GET.get("tab", "")
    if tab not in TABS:  # where something went wrong
        tab = "given_up" if standing["given_up"] and not standing["failed"] else "failed"
    deliveries, more = page_of(request.user, tab, request.GET.get("after", ""))
    names = {code: row["name"] for code, row in rules.groups(request.user.office_id).items()}
    for row in deliveries:
        row.group_name = names.get(row.group, "")
    context = {
        "senders": rows.select_related("organisation").order_by("pk"),
        "standing": standing,
        "transports": [pair for pair in Transport.choices if pair[0] != Transport.MAIL or mail.is_set_up()],
        "mail_set_up": mail.is_set_up(),
        "deliveries": deliveries,
        "more": more,
        "tab": tab,
        "tabs": TABS.items(),
        "ways": Way.choices,
        "refusal": refusal,
        "tried": tried,
        "rail_current": "settings",
    }
    return render(request, "cases/senders.html", context, status=status)


def page_of(user, tab: str, after: str):
    """(deliveries without their words, key of the next page) of one tab, the newest first."""
    rows = Delivery.objects.visible_to(user).defer("text", "address").select_related("ended_by")
    if tab == "given_up":
        rows = rows.filter(state=DeliveryState.GIVEN_UP)
    elif tab == "waiting":
        rows = rows.waiting().filter(last_error="")
    elif tab == "sent":
        rows = rows.filter(state=DeliveryState.SENT)
    elif tab == "ended":
        rows = rows.filter(state__in=[DeliveryState.TOLD, DeliveryState.DROPPED])
    else:
        rows = rows.waiting().exclude(last_error="")
    try:
        rows = rows.filter(pk__lt=UUID(after)) if after else rows
    except ValueError:
        after = ""
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


@staff(roles=ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request, transport):
    """GET: what this kind of way asks for. POST: set it up."""
    if transport not in Transport.values:
        raise Http404
    return _edit(request, None, Transport(transport))


@staff(roles=ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    sender = get_object_or_404(Sender.objects.visible_to(request.user), pk=pk)
    return _edit(request, sender, Transport(sender.transport))


def _edit(request, sender, transport):
    form = SenderForm(request.POST or None, sender=sender, transport=transport, office=request.user.office)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                row = senders.save(sender, by=request.user, transport=transport, **form.arguments())
                messages.success(request, f"“{row.name}”记下了。点“试一下”看通不通。")
                return redirect("desk_senders")
            except Refusal as refusal:
                form.take(refusal)
                status = refusal.status
    context = {"form": form, "sender": sender, "transport": transport, "rail_current": "settings"}
    return render(request, "cases/sender_form.html", context, status=status)


def _sender(request, pk) -> Sender:
    return get_object_or_404(Sender.objects.visible_to(request.user), pk=pk)


@staff(roles=ADMIN)
@require_POST
def test(request, pk):
    """POST: one test message now, with what the other side said."""
    sender = _sender(request, pk)
    try:
        reason = senders.test(sender, by=request.user, address=request.POST.get("address", ""))
    except Refusal as refusal:
        return show(request, refusal=refusal, tried=sender.pk, status=refusal.status)
    if reason:
        messages.error(request, f"“{sender.name}”不通：{reason}")
    else:
        messages.success(request, f"“{sender.name}”通了，对方收下了测试消息。")
    return redirect("desk_senders")


@staff(roles=ADMIN)
@require_POST
def switch(request, pk):
    sender = _sender(request, pk)
    is_on = request.POST.get("on") == "1"
    senders.switch(sender, is_on, by=request.user)
    messages.success(request, f"“{sender.name}”{'启用了' if is_on else '停用了'}。")
    return redirect("desk_senders")


@staff(roles=ADMIN)
@require_POST
def again(request, pk):
    return _do(request, senders.again, pk, "放回去重新发了。")


@staff(roles=ADMIN)
@require_POST
def again_all(request):
    way = request.POST.get("way", "")
    if way not in Way.values:
        raise Refusal("没有这种发法。", status=400)
    count = senders.again_all(way, by=request.user)
    messages.success(request, f"{count} 条放回去重新发了。")
    return redirect("desk_senders")


@staff(roles=ADMIN)
@require_POST
def drop(request, pk):
    """POST: not sent any more, with the reason."""
    return _do(request, senders.drop, pk, "记下了，这一条不再发。", request.POST.get("note", ""))


def _do(request, act, pk, done, *words):
    row = get_object_or_404(Delivery.objects.visible_to(request.user).select_related("office"), pk=pk)
    try:
        act(row, *words, by=request.user)
    except Refusal as refusal:
        return show(request, refusal=refusal, status=refusal.status)
    messages.success(request, done)
    return redirect("desk_senders")


@staff
@require_POST
def person_again(request, number, pk):
    """POST: try once more to reach the person."""
    case, row = _to_person(request, number, pk)
    senders.again(row, by=request.user)
    messages.success(request, "放回去重新发了。")
    return redirect("desk_case", case.number)


@staff
@require_POST
def person_told(request, number, pk):
    """POST: the person was told another way, in a few words how."""
    case, row = _to_person(request, number, pk)
    senders.told(row, request.POST.get("note", ""), by=request.user)
    messages.success(request, "记下了：已经另外告诉本人。")
    return redirect("desk_case", case.number)


def _to_person(request, number, pk):
    case = visible(request.user, number)
    if not access.may_contact(case, request.user):
        raise Refusal("由经办这件事的人来告诉本人。", status=403)
    return case, get_object_or_404(Delivery.objects.filter(case=case, party__isnull=False), pk=pk)


urlpatterns = [
    path("settings/messages/", overview, name="desk_senders"),
    path("settings/messages/new/<str:transport>/", new, name="desk_sender_new"),
    path("settings/messages/again/", again_all, name="desk_delivery_again_all"),
    path("settings/messages/<uuid:pk>/", edit, name="desk_sender"),
    path("settings/messages/<uuid:pk>/test/", test, name="desk_sender_test"),
    path("settings/messages/<uuid:pk>/switch/", switch, name="desk_sender_switch"),
    path("settings/messages/<uuid:pk>/again/", again, name="desk_delivery_again"),
    path("settings/messages/<uuid:pk>/drop/", drop, name="desk_delivery_drop"),
    path("cases/<str:number>/told/<uuid:pk>/again/", person_again, name="desk_person_again"),
    path("cases/<str:number>/told/<uuid:pk>/", person_told, name="desk_person_told"),
]
