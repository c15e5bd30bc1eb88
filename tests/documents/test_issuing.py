"""Numbers without gap, frozen words, signatures, delivery, voiding; asked twice it is one paper."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from huiyin.base.models import AppendOnlyError
from huiyin.base.refusal import Refusal
from huiyin.documents import issuing
from huiyin.documents.models import DocumentStep, IssuedDocument, Submission
from huiyin.notices.models import Notice
from huiyin.papers import content, pdf
from huiyin.rules import clock
from tests.cases import walks
from tests.documents.conftest import BASIS, fresh, tomorrow

db = pytest.mark.django_db


@db
def test_words_stay_when_the_matter_changes(world, issued):
    document = issued("acceptance")
    before = IssuedDocument.objects.get(pk=document.pk)
    files = pdf.render(before.paper)
    case = fresh(document.case)
    case.amend(by=world.clerk, reason="写错了", title="路灯不亮", wants="换灯")
    case.recall(by=world.clerk, reason="换一家")
    after = IssuedDocument.objects.get(pk=document.pk)
    assert after.content == before.content and after.digest == before.digest
    assert "井盖" in content.plain_text(after.paper) and "路灯" not in content.plain_text(after.paper)
    assert pdf.render(after.paper) == files


@db
def test_issued_rows_are_never_changed(world, issued):
    document = issued("reply")
    document.title = "别的"
    with pytest.raises(AppendOnlyError):
        document.save()
    with pytest.raises(AppendOnlyError):
        document.delete()


@db
def test_identity_is_not_readable_in_the_table(world, issued):
    document = issued("reply")
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, title FROM documents_issueddocument WHERE id = %s", [document.pk])
        stored, title = cursor.fetchone()
    assert "何阿姨".encode() not in bytes(stored) and "何阿姨" not in title


@db
def test_asked_twice_it_is_one_paper(world, ready):
    case, key, _ = ready("acceptance")
    first = issuing.issue(case, "acceptance", key, by=world.clerk)
    assert issuing.issue(fresh(case), "acceptance", key, by=world.clerk_b).pk == first.pk
    assert IssuedDocument.objects.filter(case=case).count() == 1


@db
def test_numbers_run_per_series(world):
    numbers = []
    for _ in range(3):
        case = walks.bring(world, "accepted", kind="petition")
        numbers.append(issuing.issue(case, "acceptance", by=world.clerk).number)
    year = clock.today().year
    assert numbers == [f"测街受〔{year}〕{n}号" for n in (1, 2, 3)]


@db
def test_a_refused_paper_takes_no_number(world, ready):
    case, key, _ = ready("opinion")
    with pytest.raises(Refusal):
        issuing.issue(case, "opinion", key, by=world.leader, extra={"basis": " "})
    made = issuing.issue(fresh(case), "opinion", key, by=world.leader, extra={"basis": BASIS})
    assert made.number.endswith("〕1号")


@db
def test_supervision_keeps_the_number_of_its_notice(world, issued):
    document = issued("supervision")
    notice = document.case.notices.get()
    assert document.number == notice.number and document.approved_by == notice.issued_by


@db
@pytest.mark.parametrize("who", ["handler", "auditor", "outsider", "east_worker"])
def test_only_the_centre_and_leaders_issue(world, ready, who):
    case, key, _ = ready("acceptance")
    with pytest.raises(Refusal) as refused:
        issuing.issue(case, "acceptance", key, by=getattr(world, who))
    assert refused.value.status == 403


@db
def test_a_leader_signs_what_binds(world, ready):
    case, key, extra = ready("opinion")
    with pytest.raises(Refusal, match="送签") as refused:
        issuing.issue(case, "opinion", key, by=world.clerk, extra=extra)
    assert refused.value.status == 403
    asked = issuing.submit(fresh(case), "opinion", by=world.clerk, extra=extra)
    assert issuing.submit(fresh(case), "opinion", by=world.clerk, extra=extra).pk == asked.pk
    assert Notice.objects.filter(to=world.leader, text__contains="请签发处理意见书").exists()
    with pytest.raises(Refusal, match="自己送签"):
        mine = Submission.objects.get(pk=asked.pk)
        mine.asked_by = world.leader
        mine.save()
        issuing.sign(mine, by=world.leader)
    Submission.objects.filter(pk=asked.pk).update(asked_by=world.clerk)
    signed = issuing.sign(Submission.objects.get(pk=asked.pk), by=world.leader)
    assert signed.document.issued_by == world.clerk and signed.document.approved_by == world.leader
    assert BASIS in content.plain_text(signed.document.paper)
    assert issuing.sign(signed, by=world.leader).document_id == signed.document_id
    assert Notice.objects.filter(to=world.clerk, text__contains="签发了处理意见书").exists()


@db
def test_sent_back_it_says_why_and_can_be_handed_in_again(world, ready):
    case, key, extra = ready("opinion")
    asked = issuing.submit(case, "opinion", by=world.clerk, extra=extra)
    with pytest.raises(Refusal, match="写明哪里要改"):
        issuing.sign(asked, by=world.leader, approve=False)
    back = issuing.sign(asked, by=world.leader, approve=False, words="依据写全称")
    assert back.document_id is None and back.words == "依据写全称"
    assert issuing.submit(fresh(case), "opinion", by=world.clerk, extra=extra).pk != asked.pk


@db
def test_delivery_once_with_date_and_way(world, issued):
    document = issued("acceptance")
    for on, way in (
        (tomorrow(), "hand"),
        (clock.today() - timedelta(days=9), "hand"),
        (clock.today(), "pigeon"),
    ):
        with pytest.raises(Refusal) as refused:
            issuing.deliver(document, by=world.clerk, on=on, way=way)
        assert refused.value.status == 400
    issuing.deliver(document, by=world.clerk, on=clock.today(), way="hand", words="本人签收")
    issuing.deliver(document, by=world.clerk_b, on=clock.today(), way="mail")
    row = IssuedDocument.objects.get(pk=document.pk).delivered
    assert (row.way, row.words, row.by) == ("hand", "本人签收", world.clerk)
    assert not IssuedDocument.objects.filter(pk=document.pk).to_deliver().exists()


@db
def test_voided_with_a_reason_and_issued_anew(world, issued):
    document = issued("acceptance")
    with pytest.raises(Refusal, match="理由"):
        issuing.void(document, by=world.clerk, reason=" ")
    issuing.void(document, by=world.clerk, reason="姓名写错")
    with pytest.raises(Refusal, match="已经作废"):
        issuing.deliver(document, by=world.clerk, on=clock.today(), way="hand")
    again = issuing.issue(fresh(document.case), "acceptance", by=world.clerk)
    assert again.pk != document.pk and again.number.endswith("〕2号") and again.edition == 2
    old = IssuedDocument.objects.get(pk=document.pk)
    assert old.voided.words == "姓名写错" and "井盖" in content.plain_text(old.paper)


@db
def test_what_a_leader_signed_a_leader_voids(world, issued):
    document = issued("opinion")
    with pytest.raises(Refusal) as refused:
        issuing.void(document, by=world.clerk, reason="写错了")
    assert refused.value.status == 403
    assert issuing.void(document, by=world.leader, reason="写错了").by == world.leader
    assert DocumentStep.objects.filter(document=document).count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_at_once_leave_no_gap(committed_world):
    """Two matters at the same moment: numbers 1 and 2; the same matter twice: one paper."""
    world = committed_world
    cases = [walks.bring(world, "accepted", kind="petition") for _ in range(3)]
    jobs = [cases[0], cases[1], cases[2], cases[2]]
    start, found, trouble = threading.Barrier(len(jobs)), [], []

    def run(case):
        try:
            start.wait(10)
            found.append(issuing.issue(case, "acceptance", by=world.clerk).number)
        except Exception as error:
            trouble.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(case,)) for case in jobs]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    assert not trouble
    year = clock.today().year
    assert sorted(set(found)) == [f"测街受〔{year}〕{n}号" for n in (1, 2, 3)] and len(found) == 4
    assert IssuedDocument.objects.count() == 3
