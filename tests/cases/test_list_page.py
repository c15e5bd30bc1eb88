"""事项 and 今日: what is shown, to whom, in which order, with how many queries."""

import pytest
from django.urls import reverse

from huiyin.cases.filters import VIEWS, CaseFilter
from huiyin.cases.models import Case
from huiyin.rules import clock
from tests.cases.walks import bounce, bring

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, world):
    """`desk("clerk", url)` → the page as that person sees it."""

    def see(name, url, **headers):
        client.force_login(getattr(world, name))
        return client.get(url, headers=headers)

    return see


def test_the_list_holds_what_the_reader_may_see_and_nothing_else(world, desk):
    mine = bring(world, "in_hand", description="东边的事，路灯不亮。")
    other = bring(world, "accepted", description="西边的事，水管漏了。", area=world.west_grid)
    page = desk("handler", reverse("desk_list")).content.decode()
    assert mine.number in page and other.number not in page
    page = desk("outsider", reverse("desk_list")).content.decode()
    assert other.number in page and mine.number not in page
    page = desk("clerk", reverse("desk_list")).content.decode()
    assert mine.number in page and other.number in page
    assert "10000001234" not in page and "何阿姨" not in page


def test_late_matters_come_first_under_their_heading(world, desk):
    with clock.travel("2026-03-02T09:00"):
        bring(world, "in_hand", title="早到期的一件")
    with clock.travel("2026-03-10T09:00"):
        bring(world, "in_hand", title="晚到期的一件")
        page = desk("clerk", reverse("desk_list")).content.decode()
    assert page.index("已超期") < page.index("早到期的一件") < page.index("晚到期的一件")


def test_every_tab_counts_what_it_lists(world, desk):
    for state in ("received", "accepted", "in_hand", "reported", "verified", "closed"):
        bring(world, state)
    bounce(world, bring(world, "accepted"))
    Case.objects.filter(state="reported").update(is_key=True)
    in_hand = Case.objects.get(state="in_hand")
    in_hand.escalate(by=world.clerk, to="区住建局", text="请派人看")
    for view in VIEWS:
        chosen = CaseFilter(view=view)
        cases, _ = chosen.page(world.clerk)
        assert (
            CaseFilter.counts(world.clerk, [view]) == {view: len(cases)} == {view: chosen.count(world.clerk)}
        )
        assert cases or view in ("mine", "late"), view
        page = desk("clerk", reverse("desk_list") + f"?view={view}").content.decode()
        assert all(case.number in page for case in cases)


def test_pages_follow_without_gap_or_repeat(world):
    numbers = [world.register(by=world.clerk).number for _ in range(7)]
    for sort in ("due", "updated", "new"):
        seen, cursor = [], ""
        while True:
            found, cursor = CaseFilter(sort=sort, cursor=cursor).page(world.clerk, size=3)
            seen += [case.number for case in found]
            if not cursor:
                break
        assert sorted(seen) == sorted(numbers)


def test_filters_narrow_and_can_be_taken_off(world, desk):
    noise = {"title": "噪声扰民", "description": "夜里冲床响。", "wants": "别响", "kind": "petition"}
    bring(world, "in_hand", group_size=30, channel="visit", **noise)
    bring(world, "in_hand", title="井盖松动")
    page = desk("clerk", reverse("desk_list") + "?kind=petition&group=1").content.decode()
    assert "噪声扰民" in page and "井盖松动" not in page
    assert "去掉 种类：信访" in page
    page = desk("clerk", reverse("desk_list") + "?unit=zhifa&q=井盖").content.decode()
    assert "井盖松动" in page and "噪声扰民" not in page


def test_an_unknown_filter_is_named(world, desk):
    answer = desk("clerk", reverse("desk_list") + "?state=nonsense")
    assert answer.status_code == 400
    assert "没有“nonsense”这个选项" in answer.content.decode()


def test_search_finds_parts_of_words(world):
    case = world.register(by=world.clerk, description="楼下的窨井盖松了，整夜咣当响。")
    world.register(by=world.clerk, description="路灯不亮。", wants="")
    for words in ("井盖", "窨井盖松", "咣当", case.number):
        assert [row.pk for row in CaseFilter(q=words).page(world.clerk)[0]] == [case.pk]
    assert CaseFilter(q="盖井").page(world.clerk)[0] == []


def test_query_budget_does_not_grow_with_the_list(world, client, django_assert_max_num_queries):
    client.force_login(world.clerk)
    for count in (3, 6):
        for _ in range(count):
            bring(world, "in_hand")
        with django_assert_max_num_queries(22):
            client.get(reverse("desk_list"))


def test_today_says_what_waits_for_whom(world, desk):
    case = bring(world, "dispatched", title="等执法队签收的一件")
    page = desk("handler", reverse("desk_today")).content.decode()
    assert case.title in page and "签收" in page
    page = desk("environment_handler", reverse("desk_today")).content.decode()
    assert case.title not in page
    waiting = bring(world, "accepted", title="等派单的一件")
    page = desk("clerk", reverse("desk_today")).content.decode()
    assert waiting.title in page and case.title not in page


def test_today_shows_what_came_back(world, desk):
    bounce(world, bring(world, "accepted", title="被退回的一件"))
    page = desk("clerk", reverse("desk_today")).content.decode()
    assert "被退回的一件" in page and "不归我们管" in page
