"""受理: the page, drafts on the way, registering once, merging and accepting in one go, hints bound to access."""

import threading

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from huiyin.base.ids import uuid7
from huiyin.cases.models import Case, CaseEvent, Draft
from huiyin.rules import clock
from tests.world import later

pytestmark = pytest.mark.django_db
SAID = "槐荫里 3 幢楼下的井盖松了，夜里车一过就咣当响。"


def fields(**more):
    return {
        "channel": "visit", "description": SAID, "wants": "把井盖垫好", "place": "槐荫里 3 幢", "name": "何阿姨",
        "phone": "10000005678", "group_size": "1", "reply_by": "phone", **more,
    }  # fmt: skip


def page(draft=None):
    return reverse("desk_intake_draft", args=[draft or uuid7()])


@pytest.fixture
def clerk(client, world):
    client.force_login(world.clerk)
    return client


def newest():
    return Case.objects.order_by("-pk").first()


def test_a_new_form_has_an_address_of_its_own(clerk):
    answer = clerk.get("/desk/intake/?channel=letter")
    assert answer.status_code == 302
    shown = clerk.get(answer.url)
    assert shown.status_code == 200 and "说了什么" in shown.text
    assert 'value="letter" checked' in shown.text
    assert not Draft.objects.exists(), "looking leaves nothing behind"


def test_registers_a_visit_and_gives_a_receipt(clerk, world):
    answer = clerk.post(page(), fields(category="030202", kind=""))
    case = newest()
    assert answer.status_code == 302 and answer.url == f"/desk/cases/{case.number}/receipt/"
    assert (case.channel, case.kind, case.category, case.area) == (
        "visit",
        "city_problem",
        "030202",
        world.east_grid,
    )
    assert case.registered_by == world.clerk and case.state == "received" and case.reply_by == "phone"
    slip = clerk.get(answer.url).text
    for words in (
        case.number,
        case.tracking_code,
        f"http://testserver/track/{case.tracking_code}/",
        "最迟",
        "<svg",
    ):
        assert words in slip, words
    assert "10000005678" not in slip and "何阿姨" not in slip


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("handler", 403),
        ("auditor", 403),
        ("admin", 403),
        ("supervisor", 403),
        ("east_staff", 302),
        ("east_worker", 302),
    ],
)
def test_who_may_register(client, world, who, status):
    client.force_login(getattr(world, who))
    assert client.post(page(), fields()).status_code == status
    assert Case.objects.exists() == (status == 302)


def test_visitors_are_sent_to_sign_in(client, world):
    assert client.get(page()).url.startswith("/sign-in/?next=/desk/intake/")


def test_wrong_input_is_named_and_nothing_is_lost(clerk):
    answer = clerk.post(page(), fields(description="坏", phone="电话不知道", channel="hotline"))
    assert answer.status_code == 400 and not Case.objects.exists()
    for words in ("电话只写数字", "要写是谁转来的", "何阿姨", "槐荫里 3 幢", "把井盖垫好", "电话不知道"):
        assert words in answer.text, words
    assert Draft.objects.count() == 1, "what was typed is in the draft too"


def test_refusals_of_the_heart_land_at_their_field(clerk):
    answer = clerk.post(page(), fields(phone=""))
    assert answer.status_code == 400 and "请留电话" in answer.text and "何阿姨" in answer.text


def test_bad_ids_are_told_not_crashed(clerk):
    answer = clerk.post(page(), fields(area="nonsense", category="99", group_size="0"))
    assert answer.status_code == 400 and not Case.objects.exists()


def test_the_same_draft_registers_once(clerk):
    address = page()
    first, second = clerk.post(address, fields()), clerk.post(address, fields())
    assert first.url == second.url
    assert Case.objects.count() == 1 and not Draft.objects.exists()
    assert clerk.get(address).url == first.url, "the old address leads to the receipt"


@pytest.mark.django_db(transaction=True)
def test_a_double_click_registers_once(committed_world):
    world, address, answers = committed_world, page(), []
    gate = threading.Barrier(4)

    def send():
        client = Client()
        client.force_login(world.clerk)
        gate.wait()
        answers.append(client.post(address, fields()).url)
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(set(answers)) == 1 and Case.objects.count() == 1
    assert CaseEvent.objects.filter(verb="register").count() == 1


def test_somebody_elses_draft_id_is_not_taken(clerk, client, world):
    draft = uuid7()
    clerk.post(reverse("desk_draft_save", args=[draft]), fields())
    other = Client()
    other.force_login(world.clerk_b)
    assert other.get(page(draft)).status_code == 404
    assert other.post(page(draft), fields()).status_code == 404
    assert other.post(reverse("desk_draft_save", args=[draft]), fields()).status_code == 404
    assert not Case.objects.exists()


def test_register_and_accept_in_one_go(clerk):
    clerk.post(page(), fields(do="accept"))
    case = newest()
    assert case.state == "accepted"
    assert list(case.events.values_list("verb", flat=True)) == ["register", "accept"]


def test_what_taking_on_still_asks_for_comes_next(clerk):
    answer = clerk.post(
        page(), fields(do="accept", description="法院判决下来了我不服，我要上诉再告一次。", kind="petition")
    )
    case = Case.objects.get()
    assert case.state == "received" and answer.url == f"/desk/cases/{case.number}/accept/form/"
    shown = clerk.get(answer.url).content.decode()
    assert "受理还差一步" in shown and case.number in shown and "法定途径" in shown


def test_accept_is_not_for_the_station_and_leaves_nothing(client, world):
    client.force_login(world.east_staff)
    answer = client.post(page(), fields(do="accept"))
    assert answer.status_code == 403 and SAID in answer.text
    assert not Case.objects.exists() and Draft.objects.count() == 1


def test_a_group_visit_has_representatives_with_slips_of_their_own(clerk):
    more = {f"name_{n}": f"代{n}" for n in range(2, 6)}
    answer = clerk.post(page(), fields(group_size="12", **more))
    case = newest()
    assert case.group_size == 12 and case.is_group and case.parties.count() == 5
    slip = clerk.get(answer.url).text
    assert slip.count("登记回执</h1>") == 5
    for row in case.parties.all():
        assert f"/track/{row.tracking_code}/" in slip


def test_each_representative_may_choose_how_to_be_told(clerk):
    given = fields(
        group_size="12", name_2="代二", phone_2="10000001235", reply_2="sms", name_3="代三", reply_3="sms"
    )
    answer = clerk.post(page(), given)
    assert answer.status_code == 400 and "要给代表 3 打电话、发短信，请留电话" in answer.text
    slip = clerk.get(clerk.post(page(), given | {"reply_3": "web"}).url).text
    chosen = dict(newest().parties.values_list("role", "reply_by").filter(party__phone_index__gt=""))
    assert chosen == {"raiser": "", "representative": "sms"} and "发短信" in slip and "自己上网查" in slip


def test_a_group_visit_without_a_named_representative_is_refused(clerk):
    answer = clerk.post(page(), fields(group_size="5", name="", phone="", reply_by="web"))
    assert answer.status_code == 400 and "推选代表" in answer.text and not Case.objects.exists()
    assert clerk.post(page(), fields(group_size="4", name="", phone="", reply_by="web")).status_code == 302
    letter = fields(channel="letter", group_size="30", name="", phone="", reply_by="web")
    assert clerk.post(page(), letter).status_code == 302, "a joint letter has no representatives"


def test_mail_and_text_messages_as_ways_to_be_told(clerk):
    assert "请留电子邮箱" in clerk.post(page(), fields(reply_by="email")).text
    clerk.post(page(), fields(reply_by="email", email="mei@example.com"))
    case = newest()
    assert case.reply_by == "email" and case.parties.get().party.email == "mei@example.com"
    assert "手机号" in clerk.post(page(), fields(reply_by="sms", phone="")).text


def test_fewer_than_five_keep_only_those_who_came(clerk):
    clerk.post(page(), fields(group_size="2", name_2="代二", name_3="代三"))
    assert newest().parties.count() == 2


def test_hotline_keeps_its_source(clerk):
    more = {
        "system": "12345 热线",
        "outside_number": "RX-7",
        "owed_to": "热线中心",
        "source_due": "2026-12-01T18:00",
    }
    clerk.post(page(), fields(channel="hotline", **more))
    case = newest()
    row = case.sources.get()
    assert (case.kind, row.system, row.outside_number, row.owed_to) == (
        "hotline",
        "12345 热线",
        "RX-7",
        "热线中心",
    )
    assert clock.local(row.due_at).isoformat() == "2026-12-01T18:00:00+08:00"


def test_restricted_and_reception_leader(clerk, world):
    clerk.post(page(), fields(is_restricted="on", received_by=str(world.leader.pk)))
    case = newest()
    assert case.is_restricted and case.received_by == world.leader
    assert not Case.objects.visible_to(world.clerk_b).exists()


def test_receipt_is_bound_to_who_may_read(client, world):
    case = world.register(by=world.clerk)
    client.force_login(world.outsider)
    assert client.get(f"/desk/cases/{case.number}/receipt/").status_code == 404


def test_script_cannot_be_planted(clerk):
    text = "<script>alert(1)</script> 楼下井盖响"
    answer = clerk.post(page(), fields(description=text, place="<b>x", name="<i>", do="register", phone="x"))
    assert "<script>alert" not in answer.text and "<i>" not in answer.text.replace("<i></i>", "")


@pytest.mark.parametrize(
    ("text", "found"), [("井盖", True), ("jinggai", True), ("jgyx", True), ("无此类", False)]
)
def test_category_lookup(clerk, text, found):
    rows = clerk.get("/desk/lookup/categories/", {"q": text}).json()["results"]
    assert ("030202" in [row["value"] for row in rows]) == found
    if found:
        row = next(row for row in rows if row["value"] == "030202")
        assert row["label"] == "井盖异响" and row["limit"] == "3 个工作日" and row["kind"] == "city_problem"


@pytest.mark.parametrize("text", ["槐荫里", "槐荫里3", "huaiyin", "hyl"])
def test_place_lookup_gives_grid_and_masked_worker(clerk, world, text):
    row = clerk.get("/desk/lookup/places/", {"q": text}).json()["results"][0]
    assert row["label"] == "槐荫里 3 幢" and row["grid"] == str(world.east_grid.pk)
    assert row["limit"] == f"网格员 {world.east_worker.name[0]}*"


def test_lookups_need_a_post(client, world):
    client.force_login(world.handler)
    assert client.get("/desk/lookup/places/", {"q": "槐"}).status_code == 403
    assert client.get("/desk/lookup/categories/", {"q": "井"}).status_code == 403


def beside(client, **more):
    draft = uuid7()
    client.post(reverse("desk_draft_save", args=[draft]), fields(**more))
    return client.get(reverse("desk_intake_beside", args=[draft])).text


def test_twin_is_shown_with_its_reasons(clerk, world):
    twin = world.register(by=world.clerk, place="槐荫里 3 幢", category="030202")
    shown = beside(clerk, category="030202")
    for words in (twin.number, "同一处", "同一类", "话相近", f"join:{twin.number}", "东社区 01 网格"):
        assert words in shown, words


def test_other_grids_old_matters_and_other_things_are_no_twins(clerk, world):
    world.register(by=world.clerk, area=world.west_grid, place="柳荫巷 9 幢")
    old = world.register(by=world.clerk, at=later(days=-70), place="槐荫里 3 幢")
    with clock.travel(later(days=-61)):
        old.void(by=world.clerk, reason="重复登记")
    world.register(by=world.clerk, place="另一处 9 号", description="邻居装修总在中午敲墙，孩子没法午睡。")
    assert "没有找到像的" in beside(clerk)


def test_what_one_may_not_read_gives_no_hint(clerk, world):
    hidden = world.register(by=world.clerk_b, place="槐荫里 3 幢", is_restricted=True)
    shown = beside(clerk, phone="10000001234")
    assert hidden.number not in shown and hidden.title not in shown


def test_station_sees_no_hints_of_another_community(client, world):
    west = world.register(by=world.clerk, area=world.west_grid, place="槐荫里 3 幢")
    client.force_login(world.east_staff)
    assert west.number not in beside(client, area=str(world.west_grid.pk), phone="10000001234")


def test_earlier_matters_of_the_same_phone(clerk, world):
    earlier = world.register(by=world.clerk, at=later(days=-200), title="楼道灯不亮", place="别处")
    shown = beside(clerk, phone="100-0000-1234")
    assert earlier.title in shown and "何* 以前的事" in shown
    assert earlier.title not in beside(clerk, phone="10000009999")


def test_earlier_matters_at_the_place(clerk, world):
    world.register(by=world.clerk, at=later(days=-300), title="楼道灯不亮", place="槐荫里 3 幢")
    shown = beside(clerk)
    assert "楼道灯不亮" in shown and "一年 1 件" in shown


@pytest.mark.parametrize("name", ["desk_draft_save", "desk_draft_drop"])
def test_verbs_are_posts(clerk, name):
    assert clerk.get(reverse(name, args=[uuid7()])).status_code == 405


def test_page_asks_few_questions(clerk, django_assert_max_num_queries):
    address = page()
    clerk.get(address)
    with django_assert_max_num_queries(22):
        clerk.get(address)
