"""Tags and filters: what they draw for each state, and that nothing needs an inline style."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from django.template import engines

from huiyin.cases.states import AssignmentState, State
from huiyin.rules import clock
from huiyin.shell.samples import Reading, SampleForm
from huiyin.shell.templatetags import shell as tags

SYMBOLS = set(
    re.findall(
        r'<symbol id="([^"]+)"', (Path(tags.__file__).parents[1] / "static/shell/icons.svg").read_text()
    )
)


def draw(source, **context):
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize(
    ("reading", "state", "filled", "over"),
    [
        (Reading("剩 2 日", 0.5), "ok", "21.0", None),
        (Reading("剩 1 工时", 0.9, is_soon=True), "soon", "37.8", None),
        (Reading("超 1 工时", 1.001, is_late=True), "late", "42", "2.0"),
        (Reading("超 9 日", 7, is_late=True), "late", "42", "12.0"),
        (Reading("11-19 交", 0.4, is_met=True), "met", "16.8", None),
        (Reading("迟 1 日", 1.1, is_met=True, is_late=True), "late", "42", "4.2"),
        (Reading("已停，等鉴定", 0.5, is_paused=True), "hold", "21.0", None),
        (Reading("不再计", 0.5, status="off"), "met", "21.0", None),
    ],
)
def test_limit_bar_shows_state_share_and_words(reading, state, filled, over):
    html = tags.limit_bar(reading)
    assert f'data-s="{state}"' in html
    assert f'class="f" y="4" width="{filled}"' in html
    assert (f'class="o" x="44" y="2.5" width="{over}"' in html) if over else 'class="o"' not in html
    assert f"<b>{reading.text}</b>" in html
    assert ("url(#hatch)" in html) == (state == "hold")
    assert "style=" not in html


def test_no_limit_draws_nothing():
    assert tags.limit_bar(None) == tags.contact_clock(None) == ""


def test_every_state_of_a_matter_and_of_a_part_has_a_mark_of_its_own():
    for states, of in ((State, "case"), (AssignmentState, "part")):
        drawn = {tags.state_mark(code, label, of) for code, label in states.choices}
        assert len(drawn) == len(states)
        used = {re.search(r"#([\w-]+)", html)[1] for html in drawn}
        assert len(used) == len(states), "two states share a shape"
        assert used <= SYMBOLS


def test_words_of_readings_are_escaped():
    assert "<script>" not in tags.limit_bar(Reading("<script>", 0.1))


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("10000008000", "100****8000"),
        ("100-0000 1234", "100****1234"),
        ("12345", "***45"),
        ("", ""),
        (None, ""),
    ],
)
def test_masked_phone(number, shown):
    assert tags.masked_phone(number) == shown


@pytest.mark.parametrize(("name", "shown"), [("张三丰", "张*"), ("欧阳大海", "欧阳*"), ("", ""), (None, "")])
def test_masked_name(name, shown):
    assert tags.masked_name(name) == shown


def test_times_are_told_in_shanghai_and_near_days_by_name():
    with clock.travel("2026-11-22T10:00"):
        at = clock.local
        assert tags.short_time(at("2026-11-22T01:40+00:00")) == "今天 09:40"
        assert tags.short_time(at("2026-11-21T16:20")) == "昨天 16:20"
        assert tags.short_time(at("2026-11-23T08:00")) == "明天 08:00"
        assert tags.short_time(at("2026-11-20T23:10")) == "11-20 23:10"
        assert tags.short_time(at("2025-11-20T23:10")) == "2025-11-20 23:10"
        # 00:30 in Shanghai is still yesterday in UTC: the day must be the local one.
        assert tags.short_day(datetime.fromisoformat("2026-11-21T16:30+00:00")) == "今天"
        assert tags.ago(at("2026-11-22T09:48")) == "12 分钟前"
        assert tags.ago(at("2026-11-13T09:00")) == "9 天前"
        assert tags.ago(at("2026-11-22T11:30")) == "1 小时后"
    assert tags.cn_date(date(2026, 11, 22)) == "2026年11月22日"
    assert tags.cn_day(date(2026, 11, 22)) == "11月22日 周日"


def test_field_ties_label_help_and_error_to_the_control():
    form = SampleForm({"place": ""}, auto_id="x_%s")
    html = draw("{% field form.place %}", form=form)
    assert '<label for="x_place">' in html
    assert 'aria-describedby="x_place-hint x_place-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="x_place-error"' in html and 'id="x_place-hint"' in html
    assert "placeholder" not in html


def test_field_draws_radios_as_a_named_group():
    html = draw("{% field form.channel optional='可以不选' %}", form=SampleForm())
    assert html.count('type="radio"') == 3
    assert '<legend>怎么来的 <span class="opt">（可以不选）</span></legend>' in html


def test_field_keeps_what_was_typed():
    html = draw("{% field form.phone %}", form=SampleForm({"phone": '"><b>1'}))
    assert "&quot;&gt;&lt;b&gt;1" in html


def test_qr_is_one_path_without_style():
    html = tags.qr("http://127.0.0.1/track/7K4-M93-QXZ")
    assert html.count("<path") == 2 and "style" not in html and 'role="img"' in html


def test_capped_numbers():
    assert [tags.capped(0), tags.capped(None), tags.capped(1000), tags.capped(1001), tags.capped(120, 99)] == [
        "0", "0", "1000", "1000+", "99+",
    ]  # fmt: skip


def test_every_icon_used_in_a_template_is_in_the_sprite():
    root = Path(tags.__file__).parents[2]
    used = {
        (path.name, name)
        for path in root.rglob("templates/**/*.html")
        for name in re.findall(r'{% icon "([^"]+)"', path.read_text())
    }
    assert used
    assert not {pair for pair in used if pair[1] not in SYMBOLS}
