"""What the style guide shows. Readings and forms are of the same shapes as real ones."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django import forms

from huiyin.rules import clock
from huiyin.shell.templatetags.shell import STATE_MARKS


@dataclass(frozen=True)
class Reading:
    """The fields of a limit's reading that limit_bar and contact_clock use."""

    text: str
    elapsed_share: float
    due_at: datetime | None = None
    is_met: bool = False
    is_late: bool = False
    is_soon: bool = False
    is_paused: bool = False
    status: str = ""


def readings(now: datetime) -> dict[str, Reading]:
    return {
        "时间够": Reading("剩 2 日 1 时", 0.33, now + timedelta(days=2)),
        "快到了": Reading("剩 1.5 工时", 0.88, now + timedelta(hours=1.5), is_soon=True),
        "过了一点": Reading("超 1 工时", 1.03, now - timedelta(hours=1), is_late=True),
        "过了很久": Reading("超 1 日 3 时", 1.4, now - timedelta(days=1), is_late=True),
        "停表": Reading("挂账：等鉴定报告", 0.45, now + timedelta(days=9), is_paused=True),
        "不再计": Reading("不再计", 0.2, None, status="off"),
        "按时做到": Reading("11-19 交", 0.9, now, is_met=True),
        "迟交": Reading("迟 1 日", 1.07, now, is_met=True, is_late=True),
    }


CLOCKS = {
    "已联系": Reading("9 分", 0.3, is_met=True),
    "快到了": Reading("待 18 分", 0.6, is_soon=True),
    "过了": Reading("超 1 时", 1.2, is_late=True),
}

STATE_LABELS = {
    "received": "待受理",
    "accepted": "待派单",
    "dispatched": "待签收",
    "in_hand": "办理中",
    "reported": "待核实",
    "verified": "待答复",
    "answered": "待办结",
    "closed": "已办结",
    "returned": "被退回",
    "paused": "挂账",
    "not_accepted": "不予受理",
    "withdrawn": "已撤回",
    "referred": "已转送",
    "merged": "已并入",
    "void": "已作废",
}


class SampleForm(forms.Form):
    said = forms.CharField(label="说了什么", widget=forms.Textarea(attrs={"rows": 2, "class": "voice"}))
    place = forms.CharField(label="在哪里", help_text="门牌、小区、店名、旁边有什么都行。")
    channel = forms.ChoiceField(
        label="怎么来的",
        choices=[("visit", "来访"), ("call", "来电"), ("letter", "来信")],
        widget=forms.RadioSelect,
    )
    masked = forms.BooleanField(label="对承办单位不显示姓名电话", required=False)
    phone = forms.RegexField(
        r"^\d{11}$",
        label="电话",
        required=False,
        error_messages={"invalid": "手机号是 11 位数字，这里有 6 位。"},
    )
    unit = forms.ChoiceField(
        label="派给谁",
        choices=[("", "请选择"), ("1", "城市管理办公室"), ("2", "综合执法队"), ("3", "民政办公室")],
    )


def _icon_names() -> list[str]:
    lines = (Path(__file__).parent / "static/shell/icons.svg").read_text().splitlines()
    return [line.split('"')[1] for line in lines if line.startswith("<symbol")]


def _forms() -> dict:
    good = {"said": "楼道灯坏了三天，老人摸黑上楼。", "place": "柳湾里 6 幢", "channel": "visit", "unit": "1"}
    bad = SampleForm({**good, "place": "", "phone": "123456"}, auto_id="bad_%s")
    bad.is_valid()
    return {"form": SampleForm(initial=good), "bad_form": bad}


def desk() -> dict:
    now = clock.now()
    assert set(STATE_LABELS) == set(STATE_MARKS)
    colours = [
        "paper",
        "sheet",
        "sunk",
        "line",
        "line-strong",
        "field-line",
        "ink",
        "ink-2",
        "ink-3",
        "accent",
    ]
    colours += [
        "accent-tint",
        "ok-fill",
        "ok-tint",
        "soon-fill",
        "soon-tint",
        "late-fill",
        "late-tint",
        "voice-tint",
    ]
    times = [
        now,
        now - timedelta(days=1),
        now - timedelta(days=9),
        now - timedelta(days=400),
        now + timedelta(hours=20),
    ]
    return {
        "readings": readings(now),
        "clocks": CLOCKS,
        "states": STATE_LABELS,
        "icons": [name for name in _icon_names() if not name.startswith(("p-", "s-"))],
        "colours": colours,
        "now": now,
        "times": times,
        **_forms(),
    }


def residents() -> dict:
    return {
        "now": clock.now(),
        "icons": [name for name in _icon_names() if name.startswith("p-")],
        **_forms(),
    }
