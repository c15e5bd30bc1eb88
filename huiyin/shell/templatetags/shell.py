"""Template tags and filters of the house; built in, no {% load %} needed."""

import re
from datetime import date, datetime
from functools import lru_cache

import segno
from django import template
from django.forms import CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from huiyin.rules import clock

register = template.Library()

# State code → symbol in icons.svg and the colour class of .state.
STATE_MARKS = {
    "received": ("s-new", ""),
    "accepted": ("s-wait", ""),
    "dispatched": ("s-sent", ""),
    "in_hand": ("s-doing", ""),
    "reported": ("s-verify", ""),
    "verified": ("s-answer", ""),
    "answered": ("s-rate", ""),
    "closed": ("s-done", "done"),
    "returned": ("s-back", "back"),
    "paused": ("s-hold", "hold"),
    "not_accepted": ("s-not", "off"),
    "withdrawn": ("s-gone", "off"),
    "referred": ("s-out", "off"),
    "merged": ("s-merge", "off"),
    "void": ("s-void", "off"),
}
# The same for a unit's part (assignment).
PART_MARKS = {
    "sent": ("s-sent", ""),
    "accepted": ("s-doing", ""),
    "returned": ("s-back", "back"),
    "reported": ("s-verify", ""),
    "signed_off": ("s-done", "done"),
    "released": ("s-gone", "off"),
}
TRACK = 42  # the limit's tick; the bar is 56 wide, so 14 are left for lateness


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name: str, css: str = "i", label: str = "") -> SafeString:
    """{% icon "plus" %}; with `label` it is an image with a name, otherwise decoration."""
    box = "0 0 24 24" if name == "hui" or name.startswith("p-") else "0 0 20 20"
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="{}" viewBox="{}" {}><use href="{}#{}"/></svg>',
        css,
        box,
        role,
        static("shell/icons.svg"),
        name,
    )


def reading_state(reading) -> str:
    """ok, soon, late, hold or met: the look of a limit. What came late stays late; a dropped one is grey."""
    if reading.status == "off":
        return "met"
    if reading.is_late and not reading.is_paused:
        return "late"
    if reading.is_met:
        return "met"
    if reading.is_paused:
        return "hold"
    return "soon" if reading.is_soon else "ok"


@register.simple_tag
def limit_bar(reading) -> SafeString:
    """{% limit_bar reading %}: the bar and its words. Nothing for a missing limit."""
    if not reading:
        return mark_safe("")
    state = reading_state(reading)
    share = max(0.0, float(reading.elapsed_share or 0))
    filled = round(min(1.0, share) * TRACK, 1)
    over = round(min(12.0, max(2.0, (share - 1) * TRACK)), 1) if state == "late" else 0
    hatch = mark_safe(' fill="url(#hatch)"') if state == "hold" else ""
    late = format_html('<rect class="o" x="44" y="2.5" width="{}" height="7" rx="1"/>', over) if over else ""
    return format_html(
        '<span class="limit" data-s="{}"><svg viewBox="0 0 56 12" width="56" height="12" aria-hidden="true">'
        '<rect class="t" y="4" width="42" height="4" rx="1"/><rect class="f" y="4" width="{}" height="4" rx="1"{}/>'
        '{}<rect class="k" x="42" y="1" width="1.5" height="10"/></svg><b>{}</b></span>',
        state,
        TRACK if state == "late" else filled,
        hatch,
        late,
        reading.text,
    )


@register.simple_tag
def contact_clock(reading) -> SafeString:
    """{% contact_clock reading %}: first contact, a clock of its own (tick, clock or triangle, then words)."""
    if not reading:
        return mark_safe("")
    state = reading_state(reading)
    shape = {"met": "ok", "late": "warn", "hold": "s-hold"}.get(state, "clock")
    return format_html('<span class="clock" data-s="{}">{}{}</span>', state, icon(shape), reading.text)


@register.simple_tag
def state_mark(state: str, label: str, of: str = "case") -> SafeString:
    """{% state_mark case.state case.get_state_display %}: a ring that fills, and its name.

    {% state_mark part.state part.get_state_display of="part" %} for a unit's part.
    """
    symbol, look = (PART_MARKS if of == "part" else STATE_MARKS)[str(state)]
    return format_html('<span class="state" data-s="{}">{}{}</span>', look or symbol[2:], icon(symbol), label)


@register.filter
def masked_phone(number: str) -> str:
    """138****8000. Short numbers keep their last two digits only."""
    digits = re.sub(r"\D", "", number or "")
    if len(digits) < 7:
        return "*" * max(0, len(digits) - 2) + digits[-2:]
    return f"{digits[:3]}****{digits[-4:]}"


@register.filter
def masked_name(name: str) -> str:
    """张*: the family name, compound ones whole."""
    name = (name or "").strip()
    compound = name[:2] in {
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "夏侯",
    }
    return f"{name[: 2 if compound and len(name) > 2 else 1]}*" if name else ""


def _as_day(value: date | datetime) -> date:
    return clock.local(value).date() if isinstance(value, datetime) else value


@register.filter
def money(amount) -> str:
    """150,000.00: in threes, as bills and papers have it; the locale's own grouping is by ten thousands."""
    return "" if amount is None else f"{amount:,.2f}"


@register.filter
def short_time(moment: datetime | None) -> str:
    """今天 09:40, 昨天 16:20, 11-20 23:10, and with the year when it is another one."""
    if not moment:
        return ""
    local, today = clock.local(moment), clock.today()
    return f"{_day_word(local.date(), today)} {local:%H:%M}"


@register.filter
def short_day(value: date | datetime | None) -> str:
    """今天, 昨天, 明天, 11-20, 2025-11-20."""
    return _day_word(_as_day(value), clock.today()) if value else ""


def _day_word(day: date, today: date) -> str:
    words = {-1: "昨天", 0: "今天", 1: "明天"}
    distance = (day - today).days
    if distance in words:
        return words[distance]
    return f"{day:%m-%d}" if day.year == today.year else f"{day:%Y-%m-%d}"


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """2026年11月22日."""
    if not value:
        return ""
    day = _as_day(value)
    return f"{day.year}年{day.month}月{day.day}日"


@register.filter
def cn_day(value: date | datetime | None) -> str:
    """11月22日 周日."""
    if not value:
        return ""
    day = _as_day(value)
    return f"{day.month}月{day.day}日 周{'一二三四五六日'[day.weekday()]}"


@register.filter
def cn_moment(value: datetime | None) -> str:
    """2026年11月22日 09:40."""
    return f"{cn_date(value)} {clock.local(value):%H:%M}" if value else ""


@register.filter
def iso(value: date | datetime | None) -> str:
    """For <time datetime="…">."""
    if not value:
        return ""
    return (
        clock.local(value).isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()
    )


@register.filter
def ago(moment: datetime | None) -> str:
    """刚才, 12 分钟前, 3 小时前, 9 天前 – or 后."""
    if not moment:
        return ""
    seconds = (clock.now() - moment).total_seconds()
    word, minutes = ("前" if seconds >= 0 else "后"), int(abs(seconds) // 60)
    if minutes < 1:
        return "刚才" if seconds >= 0 else "马上"
    if minutes < 60:
        return f"{minutes} 分钟{word}"
    if minutes < 24 * 60:
        return f"{minutes // 60} 小时{word}"
    return f"{minutes // 1440} 天{word}"


@register.filter
def tel(number: str) -> str:
    """For href="tel:…": digits and a leading plus only."""
    return re.sub(r"(?!^\+)\D", "", number or "")


@register.filter
def capped(number: int, cap: int = 1000) -> str:
    """1000+ above the cap: lists never count without a bound."""
    return f"{cap}+" if number is not None and number > int(cap) else str(number or 0)


@register.filter
def qr(text: str, label: str = "查询二维码") -> SafeString:
    """An inline SVG without style: dark modules as one path, on white in both themes."""
    code = segno.make(str(text), error="m", micro=False)
    rows = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(code.matrix) for x, dark in enumerate(row) if dark]
    side = len(code.matrix)
    return format_html(
        '<svg class="qr" viewBox="-3 -3 {0} {0}" role="img" aria-label="{1}"><path class="qb" d="M-3-3h{0}v{0}h-{0}z"/>'
        '<path class="qd" d="{2}"/></svg>',
        side + 6,
        label,
        mark_safe("".join(rows)),
    )


@register.inclusion_tag("shell/parts/field.html")
def field(bound, css: str = "field", label: str = "", optional: str = "") -> dict:
    """{% field form.place css="f" %}: label, help, control and error of one bound form field.

    `css`: "field" stacks label over control, "f" is the two-column row of the intake page.
    `optional`: words after the label such as 可以不写; never a placeholder.
    """
    widget = bound.field.widget
    group = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    single = isinstance(widget, CheckboxInput)
    described = " ".join(
        f"{bound.auto_id}-{part}" for part, on in (("hint", bound.help_text), ("error", bound.errors)) if on
    )
    attrs = {} if group else {"class": f"{'' if single else 'in '}{widget.attrs.get('class', '')}".strip()}
    if described:
        attrs["aria-describedby"] = described
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return {
        "bound": bound,
        "css": css,
        "label": label or bound.label,
        "optional": optional,
        "is_group": group,
        "is_check": single,
        "is_hidden": bound.is_hidden,
        "described": described,
        "control": "" if group else bound.as_widget(attrs={k: v for k, v in attrs.items() if v}),
    }
