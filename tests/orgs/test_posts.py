"""Posts through their pages: end with handover, absence and B 角, a new post; who may and who may not."""

from datetime import timedelta

import pytest
from django.urls import reverse

from huiyin.accounts.models import User
from huiyin.audit.models import AuditRecord
from huiyin.cases.models import Assignment
from huiyin.orgs.models import Post
from huiyin.rules import clock
from tests.cases.walks import bring

pytestmark = pytest.mark.django_db
VERBS = ["end", "absence", "substitute"]


@pytest.fixture
def desk(client, world):
    """`desk("clerk", url)` → the page; with `data` a POST."""

    def see(name, url, data=None):
        client.force_login(getattr(world, name))
        return client.get(url) if data is None else client.post(url, data)

    return see


def post_of(world, name) -> Post:
    return Post.objects.get(user=getattr(world, name))


def url_of(post, verb="") -> str:
    return reverse(f"desk_post_{verb}" if verb else "desk_post", args=[post.pk])


def text(answer) -> str:
    return answer.content.decode()


def end(day=None, to="") -> dict:
    return {"end-on": str(day or clock.today()), "end-to": str(to)}


@pytest.mark.parametrize("reader", ["clerk", "handler_b", "leader", "auditor", "outsider"])
def test_everyone_reads_a_post_and_only_the_administrator_sees_its_moves(world, desk, reader):
    page = text(desk(reader, url_of(post_of(world, "handler"))))
    assert (
        "测handler" in page and "综合执法队" in page and "结束岗位" not in page and "请假、销假" not in page
    )
    page = text(desk("admin", url_of(post_of(world, "handler"))))
    assert "结束岗位" in page and "定 B 角" in page and "请假、销假" in page


@pytest.mark.parametrize("verb", VERBS)
def test_changes_are_the_administrators_and_go_by_post(world, desk, verb):
    post = post_of(world, "handler")
    for name in ("clerk", "director", "handler_b", "auditor"):
        assert desk(name, url_of(post, verb), end()).status_code == 403
    assert desk("admin", url_of(post, verb)).status_code == 405
    assert Post.objects.get(pk=post.pk).end_on is None
    assert not AuditRecord.objects.filter(subject=f"post:{post.pk}").exists()
    assert desk("clerk", reverse("desk_post_form")).status_code == 403
    assert desk("clerk", reverse("desk_post_create"), {}).status_code == 403
    assert desk("admin", reverse("desk_post_create")).status_code == 405


def test_the_page_says_what_goes_to_whom_and_the_move_does_it(world, desk):
    cases = [bring(world, "in_hand") for _ in range(2)]
    post = post_of(world, "handler")
    Post.objects.filter(pk=post.pk).update(substitute=world.handler_b)
    page = text(desk("admin", url_of(post)))
    assert "要移交：2 件在办事项" in page and "就交给 B 角 测handler_b" in page
    answer = desk("admin", url_of(post, "end"), end())
    assert answer.status_code == 302
    assert "2 件在办事项移交给 测handler_b" in text(desk("admin", answer.url))
    assert set(Assignment.objects.filter(case__in=cases).values_list("handler", flat=True)) == {
        world.handler_b.pk
    }
    for case in cases:
        assert case.events.filter(verb="hand_over").count() == 1
    assert Post.objects.get(pk=post.pk).end_on == clock.today()
    assert AuditRecord.objects.get(subject=f"post:{post.pk}").actor == world.admin
    assert world.handler.roles == frozenset()


def test_a_named_successor_goes_before_the_substitute(world, desk):
    case = bring(world, "in_hand")
    post = post_of(world, "handler")
    Post.objects.filter(pk=post.pk).update(substitute=world.handler_b)
    desk("admin", url_of(post, "end"), end(to=world.environment_handler.pk))
    assert Assignment.objects.get(case=case).handler == world.environment_handler


def test_open_work_and_nobody_to_take_it_is_refused_and_the_typed_stays(world, desk):
    bring(world, "in_hand")
    post = post_of(world, "handler")
    day = clock.today() - timedelta(days=1)
    answer = desk("admin", url_of(post, "end"), end(day))
    page = text(answer)
    assert answer.status_code == 409 and "手上还有 1 件没办完" in page
    assert f'value="{day}"' in page and "您填的还在下面" in page
    assert Post.objects.get(pk=post.pk).end_on is None
    assert not AuditRecord.objects.filter(subject=f"post:{post.pk}").exists()


def test_a_day_before_the_post_began_or_a_stranger_is_refused(world, desk):
    post = post_of(world, "handler")
    answer = desk("admin", url_of(post, "end"), end("2019-12-31"))
    assert answer.status_code == 400 and "离任日不能早于任职日" in text(answer)
    stranger = User.objects.create(username="x.y", name="别处的人")
    answer = desk("admin", url_of(post, "end"), end(to=stranger.pk))
    assert answer.status_code == 400 and "请从列表里选一位本街道的工作人员" in text(answer)
    answer = desk("admin", url_of(post, "end"), {"end-on": "明天"})
    assert answer.status_code == 400 and "日期要写成" in text(answer)
    assert Post.objects.get(pk=post.pk).end_on is None


def test_a_post_ends_only_once(world, desk):
    post = post_of(world, "safety_handler")
    assert desk("admin", url_of(post, "end"), end()).status_code == 302
    answer = desk("admin", url_of(post, "end"), end())
    assert answer.status_code == 409
    assert AuditRecord.objects.filter(subject=f"post:{post.pk}").count() == 1


def test_the_substitute_acts_on_the_days_of_absence_and_on_no_other(world, desk):
    """A 角 away from the 10th to the 12th: B 角 sees and does the same work on these three days."""
    post = post_of(world, "handler")
    Post.objects.filter(pk=post.pk).update(substitute=world.environment_handler)
    case = bring(world, "dispatched")
    data = {"absence-away_from": "2026-11-10", "absence-away_until": "2026-11-12"}
    with clock.travel("2026-11-09T09:00"):
        answer = desk("handler", url_of(post, "absence"), data)
        assert answer.status_code == 302
        assert "由 测environment_handler 顶岗" in text(desk("handler", answer.url))
    for day, stands_in in (("09", False), ("10", True), ("12", True), ("13", False)):
        with clock.travel(f"2026-11-{day}T12:00"):
            held = {row.organisation.code for row in world.environment_handler.current_posts}
            assert ("zhifa" in held) == stands_in
            assert (
                type(case).objects.visible_to(world.environment_handler).filter(pk=case.pk).exists()
                == stands_in
            )
            page = text(desk("clerk", "/desk/network/zhifa/"))
            assert ("测environment_handler顶岗" in page) == stands_in


def test_the_holder_notes_an_absence_and_comes_back(world, desk):
    post = post_of(world, "handler")
    today = str(clock.today())
    page = text(desk("handler", url_of(post)))
    assert "请假、销假" in page and "结束岗位" not in page
    answer = desk("handler", url_of(post, "absence"), {"absence-away_from": today, "absence-away_until": ""})
    assert "还没有 B 角" in text(desk("handler", answer.url))
    assert Post.objects.get(pk=post.pk).is_away
    desk("handler", url_of(post, "absence"), {"absence-away_from": "", "absence-away_until": ""})
    assert not Post.objects.get(pk=post.pk).is_away
    done = (
        AuditRecord.objects.filter(subject=f"post:{post.pk}").order_by("at").values_list("action", flat=True)
    )
    assert list(done) == ["请假", "销假"]


def test_an_absence_that_ends_before_it_begins_is_refused(world, desk):
    post = post_of(world, "handler")
    data = {"absence-away_from": "2026-11-12", "absence-away_until": "2026-11-10"}
    answer = desk("handler", url_of(post, "absence"), data)
    assert (
        answer.status_code == 400
        and "止日不能早于起日" in text(answer)
        and 'value="2026-11-12"' in text(answer)
    )
    answer = desk("handler", url_of(post, "absence"), {"absence-away_until": "2026-11-10"})
    assert answer.status_code == 400
    assert Post.objects.get(pk=post.pk).away_until is None


def test_the_administrator_names_the_b_role(world, desk):
    post = post_of(world, "handler")
    desk("admin", url_of(post, "substitute"), {"substitute-substitute": str(world.handler_b.pk)})
    assert Post.objects.get(pk=post.pk).substitute == world.handler_b
    assert AuditRecord.objects.get(subject=f"post:{post.pk}").detail["after"] == "测handler_b"
    answer = desk("admin", url_of(post, "substitute"), {"substitute-substitute": str(world.handler.pk)})
    assert answer.status_code == 400
    assert Post.objects.get(pk=post.pk).substitute == world.handler_b


def new_post(world, **changes) -> dict:
    data = {
        "user": world.handler.pk, "organisation": world.environment.pk, "role": "handler", "title": "经办（兼）",
        "area": world.street.pk, "start_on": str(clock.today()), "substitute": world.environment_handler.pk,
    }  # fmt: skip
    return {name: str(value) for name, value in (data | changes).items()}


def test_a_post_is_made_and_works_at_once(world, desk):
    form = text(desk("admin", reverse("desk_post_form") + "?unit=huanjing"))
    assert f'<option value="{world.environment.pk}" selected>' in form
    assert desk("admin", reverse("desk_post_create"), new_post(world)).status_code == 302
    post = Post.objects.get(user=world.handler, organisation=world.environment)
    assert post.substitute == world.environment_handler and post.office == world.office
    assert "经办（兼）" in text(desk("clerk", "/desk/network/huanjing/"))
    assert AuditRecord.objects.filter(subject=f"post:{post.pk}", action="设岗位").count() == 1
    answer = desk("admin", reverse("desk_post_create"), new_post(world))
    assert answer.status_code == 409 and "已经在任这个岗位" in text(answer)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"role": "emperor"}, "请从列表里选岗位"),
        ({"title": ""}, "请写职务"),
        ({"start_on": "x"}, "日期要写成"),
        ({"user": "00000000-0000-0000-0000-000000000000"}, "请从列表里选一位"),
        ({"organisation": ""}, "请选组织"),
        ({"substitute": "self"}, "B 角不能是本人"),
    ],
)
def test_a_wrong_post_is_told_and_the_typed_stays(world, desk, changes, words):
    if changes.get("substitute") == "self":
        changes = {"substitute": world.handler.pk}
    answer = desk("admin", reverse("desk_post_create"), new_post(world, **changes))
    assert answer.status_code == 400 and words in text(answer)
    if "title" not in changes:
        assert 'value="经办（兼）"' in text(answer)
    assert Post.objects.filter(user=world.handler).count() == 1


def test_an_ended_post_offers_no_moves(world, desk):
    post = post_of(world, "handler")
    Post.objects.filter(pk=post.pk).update(end_on=clock.today())
    page = text(desk("admin", url_of(post)))
    assert "这个岗位已在" in page and '<form class="sheet-form"' not in page
    answer = desk("admin", url_of(post, "absence"), {"absence-away_from": "2026-11-12"})
    assert answer.status_code == 409
