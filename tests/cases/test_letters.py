"""责任书: the printed letter has all five specifics and the day of signing; lists by state; only visible matters."""

from datetime import timedelta

import pytest

from huiyin.cases.models import ResponsibilityLetter
from huiyin.rules import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(world):
    case = world.register(by=world.clerk, kind="petition")
    case.accept(by=world.clerk)
    case.dispatch(by=world.clerk, lead=world.enforcement, task="查清噪声")
    case.issue_letter(
        by=world.leader,
        organisation=world.enforcement,
        persons=[world.handler, world.handler_b],
        due_on=clock.today() + timedelta(days=10),
        task="夜里不再响\n冲床搬走",
        requirement="每周五报进展",
    )
    return ResponsibilityLetter.objects.get()


def test_letter_is_complete(client, world, letter):
    client.force_login(world.clerk)
    shown = client.get(f"/desk/letters/{letter.pk}/").text
    due = letter.due_on
    for words in (
        letter.number, letter.case.number, "一、单位", "综合执法队", "二、人员", world.handler.name,
        world.handler_b.name, "三、时间", f"{due.year}年{due.month}月{due.day}日", "四、任务", "夜里不再响<br>冲床搬走",
        "五、要求", "每周五报进展", "签订日期", world.leader.name,
    ):  # fmt: skip
        assert words in shown, words


def test_signed_letter_shows_day_and_name(client, world, letter):
    letter.case.sign_letter(by=world.handler, subject=letter)
    client.force_login(world.handler)
    shown = client.get(f"/desk/letters/{letter.pk}/").text
    today = clock.today()
    assert f"签订日期　{today.year}年{today.month}月{today.day}日" in shown and "已在系统签订" in shown


@pytest.mark.parametrize("who", ["outsider", "environment_handler", "admin", "auditor"])
def test_only_with_its_matter(client, world, letter, who):
    client.force_login(getattr(world, who))
    assert client.get(f"/desk/letters/{letter.pk}/").status_code == 404
    assert letter.number not in client.get("/desk/letters/").text


def listed(client, letter, state):
    return letter.number in client.get("/desk/letters/", {"state": state}).text


def test_list_by_state(client, world, letter):
    client.force_login(world.clerk)
    assert [listed(client, letter, state) for state in ("", "unsigned", "signed", "overdue")] == [
        True, True, False, False,
    ]  # fmt: skip
    letter.case.sign_letter(by=world.handler, subject=letter)
    assert [listed(client, letter, state) for state in ("unsigned", "signed")] == [False, True]
    ResponsibilityLetter.objects.update(due_on=clock.today() - timedelta(days=1))
    assert listed(client, letter, "overdue")


def test_unknown_state_or_cursor_shows_all(client, world, letter):
    client.force_login(world.clerk)
    assert letter.number in client.get("/desk/letters/?state=zz&after=nothing").text


def test_pages_do_not_overlap(client, world, letter, monkeypatch):
    monkeypatch.setattr("huiyin.cases.views.letters.PAGE", 2)
    for _ in range(4):
        letter.case.issue_letter(
            by=world.leader, organisation=world.enforcement, persons=[world.handler],
            due_on=clock.today(), task="再查一遍", requirement="当天报",
        )  # fmt: skip
    client.force_login(world.clerk)
    seen, address = [], "/desk/letters/"
    while address:
        page = client.get(address).context
        seen += [row.number for row in page["letters"]]
        address = f"/desk/letters/?after={page['more']}" if page["more"] else ""
    assert len(seen) == len(set(seen)) == 5
