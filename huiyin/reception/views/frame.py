"""The frame of the room's pages: tabs of what this post may open, refusals beside the kept input, links of sums."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse

from huiyin.base.ids import uuid7
from huiyin.base.refusal import Refusal
from huiyin.reception import rights

TABS = (
    ("sheet", "接访日", "reception_sheet"),
    ("rota", "排班", "reception_rota"),
    ("hotline", "热线", "reception_hotline"),
    ("hall", "大厅", "reception_hall"),
    ("directives", "上级交办", "reception_directives"),
    ("outreach", "走访诉求", "reception_outreach"),
    ("contacts", "领域联系人", "reception_contacts"),
    ("tipoffs", "举报", "reception_tipoffs"),
    ("consulting", "法律咨询", "reception_consulting"),
    ("thanks", "群众感谢", "reception_thanks"),
    ("services", "服务目录", "reception_services"),
)


def tabs_for(user, current: str) -> list[dict]:
    allowed = {"consulting": rights.may_book}
    return [
        {"label": label, "url": reverse(name), "here": code == current}
        for code, label, name in TABS
        if (allowed[code](user) if code in allowed else rights.may(user, code))
    ]


def first_door(user) -> str:
    """Where the rail's door leads this user: the first tab they may open."""
    return next((row["url"] for row in tabs_for(user, "")), reverse("desk_today"))


def page(request, template: str, tab: str, context: dict, status: int = 200):
    context = {"tabs": tabs_for(request.user, tab), "rail_current": "reception", **context}
    return render(request, f"reception/{template}", context, status=status)


def take(form, refusal: Refusal) -> int:
    """Put a refusal's words into the form, by field where it names one; returns its status."""
    named = False
    for name, words in refusal.errors.items():
        if name in form.fields:
            named = True
            if name not in form.errors:
                form.add_error(name, words)
    if not named or refusal.missing:
        form.add_error(None, refusal.message)
    return refusal.status


def checked(form):
    """cleaned_data, or a Refusal 400 while the errors stay in the form."""
    if not form.is_valid():
        raise Refusal("有几处要改，改好再交；您填的都还在。", status=400)
    return form.cleaned_data


def fresh_key() -> str:
    """The key of an empty form: sent twice, it makes one record."""
    return str(uuid7())


def link(name: str, period=None, **query) -> str:
    """Address of the records behind a number."""
    parts = [period.query] if period else []
    parts += [urlencode({key: value for key, value in query.items() if value != ""})]
    return f"{reverse(name)}?{'&'.join(part for part in parts if part)}"
