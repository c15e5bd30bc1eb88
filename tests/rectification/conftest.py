"""Hazards and orders from above in the small world, brought along by their own verbs."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from huiyin.cases import attachments
from huiyin.cases.models import Case
from huiyin.rectification import plans
from huiyin.rules import clock


def photo(world, by):
    """One small picture, uploaded by `by`."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (90, 120, 90)).save(out, "JPEG")
    return attachments.store(SimpleUploadedFile("改后.jpg", out.getvalue()), world.office, by=by)


def fresh(case) -> Case:
    return Case.objects.get(pk=case.pk)


def measure(world, what="给三楼到六楼楼道装好四只灭火器", days=3, person=None, unit=None, **more):
    given = {
        "what": what, "target": "每层一只能用", "standard": "压力表在绿区，离地一米五", "person": person or world.safety_handler,
        "organisation": unit or world.safety, "due_on": clock.today() + timedelta(days=days),
    }  # fmt: skip
    return plans.MeasureIn(**{**given, **more})


def plan_of(world, *measures, **more):
    given = {
        "goal": "楼道灭火器配齐、通道清空", "due_on": clock.today() + timedelta(days=5), "leader": world.safety_handler,
        "measures": list(measures) or [measure(world), measure(world, "把二楼楼梯口的旧沙发和纸箱搬到楼下堆放点")],
    }  # fmt: skip
    return {**given, **more}


class Walk:
    """A hazard in the east grid, led by the safety office, as far as asked."""

    def __init__(self, world, grade="minor", kind="hazard", **more):
        self.world = world
        given = {"side": "government"} if kind == "hazard" else {"source_level": "district"}
        words = {
            "description": "沿街楼二到六层楼道没有灭火器，楼梯口堆着沙发。", "kind": kind,
            "channel": "patrol" if kind == "hazard" else "directive", "persons": [], "reply_by": "web",
            "particulars": given, "wants": "",
        }  # fmt: skip
        self.case = world.register(by=world.clerk, **{**words, **more})
        self.grade = grade if kind == "hazard" else ""

    def accept(self):
        self.case.accept(by=self.world.clerk)
        return self

    def graded(self):
        self.accept()
        if self.grade:
            self.case.do(
                "grade",
                by=self.world.supervisor,
                particulars={"grade": self.grade},
                reason="一栋楼住着四十户人",
            )
        return self

    def taken(self):
        self.graded()
        self.case.dispatch(by=self.world.clerk, lead=self.world.safety, task="去看看，改好")
        self.case = fresh(self.case)
        self.case.take(by=self.world.safety_handler, subject=self.case.lead)
        self.case = fresh(self.case)
        return self

    def written(self, **more):
        self.taken()
        self.case.do("write_plan", by=self.world.safety_handler, **plan_of(self.world, **more))
        return self

    def approved(self, **more):
        self.written(**more)
        self.case.do(
            "check_plan",
            by=self.world.supervisor,
            subject=plans.current(self.case),
            approve=True,
            text="可行",
        )
        return self

    def done(self, **more):
        self.approved(**more)
        for row in plans.live_measures(self.case):
            self.finish(row)
        return self

    def finish(self, row, by=None):
        by = by or self.world.safety_handler
        self.case.do(
            "finish_measure",
            by=by,
            subject=row,
            text="装好了，逐层看过压力",
            attachments=[photo(self.world, by)],
        )

    def reported(self, **more):
        self.done(**more)
        self.case.do(
            "accept_own",
            by=self.world.safety_handler,
            subject=plans.current(self.case),
            text="对着清单看过，都到位",
        )
        self.case = fresh(self.case)
        self.case.report(by=self.world.safety_handler, subject=self.case.lead, text="两条都改好了")
        return self

    def closed(self, **more):
        self.reported(**more)
        self.case.verify(by=self.world.supervisor, text="一层层看过，灭火器压力正常，楼梯通着")
        self.case.answer(
            by=self.world.clerk,
            text="楼道的灭火器配齐了，楼梯口也清空了，谢谢提醒。",
            reply_by=self.case.reply_by,
        )
        self.case = fresh(self.case)
        self.case.close(by=self.world.clerk)
        self.case = fresh(self.case)
        return self


@pytest.fixture
def walk(world):
    """`walk(grade="major").approved()` brings a hazard so far; `.case` is the matter."""
    return lambda **given: Walk(world, **given)
