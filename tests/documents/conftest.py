"""Matters walked to where each kind of document can be issued."""

from datetime import timedelta

import pytest

from huiyin.cases import record
from huiyin.cases.models import Case
from huiyin.documents import issuing
from huiyin.documents.models import DocumentKind
from huiyin.rules import clock
from tests.cases import walks

SITE = "https://huiyin.test/"
PHONE = "10000001234"
NAME = "何阿姨"
BASIS = "《某某条例》第九条"


@pytest.fixture
def ready(world):
    """`ready(kind)`: (matter, subject key, typed fields) for which a document of this kind can be issued now."""

    def walk(kind: str, **fields):
        petition = {"kind": "petition", "channel": "visit", **fields}
        if kind == DocumentKind.REGISTRATION:
            return walks.bring(world, "received", **petition), "", {}
        if kind == DocumentKind.ACCEPTANCE:
            return walks.bring(world, "dispatched", **petition), "", {}
        if kind == DocumentKind.NON_ACCEPTANCE:
            case = walks.bring(world, "received", **petition)
            case.decline(
                by=world.clerk, reason="这是合同纠纷，法院已经立案。", advice="请向区法院申请，地址二号路 5 号，电话 0000-600 0200。"
            )  # fmt: skip
            return fresh(case), "", {"routes": ["诉讼"]}
        if kind == DocumentKind.TRANSFER:
            case = walks.bring(world, "dispatched", **petition)
            return case, str(case.lead.pk), {}
        if kind == DocumentKind.SUPERVISION:
            case = walks.bring(world, "in_hand", **petition)
            case.mark_key(by=world.leader, reason="反复出现")
            case.supervise(by=world.supervisor, text="三天内垫好井盖，报进展")
            return fresh(case), str(case.notices.get().pk), {}
        case = walks.bring(world, "answered", **petition)
        extra = {"outcome": "solved", "basis": BASIS} if kind == DocumentKind.OPINION else {}
        return case, "", extra

    return walk


def fresh(case) -> Case:
    return record.load(Case.objects.get(pk=case.pk))


@pytest.fixture
def issued(world, ready):
    """`issued(kind)`: the issued document, and its matter anew."""

    def make(kind: str, by=None, **fields):
        case, key, extra = ready(kind, **fields)
        by = by or (world.leader if issuing.needs_signature(case, kind) else world.clerk)
        signed = None
        if issuing.needs_signature(case, kind):
            by, signed = world.clerk, world.leader
        document = issuing.issue(case, kind, key, by=by, extra=extra, site=SITE, signed_by=signed)
        return document

    return make


def tomorrow():
    return clock.today() + timedelta(days=1)
