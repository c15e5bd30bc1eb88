"""Visits to homes bring opinions and demands; domains have contacts; every sum is recomputed from the matters."""

from datetime import date

import pytest
from django.test import Client

from huiyin.base.refusal import Refusal
from huiyin.cases.models import Case
from huiyin.documents.facts import Facts
from huiyin.grids import roster, tallies
from huiyin.orgs.models import Post
from huiyin.reception import contacts
from huiyin.reception.models import DomainContact, OutreachVisit
from huiyin.rules import clock


def desk(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def then():
    with clock.travel("2026-11-23T16:00"):
        yield


def contact(world, domain="building", user=None, start_on=date(2026, 1, 1), phone="0000-600 0132"):
    post = Post.objects.get(user=user or world.handler)
    return contacts.name_contact(
        world.office, domain, post=post, phone=phone, start_on=start_on, by=world.clerk
    )


def form(world, *brought, **more):
    data = {
        "key": "one", "on": "2026-11-23", "visitors": "测网格员", "area": str(world.east_grid.pk), "place": "3 幢 201",
        "person_name": "孟婆婆", "person_phone": "10000001234", "note": "身体好",
        "brought-TOTAL_FORMS": "6", "brought-INITIAL_FORMS": "0", **more,
    }  # fmt: skip
    for n in range(6):
        row = brought[n] if n < len(brought) else {"kind": "suggestion"}
        data |= {f"brought-{n}-{name}": value for name, value in row.items()}
    return data


HANDRAIL = {"description": "楼道扶手松了。", "kind": "service_request", "category": "030104", "wants": "修好"}
DISHES = {"description": "食堂多几个软菜。", "kind": "suggestion", "category": "070202"}


def test_one_visit_two_matters_each_once_and_in_charge(world):
    contact(world)
    client = desk(world.east_worker)
    for _ in range(2):
        assert client.post("/desk/reception/outreach/new/", form(world, HANDRAIL, DISHES)).status_code == 302
    visit = OutreachVisit.objects.get()
    cases = list(Case.objects.filter(outreach__visit=visit).order_by("pk"))
    assert [(row.kind, row.channel) for row in cases] == [
        ("service_request", "outreach"),
        ("suggestion", "outreach"),
    ]
    assert cases[0].in_charge == world.handler and cases[1].in_charge is None
    assert Case.objects.visible_to(world.handler).filter(pk=cases[0].pk).exists()
    last = cases[0].events.order_by("-seq").first()
    assert last.verb == "hand_over" and "领域联系人" in last.text and cases[0].last_seq == 2
    page = client.get(f"/desk/reception/outreach/{visit.pk}/").content.decode()
    assert "孟*" in page and "孟婆婆" not in page and cases[0].number in page
    assert desk(world.outsider).get(f"/desk/reception/outreach/{visit.pk}/").status_code == 404


def test_a_visit_without_demands_counts_and_wrong_rows_are_kept(world):
    assert desk(world.clerk).post("/desk/reception/outreach/new/", form(world)).status_code == 302
    wrong = form(world, {"description": "", "kind": "suggestion", "category": "070202"}, key="two")
    page = desk(world.clerk).post("/desk/reception/outreach/new/", wrong)
    assert page.status_code == 400 and "孟婆婆" in page.content.decode()
    late = desk(world.clerk).post("/desk/reception/outreach/new/", form(world, key="three", on="2026-12-01"))
    assert late.status_code == 400 and OutreachVisit.objects.count() == 1 and not Case.objects.exists()


def test_sums_by_domain_are_recomputable_from_their_records(world, django_assert_max_num_queries):
    client = desk(world.clerk)
    client.post(
        "/desk/reception/outreach/new/",
        form(world, HANDRAIL, DISHES, {"description": "不知归哪", "kind": "petition"}),
    )
    case = Case.objects.get(category="030104")
    case.accept(by=world.clerk)
    case.dispatch(by=world.clerk, lead=world.enforcement)
    case.take(by=world.handler, subject=case.lead)
    case.report(by=world.handler, subject=case.lead, text="扶手已经固定。")
    case.verify(by=world.supervisor, text="摸过了，不晃。")
    case.answer(
        by=world.clerk,
        text="楼道的扶手已经重新固定好，您上下楼可以放心扶，再松请打电话来。",
        reply_by="phone",
        outcome="solved",
    )
    page = client.get("/desk/reception/outreach/")
    lines = {
        line["code"]: line for line in [*page.context["lines"], {**page.context["whole"], "code": "all"}]
    }
    assert (lines["building"]["demands"], lines["building"]["solved"]) == (1, 1)
    assert (lines["livelihood"]["opinions"], lines["livelihood"]["open"]) == (1, 1)
    assert (lines[""]["demands"], lines["all"]["demands"], lines["all"]["opinions"]) == (1, 2, 1)
    for line in lines.values():
        for number, address in line["figures"]:
            assert len(client.get(address).context["rows"]) == number, address
    with django_assert_max_num_queries(18):
        client.get("/desk/reception/outreach/")


def test_one_contact_a_domain_with_its_history_and_paper(world):
    first = contact(world)
    assert contact(world).pk == first.pk, "the same again is no change"
    with pytest.raises(Refusal, match="要晚于"):
        contact(world, user=world.handler_b)
    second = contact(world, user=world.handler_b, start_on=date(2026, 11, 1))
    first.refresh_from_db()
    assert first.end_on == second.start_on and contacts.current(world.office)["building"] == second
    assert contacts.current(world.office, date(2026, 5, 1))["building"] == first
    client = desk(world.clerk)
    page = client.get("/desk/reception/contacts/").content.decode()
    assert world.handler_b.name in page and "2026-11-01" in page
    paper = client.get("/desk/reception/contacts/print/").content.decode()
    assert "0000-600 0132" in paper and world.office.phone in paper
    assert desk(world.handler).post("/desk/reception/contacts/", {}).status_code == 403
    assert client.post("/desk/reception/contacts/", {"domain": "building"}).status_code == 400
    assert DomainContact.objects.count() == 2


def test_suggestions_are_counted_by_domain(world):
    world.register(by=world.clerk, kind="suggestion", category="070202")
    world.register(by=world.clerk, kind="suggestion", category="")
    world.register(by=world.clerk, kind="petition", category="070202")
    client = desk(world.clerk)
    page = client.get("/desk/reception/contacts/")
    numbers = {row["code"]: (row["number"], row["url"]) for row in page.context["rows"]}
    assert numbers["livelihood"][0] == 1 and page.context["rest"] == 1
    for number, address in [*numbers.values(), (1, page.context["rest_url"])]:
        assert len(client.get(address).context["rows"]) == number


def test_visits_stand_beside_whoever_covers_the_area(world):
    """Of the grid, and of the community and the subdistrict above it; older than a year does not count."""
    desk(world.clerk).post("/desk/reception/outreach/new/", form(world))
    desk(world.clerk).post("/desk/reception/outreach/new/", form(world, key="old", on="2025-11-01"))
    assert OutreachVisit.objects.count() == 2
    areas = [world.east_grid, world.east, world.street, world.west]
    for reader, expected in ((world.clerk, [1, 1, 1, 0]), (world.outsider, [0, 0, 0, 0])):
        found = tallies.of_areas(reader, areas)
        numbers = [
            number for area in areas for tally, number, _ in found[area.pk] if tally.label == "一年走访"
        ]
        assert numbers == expected


UPSTAIRS = {"description": "楼上半夜拖椅子，见面就吵。", "kind": "dispute", "category": "120301"}


def test_work_is_counted_by_the_role_of_the_visitor(world):
    client = desk(world.east_worker)
    client.post("/desk/reception/outreach/new/", form(world, HANDRAIL, UPSTAIRS, role="opinion_visitor"))
    client.post("/desk/reception/outreach/new/", form(world, key="two", role="opinion_visitor"))
    client.post("/desk/reception/outreach/new/", form(world, DISHES, key="three"))
    assert (
        client.post("/desk/reception/outreach/new/", form(world, key="four", role="nobody")).status_code
        == 400
    )
    found = roster.work_of(world.clerk, ["opinion_visitor", "mediator"])
    assert [number for number, _ in found["opinion_visitor"]] == [2, 2, 1]
    assert [number for number, _ in found["mediator"]] == [0, 0, 0]
    pages = [desk(world.clerk).get(url).content.decode() for _, url in found["opinion_visitor"]]
    assert "只看民情巡访员的走访" in pages[0] and "食堂多几个软菜" not in pages[1]
    assert "扶手松了" in pages[1] and "扶手松了" not in pages[2] and "拖椅子" in pages[2]
    assert "上报" in desk(world.clerk).get("/desk/grids/roster/").content.decode()


def test_a_letter_says_who_hears_opinions_in_that_domain(world):
    case = world.register(by=world.clerk, category="030104")
    assert contacts.foot(case) == ""
    contact(world)
    assert contacts.foot(case).startswith(
        "城建住房方面的意见建议，可以找"
    ) and "0000-600 0132" in contacts.foot(case)
    assert Facts(case).feet() == [contacts.foot(case)]
    assert contacts.foot(world.register(by=world.clerk, category="")) == ""
