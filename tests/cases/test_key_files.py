"""重点件档案: the analysis of a key matter over all conferences, for named readers only; promises not kept have to be answered for."""

from datetime import timedelta

import pytest

from huiyin.audit.models import AuditRecord
from huiyin.base.refusal import Refusal
from huiyin.cases import conference as meetings
from huiyin.cases.models import Case, Conference, ConferenceItem, KeyFile
from huiyin.rules import clock
from tests.world import later

pytestmark = pytest.mark.django_db
WHY = "厂房租约没到期，两家都等着对方先动"


@pytest.fixture(params=["petition", "hazard", "city_problem"])
def key(request, world):
    case = world.register(by=world.clerk, kind=request.param)
    case.mark_key(by=world.leader, reason="反复投诉")
    return case


def draw(world):
    return meetings.draw(by=world.director, held_on=clock.today(), chair=world.leader, place="三楼")


def settle(world, item, **more):
    given = {"measure": "周五前把冲床搬走", "owner": world.handler, "analysis": WHY, **more}
    given.setdefault("next_on", item.conference.held_on + timedelta(days=7))
    return meetings.settle(item, by=given.pop("by", world.director), **given)


@pytest.fixture
def twice(world, key):
    """Two conferences; what the first settled was not done."""
    meeting = draw(world)
    settle(world, meeting.items.get())
    meetings.close(meeting, by=world.director)
    with clock.travel(later(days=8)):
        second = draw(world)
        item = second.items.get()
        with pytest.raises(Refusal, match="怎么追责") as refused:
            settle(world, item, kept="no")
        assert refused.value.errors == {"accountability": "请写明"}
        settle(world, item, kept="no", accountability="约谈站长，书面说明", analysis="站里没有人盯")
        meetings.close(second, by=world.director)
    return KeyFile.objects.get(case=key)


def test_a_key_matter_on_the_list_has_a_file_of_named_readers(world, key):
    draw(world)
    file = KeyFile.objects.get()
    assert file.case == key and {world.director.pk, world.leader.pk, world.supervisor.pk} <= set(file.readers)
    assert world.clerk.pk not in file.readers
    assert not {field.name for field in KeyFile._meta.get_fields()} & {
        "party",
        "person",
        "phone",
        "id_number",
    }


def test_a_late_petition_has_none(world):
    world.register(by=world.clerk, at=later(days=-90), kind="petition")
    meeting = draw(world)
    assert not KeyFile.objects.exists()
    settle(world, meeting.items.get(), analysis="")
    meetings.close(meeting, by=world.director)


def test_entries_of_all_conferences_stand_in_one_file(client, world, key, twice):
    client.force_login(world.director)
    text = client.get(f"/desk/key-files/{key.number}/").text
    for words in (
        WHY,
        "站里没有人盯",
        "没办到",
        "约谈站长，书面说明",
        "周五前把冲床搬走",
        world.handler.name,
    ):
        assert words in text
    assert text.index("站里没有人盯") < text.index(WHY), "the latest first"
    assert AuditRecord.objects.filter(action="key_file_read", actor=world.director).count() == 1
    assert key.number in client.get("/desk/key-files/").text
    assert "重点件档案" in client.get(f"/desk/cases/{key.number}/").text
    assert "过了" not in client.get("/desk/key-files/").text
    with clock.travel(later(days=40)):
        assert "过了" in client.get("/desk/key-files/").text


@pytest.mark.parametrize("who", ["clerk", "duty_leader", "east_staff", "handler", "admin"])
def test_nobody_else_reads_it(client, world, key, twice, who):
    client.force_login(getattr(world, who))
    status = client.get(f"/desk/key-files/{key.number}/").status_code
    assert status in (403, 404)
    if who in ("clerk", "duty_leader"):
        meeting = Conference.objects.latest("held_on")
        for page in ("", "minutes/"):
            text = client.get(f"/desk/conference/{meeting.pk}/{page}").text
            assert "站里没有人盯" not in text and "约谈站长" not in text
        assert key.number not in client.get("/desk/key-files/").text
    case = Case.objects.get(pk=key.pk)
    assert not case.events.filter(text__contains="没有人盯").exists(), (
        "the history holds the measure, not the analysis"
    )


def test_it_is_not_readable_in_the_database(world, key, twice):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT analysis, accountability FROM cases_conferenceitem")
        held = b"".join(bytes(value) for row in cursor.fetchall() for value in row)
    assert held and WHY.encode() not in held and "约谈".encode() not in held


def test_only_those_named_write_the_analysis(client, world, key):
    meeting = draw(world)
    item = meeting.items.get()
    with pytest.raises(Refusal) as refused:
        settle(world, item, by=world.clerk)
    assert refused.value.status == 403
    settle(world, item, by=world.clerk, analysis="")
    client.force_login(world.clerk)
    page = client.get(f"/desk/conference/{meeting.pk}/").text
    assert "由知情的人写" in page and 'name="analysis"' not in page
    with pytest.raises(Refusal, match="缺分析"):
        meetings.close(meeting, by=world.clerk)


def test_the_next_conference_asks_whether_it_was_done(world, key):
    meeting = draw(world)
    settle(world, meeting.items.get())
    meetings.close(meeting, by=world.director)
    with clock.travel(later(days=8)):
        second = draw(world)
        settle(world, second.items.get())
        with pytest.raises(Refusal, match="上次议定的办到没有"):
            meetings.close(second, by=world.director)
        settle(world, second.items.get(), kept="partly")
        meetings.close(second, by=world.director)
    assert ConferenceItem.objects.get(conference=second).kept == "partly"


def test_readers_are_named_by_leaders_and_each_change_is_audited(client, world, key, twice):
    url = f"/desk/key-files/{key.number}/readers/"
    client.force_login(world.supervisor)
    assert client.post(url, {"user": str(world.duty_leader.pk)}).status_code == 403
    client.force_login(world.leader)
    assert client.post(url, {"user": str(world.duty_leader.pk)}).status_code == 302
    assert client.post(url, {"user": str(world.admin.pk)}).status_code == 400
    twice.refresh_from_db()
    assert world.duty_leader.pk in twice.readers
    assert client.post(url, {"remove": str(world.duty_leader.pk)}).status_code == 302
    twice.refresh_from_db()
    assert world.duty_leader.pk not in twice.readers
    assert AuditRecord.objects.filter(action__startswith="档案").count() == 2
    while len(twice.readers) > 2:
        other = next(pk for pk in twice.readers if pk != world.leader.pk)
        client.post(url, {"remove": str(other)})
        twice.refresh_from_db()
    assert client.post(url, {"remove": str(twice.readers[0])}).status_code == 409
