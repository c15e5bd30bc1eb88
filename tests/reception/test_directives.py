"""Matters from superiors: paper, limit and units in one form; tracked by level; the report names what is missing."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from huiyin.cases import attachments
from huiyin.cases.models import Case
from huiyin.reception import directives
from huiyin.reception.models import Directive
from huiyin.rectification import plans
from huiyin.rules import clock


def desk(user):
    client = Client()
    client.force_login(user)
    return client


def picture(name="前.jpg"):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "#456").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def fields(world, **more):
    return {
        "key": "one", "level": "mayor", "system": "市长热线办公室", "document": "交办单", "outside_number": "市办交〔2026〕21号",
        "received_on": "2026-11-20", "due_at": "2026-12-05T18:00", "remark": "尽快办", "title": "路口积水",
        "description": "路口一下雨就积水，请查明原因整改。", "area": str(world.east_grid.pk), "lead": str(world.enforcement.pk),
        "co": [str(world.safety.pk)], **more,
    }  # fmt: skip


@pytest.fixture
def paper(world):
    with clock.travel("2026-11-20T10:00"):
        desk(world.clerk).post("/desk/reception/directives/new/", {**fields(world), "files": [picture()]})
    return Directive.objects.select_related("case", "source").get()


def put_right(world, case):
    """One plan with one measure, checked by the supervisor, done with a picture of the other kind."""
    row = plans.MeasureIn(
        "换掉路口塌了的十二米雨水管", "一小时内排干", "试水两次不积水", world.handler, world.enforcement, clock.today() + timedelta(days=2)
    )  # fmt: skip
    case.do(
        "write_plan",
        by=world.handler,
        goal="路口下雨不再积水",
        leader=world.handler,
        measures=[row],
        due_on=row.due_on,
    )
    case.do("check_plan", by=world.supervisor, subject=plans.current(case), approve=True)
    scan = attachments.store(picture("试水.jpg"), world.office, by=world.handler)
    case.do(
        "finish_measure",
        by=world.handler,
        subject=plans.live_measures(case)[0],
        text="换好了，试水两次",
        attachments=[scan],
    )
    case.do("accept_own", by=world.handler, subject=plans.current(case), text="两次试水都排得快")
    case.refresh_from_db()
    case.forget_cached()


def test_one_form_registers_accepts_and_dispatches_with_the_superiors_limit(world, paper):
    case = paper.case
    assert (case.kind, case.channel, case.state) == ("directive", "directive", "dispatched")
    assert paper.source.system == paper.source.owed_to == "市长热线办公室"
    assert clock.local(paper.source.due_at).isoformat().startswith("2026-12-05T18:00")
    assert [(row.organisation, row.part) for row in case.live_assignments] == [
        (world.enforcement, "lead"),
        (world.safety, "co"),
    ]
    assert case.attachments.count() == 1
    with clock.travel("2026-11-20T10:01"):
        desk(world.clerk).post("/desk/reception/directives/new/", fields(world))
    assert Case.objects.count() == Directive.objects.count() == 1, "sent twice, registered once"


def test_the_list_by_level_and_limit(world, paper, django_assert_max_num_queries):
    with clock.travel("2026-12-06T09:00"):
        client = desk(world.clerk)
        page = client.get("/desk/reception/directives/")
        assert page.context["papers"][0].is_late and "超过了" in page.content.decode()
        for chips in (page.context["levels"], page.context["standings"]):
            for label, number, address, _ in chips:
                assert len(client.get(address).context["papers"]) == number, label
        with django_assert_max_num_queries(18):
            client.get("/desk/reception/directives/")
    assert desk(world.handler).get("/desk/reception/directives/").status_code == 403
    assert desk(world.outsider).get("/desk/reception/directives/").status_code == 403


def test_the_report_is_put_together_and_names_what_lacks(world, paper):
    lacking = directives.report_of(paper).missing
    assert lacking == [
        "整改措施的记录",
        "整改后的照片",
        "没经手的人核实",
        "群众的反应（评价或回访）",
        "向交办单位反馈",
    ]
    case = paper.case
    with clock.travel("2026-11-21T10:00"):
        for row in case.live_assignments:
            case.take(by=world.handler if row.is_lead else world.safety_handler, subject=row)
        after = attachments.store(picture("后.jpg"), world.office, by=world.handler)
        case.record(by=world.handler, act="rectified", text="雨水管换新，清淤两吨。", attachments=[after])
        put_right(world, case)
        case.report(by=world.safety_handler, subject=case.live_assignments[1], text="已配合。")
        case.report(by=world.handler, subject=case.lead, text="不再积水。")
        case.verify(by=world.supervisor, text="下雨天去看，水退得快。")
        case.answer(
            by=world.clerk,
            text="路口积水查清了，管子已经换新，试过两次都不再积水，以后每月清一次井。",
            reply_by=case.reply_by,
        )
        case.feed_back(by=world.clerk, source=paper.source, text="已更换雨水管，经核实不再积水。")
        case.rate(by=world.supervisor, contacted="yes", solved="yes", satisfied="yes")
    paper = Directive.objects.select_related("case", "source").get()
    found = directives.report_of(paper)
    assert found.missing == [] and len(found.before) == 1 and len(found.after) == 2
    text = desk(world.clerk).get(f"/desk/reception/directives/{paper.pk}/report/").content.decode()
    for words in ("市办交〔2026〕21号", "雨水管换新", "水退得快", "满意", "请查明原因"):
        assert words in text
    shown = desk(world.clerk).get("/desk/reception/directives/?standing=fed_back")
    assert len(shown.context["papers"]) == 1
    assert "上级来文" in desk(world.clerk).get(f"/desk/cases/{case.number}/").content.decode()


def test_wrong_input_is_kept(world):
    page = desk(world.clerk).post(
        "/desk/reception/directives/new/", fields(world, title="", co=[str(world.enforcement.pk)])
    )
    assert page.status_code == 400 and "尽快办" in page.content.decode()
    assert {"title", "co"} <= set(page.context["form"].errors) and not Case.objects.exists()
