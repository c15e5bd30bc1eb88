"""The frame: doors and their guards, refusals as pages and parts, theme and size without script."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from huiyin.base.refusal import Refusal
from huiyin.shell import access, rail, slots
from huiyin.shell.middleware import answer_refusal


def staff_user(*roles):
    return SimpleNamespace(is_authenticated=True, roles=frozenset(roles), current_posts=[], office=None)


def ask(view, user, **headers):
    request = RequestFactory().get("/desk/somewhere/?q=1", headers=headers)
    request.user = user
    return view(request)


def hello(request):
    return HttpResponse("好")


def test_each_guard_declares_its_access():
    assert access.public(hello).access == "public"
    assert access.signed_in(hello).access == "signed_in"
    assert access.staff(hello).access == "staff"
    assert access.staff(roles={"director", "clerk"})(hello).access == "staff:clerk,director"


def test_a_visitor_is_led_to_the_sign_in_page_and_back():
    for view in (access.signed_in(hello), access.staff(hello)):
        response = ask(view, AnonymousUser())
        assert response.status_code == 302
        assert response.url == "/sign-in/?next=/desk/somewhere/%3Fq%3D1"


def test_htmx_is_told_to_move_the_whole_page():
    response = ask(access.staff(hello), AnonymousUser(), hx_request="true")
    assert (response.status_code, response["HX-Redirect"][:9]) == (204, "/sign-in/")


def test_without_a_post_or_with_another_role_the_door_stays_shut():
    assert ask(access.staff(hello), staff_user("clerk")).status_code == 200
    assert ask(access.staff(roles={"clerk"})(hello), staff_user("clerk", "handler")).status_code == 200
    for view, user in (
        (access.staff(hello), staff_user()),
        (access.staff(roles={"clerk"})(hello), staff_user("handler")),
    ):
        with pytest.raises(Refusal) as refused:
            ask(view, user)
        assert refused.value.status == 403


@pytest.mark.django_db
@pytest.mark.parametrize("status", [400, 403, 409])
def test_a_refusal_is_a_page_that_names_what_is_missing(status):
    request = RequestFactory().post("/track/")
    request.user = AnonymousUser()
    response = answer_refusal(request, Refusal("还不能办结。", status=status, missing=("有反馈", "有督办")))
    page = response.content.decode()
    assert response.status_code == status
    assert "还不能办结。" in page and "有反馈" in page and "有督办" in page
    assert "什么都没有改动" in page


@pytest.mark.django_db
def test_for_htmx_a_refusal_goes_to_the_messages():
    request = RequestFactory().post("/desk/x/", headers={"HX-Request": "true"})
    request.user = AnonymousUser()
    response = answer_refusal(request, Refusal("<b>不行</b>"))
    assert response["HX-Retarget"] == "#messages"
    assert "<html" not in response.content.decode()
    assert "&lt;b&gt;不行" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "mark"),
    [("theme", "dark", 'data-theme="dark"'), ("size", "large", 'data-size="large"')],
)
def test_a_choice_is_kept_in_a_cookie_and_drawn_by_the_server(client, settings, name, value, mark):
    settings.WORLD = "demo"
    assert mark not in client.get("/styleguide/").content.decode()[:200]
    response = client.post(f"/{name}/", {name: value, "next": "/styleguide/"})
    assert (response.status_code, response.url) == (302, "/styleguide/")
    assert mark in client.get("/styleguide/").content.decode()[:200]


@pytest.mark.parametrize("goal", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_a_choice_never_leads_to_another_site(client, goal):
    assert client.post("/size/", {"size": "large", "next": goal}).url == "/"


@pytest.mark.django_db
def test_an_unknown_choice_is_refused_and_get_is_not_a_choice(client):
    assert client.post("/theme/", {"theme": "pink"}).status_code == 400
    assert client.get("/theme/").status_code == 405


@pytest.mark.django_db
def test_the_style_guide_is_not_for_the_street(client, settings):
    settings.DEBUG = False
    settings.WORLD = "none"
    assert client.get("/styleguide/").status_code == 404
    settings.WORLD = "demo"
    for address in ("/styleguide/", "/styleguide/residents/"):
        response = client.get(address)
        page = response.content.decode()
        assert response.status_code == 200
        assert " style=" not in page and "<style" not in page and " onclick=" not in page
        assert "Server-Timing" in response.headers


@pytest.mark.django_db
def test_a_missing_page_says_so_in_words(client):
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert "没有这一页" in response.content.decode()


def test_the_500_page_needs_no_database(client):
    from django.views.defaults import server_error

    response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "没有丢" in response.content.decode()


def test_the_rail_shows_only_open_doors_and_marks_the_nearest(monkeypatch):
    monkeypatch.setattr(rail, "_items", {})
    rail.register("guide", "样式", "list", "styleguide", order=2, count=lambda request: 7)
    rail.register("residents", "居民", "list", "styleguide_residents", order=1)
    rail.register("shut", "不给看", "list", "theme", allowed=lambda user: False)
    request = SimpleNamespace(user=staff_user("clerk"), path="/styleguide/residents/x/")
    found = rail.items_for(request)
    assert [(e["item"].name, e["number"], e["is_current"]) for e in found] == [
        ("residents", None, True),
        ("guide", 7, False),
    ]


def test_doors_stand_under_headings_and_a_phone_keeps_the_rest_behind_more(monkeypatch):
    monkeypatch.setattr(rail, "_items", {})
    rail.register("guide", "样式", "list", "styleguide", order=2, group="day")
    rail.register("residents", "居民", "list", "styleguide_residents", order=1, on_phone=False)
    rail.register("foot", "设置", "set", "theme", at_foot=True, on_phone=False)
    request = SimpleNamespace(user=staff_user("clerk"), path="/styleguide/residents/x/")
    found = rail.rail_for(request)
    assert [(g.label, [e["item"].name for e in g.entries]) for g in found.groups] == [
        ("", ["guide"]),
        ("办事", ["residents"]),
    ]
    assert [(g.label, [e["item"].name for e in g.folded]) for g in found.folded] == [
        ("办事", ["residents"]),
        ("其他", ["foot"]),
    ]
    assert found.is_current_folded
    with pytest.raises(LookupError, match="nowhere"):
        rail.register("lost", "走失", "list", "theme", group="nowhere")


@pytest.mark.django_db
def test_every_door_is_reached_on_a_phone_without_script(client, world):
    client.force_login(world.clerk)
    page = client.get("/desk/reception/sheet/", follow=True).content.decode()
    more = page.split('<details class="rail-more', 1)[1].split("</details>", 1)[0]
    for address in ("/desk/reception/", "/desk/documents/", "/desk/grids/", "/desk/areas/"):
        assert f'href="{address}"' in more
    assert 'href="/desk/cases/"' not in more, "what stands in the bar itself is not said twice"
    assert 'class="here"' in more


def test_a_slot_that_does_not_exist_is_named():
    with pytest.raises(LookupError, match="register_url"):
        slots.fill("nowhere", lambda request: None)
