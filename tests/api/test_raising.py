"""Raising a matter through the API: by residents without an account, by staff with a token."""

import io
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from huiyin.cases.models import Attachment, Case
from tests.api.walker import Caller

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases"
WORDS = {"description": "楼下的井盖松了，晚上很响"}


def picture() -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "grey").save(file, "PNG")
    return SimpleUploadedFile("井盖.png", file.getvalue(), content_type="image/png")


def test_a_resident_raises_a_matter_with_a_photo(anyone, client, world):
    sent = client.post("/api/v1/uploads", {"file": picture()})
    assert sent.status_code == 201 and set(sent.json()) == {"id", "name", "size"}
    body = {
        **WORDS,
        "kind": "city_problem",
        "lon": 118.005,
        "lat": 27.005,
        "place": "槐荫里 3 幢楼下",
        "contact": {"name": "何阿姨", "phone": "10000001234", "reply_by": "phone"},
        "attachments": [sent.json()["id"]],
    }
    answer = anyone.post(CASES, body, Idempotency_Key="a1")
    assert answer.status_code == 201 and set(answer.data) == {"number", "tracking_code"}
    case = Case.objects.get(number=answer.data["number"])
    assert (case.channel, case.kind, case.reply_by, case.area) == (
        "web",
        "city_problem",
        "phone",
        world.east_grid,
    )
    assert case.parties.get().party.phone == "10000001234"
    photo = case.attachments.get()
    assert photo.is_from_person and photo.uploaded_by is None
    again = anyone.post(CASES, body, Idempotency_Key="a1")
    assert again.status_code == 201 and again.data == answer.data
    taken = anyone.post(CASES, body)
    assert taken.status_code == 400 and "attachments" in taken.data["errors"]


def test_an_area_code_places_the_matter(anyone, world):
    answer = anyone.post(CASES, {**WORDS, "area": world.west_grid.code})
    assert Case.objects.get(number=answer.data["number"]).area == world.west_grid
    wrong = anyone.post(CASES, {**WORDS, "area": "000"})
    assert wrong.status_code == 400 and "area" in wrong.data["errors"]


def test_without_a_key_each_post_is_a_matter_of_its_own(anyone, world):
    numbers = {anyone.post(CASES, WORDS).data["number"] for _ in range(2)}
    assert len(numbers) == 2


def test_a_key_belongs_to_its_words_and_its_caller(anyone, as_user, world):
    first = anyone.post(CASES, WORDS, Idempotency_Key="same").data
    other = anyone.post(CASES, {"description": "路灯坏了三盏"}, Idempotency_Key="same")
    assert other.status_code == 409 and "tracking_code" not in other.data
    staff = as_user("clerk").post(CASES, WORDS, Idempotency_Key="same")
    assert staff.status_code == 201 and staff.data["number"] != first["number"]
    assert anyone.post(CASES, WORDS, Idempotency_Key="x" * 300).status_code in (400, 422)


@pytest.mark.django_db(transaction=True)
def test_two_posts_at_once_with_one_key_are_one_matter(committed_world):
    start, answers = threading.Barrier(2), []

    def post():
        try:
            start.wait()
            answers.append(Caller(Client()).post(CASES, WORDS, Idempotency_Key="both"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=post) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].data == answers[1].data
    assert Case.objects.count() == 1


def test_staff_register_any_kind_and_channel(as_user, world):
    body = {
        "description": "十二个人来说压铸厂夜里响。",
        "kind": "petition",
        "channel": "visit",
        "title": "压铸厂噪声",
        "wants": "夜里停机",
        "area": world.east_grid.code,
        "group_size": 12,
        "reply_by": "phone",
        "persons": [{"name": "何阿姨", "phone": "10000001234"}, {"name": "孟师傅", "phone": "10000001235"}],
        "sources": [{"system": "区热线平台", "outside_number": "RX-88", "owed_to": "区热线办"}],
    }
    answer = as_user("clerk").post(CASES, body)
    assert answer.status_code == 201, answer.data
    case = Case.objects.get(number=answer.data["number"])
    assert case.registered_by == world.clerk and case.is_group and case.channel == "visit"
    assert [link.role for link in case.parties.order_by("role")] == ["raiser", "representative"]
    assert case.sources.get().outside_number == "RX-88"
    for kind, channel in [("hotline", "hotline"), ("directive", "directive"), ("city_problem", "patrol")]:
        made = as_user("clerk").post(CASES, {**WORDS, "kind": kind, "channel": channel})
        assert made.status_code == 201, made.data
        assert Case.objects.get(number=made.data["number"]).kind == kind


def test_the_public_may_not_fill_staff_fields(anyone, world):
    answer = anyone.post(CASES, {**WORDS, "channel": "visit", "group_size": 3})
    assert answer.status_code == 400 and set(answer.data["errors"]) == {"channel", "group_size"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"description": "短"}, "description"),
        ({}, "description"),
        ({**WORDS, "description": 5}, "description"),
        ({**WORDS, "nonsense": 1}, "nonsense"),
        ({**WORDS, "kind": "nothing"}, "kind"),
        ({**WORDS, "lon": 118.0}, "lon"),
        ({**WORDS, "lon": 1000, "lat": 0}, "lon"),
        ({**WORDS, "lon": "很东边", "lat": 0}, "lon"),
        ({**WORDS, "contact": "何阿姨"}, "contact"),
        ({**WORDS, "contact": {"reply_by": "phone"}}, "reply_by"),
        ({**WORDS, "contact": {"reply_by": "pigeon"}}, "contact.reply_by"),
        ({**WORDS, "attachments": ["x"]}, "attachments.0"),
        ({**WORDS, "attachments": ["01a20523-bde1-70ce-828f-8f522592cb34"]}, "attachments"),
    ],
)
def test_what_is_wrong_is_said_by_field(anyone, world, body, field):
    answer = anyone.post(CASES, body)
    assert answer.status_code in (400, 422)
    assert any(name.endswith(field) for name in answer.data["errors"]), answer.data


@pytest.mark.parametrize(
    "raw",
    [
        b"{", b"", b"[]", b"null", b"\xff\xfe", b'{"description": NaN}', b"[" * 100_000,
        b'{"description": "abcdef\\u0000"}', b'{"description": "abcdef\\ud800"}', b'{"\\ud800": 1}',
        b'{"description": "' + b"x" * 1_000_000 + b'"}', b"1" * 5000,
        b'{"description": "abcdef", "lon": 1e400, "lat": 1e400}',
        b'{"description": "abcdef", "group_size": ' + b"9" * 300 + b"}",
    ],
    ids=str,
)  # fmt: skip
def test_hostile_bodies_are_refused_in_words(anyone, world, raw):
    assert anyone.post(CASES, raw).status_code in (400, 422)
    assert not Case.objects.exists()


def test_a_body_beyond_all_bounds_is_413(anyone, world):
    assert anyone.post(CASES, b'{"description": "' + b"x" * 5_000_000 + b'"}').status_code == 413


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.sampled_from(
    ["description", "kind", "area", "lon", "lat", "place", "contact", "attachments", "channel", "persons"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.dictionaries(FIELDS, ANYTHING, max_size=5), words=st.text(st.characters(codec=None), max_size=40)
)
def test_no_body_breaks_the_public_door(anyone, world, without_limits, body, words):
    answer = anyone.post(CASES, {"description": words, **body})
    assert answer.status_code in (201, 400, 422)


def test_uploads_are_judged_by_content(client, world):
    for name, content in [("照片.png", b"MZ not a picture"), ("空.pdf", b""), ("a\x00b.png", b"<script>")]:
        answer = Caller._read(client.post("/api/v1/uploads", {"file": SimpleUploadedFile(name, content)}))
        assert answer.status_code in (400, 422)
    assert Caller._read(client.post("/api/v1/uploads", {})).status_code == 422
    assert not Attachment.objects.exists()


def test_an_upload_is_only_for_who_made_it(anyone, as_user, client, world):
    clerk = as_user("clerk")
    sent = client.post("/api/v1/uploads", {"file": picture()}, headers=clerk.headers).json()
    assert anyone.post(CASES, {**WORDS, "attachments": [sent["id"]]}).status_code == 400
    assert as_user("clerk_b").post(CASES, {**WORDS, "attachments": [sent["id"]]}).status_code == 400
    answer = clerk.post(CASES, {**WORDS, "attachments": [sent["id"]]})
    assert answer.status_code == 201
    assert Case.objects.get(number=answer.data["number"]).attachments.count() == 1
