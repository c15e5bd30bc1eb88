"""A resident at the portal: a browser without script, and matters brought to any stage."""

import io
import re
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from huiyin.cases.models import Case

ANSWER = "井盖已经换成防响的新盖，夜里去听过，车过不响了。"


@pytest.fixture
def browser():
    """Enforces CSRF as a real browser would meet it."""
    return Browser(Client(enforce_csrf_checks=True))


@dataclass
class Browser:
    client: Client

    def get(self, path, **data):
        return self.client.get(path, data)

    def post(self, path, **data):
        """Fill in the form of a page: takes the token from the cookie that the page set."""
        self.client.get("/raise/")
        token = self.client.cookies["csrftoken"].value
        return self.client.post(path, {**data, "csrfmiddlewaretoken": token})

    def raise_matter(self, description="楼下井盖松了，晚上车一过就响。", reach=None, photos=()):
        """All three steps and handing in; returns the answer of the last page."""
        what = {"description": description}
        if photos:
            what["photos"] = list(photos)
        assert self.post("/raise/", **what).status_code == 302
        assert self.post("/raise/where/", place="槐荫里 3 幢门口").status_code == 302
        assert self.post("/raise/reach/", **(reach or {"reply_by": "web"})).status_code == 302
        return self.post("/raise/check/")


def picture(name="井盖.jpg", form="JPEG", size=(60, 40), exif=b""):
    out = io.BytesIO()
    Image.new("RGB", size, "#777").save(out, form, **({"exif": exif} if exif else {}))
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def stage(world):
    """`stage("answered")`: a matter brought that far through the real verbs."""
    return lambda upto, **words: bring(world, world.register(**words), upto)


def bring(world, case, upto):
    steps = [
        ("accepted", lambda c: c.accept(by=world.clerk)),
        ("dispatched", lambda c: c.dispatch(by=world.clerk, lead=world.enforcement, task="内部任务甲")),
        ("in_hand", lambda c: c.take(by=world.handler, subject=c.live_assignments[0])),
        ("reported", lambda c: c.report(by=world.handler, subject=c.live_assignments[0], text="内部报结乙")),
        ("verified", lambda c: c.verify(by=world.supervisor, text="内部核实丙")),
        (
            "answered",
            lambda c: c.answer(by=world.clerk, text=ANSWER, reply_by=c.reply_by, delivered="内部送达丁"),
        ),
        ("closed", lambda c: c.close(by=world.clerk)),
    ]
    behind = [state for state, _ in steps]
    start = behind.index(case.state) + 1 if case.state in behind else 0
    for state, do in steps[start:]:
        if case.state == upto:
            break
        if state == "closed":
            case.contact(by=world.clerk, text="内部联系戊", how="phone")
        do(case)
        case = Case.objects.get(pk=case.pk)
    assert case.state == upto
    return case


def words_of(response) -> str:
    """The visible text of a page without tags and line breaks."""
    page = re.sub(r"<(script|style|svg).*?</\1>", "", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page)).replace("&nbsp;", " ")
