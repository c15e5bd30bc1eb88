"""The outbox against real servers: at least once, the same key each time, in order, nothing lost."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.db import connection

from huiyin.audit.models import AuditRecord
from huiyin.base.refusal import Refusal
from huiyin.notices import outbox, senders
from huiyin.notices.models import Delivery, DeliveryState, Notice, Sender, Way
from huiyin.rules import clock
from tests.notices.gateway import Hook, closed_port, post_office, server_at

MORNING = "2026-03-02T09:00:00"


def at(minutes: float):
    return clock.travel(clock.local(MORNING) + timedelta(minutes=minutes))


def state(row) -> Delivery:
    return Delivery.objects.get(pk=row.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", [500, 503, 429, "reset", "hang", "drip", 404, 302])
def test_a_failed_message_goes_again_with_the_same_key(world, sender, message, impatient, trouble):
    with at(0), Hook(trouble) as hook:
        row = message(sender(url=hook.url), "event:1")
        assert outbox.deliver_due() == 1
        first = state(row)
        assert first.state == "waiting" and first.tries == 1 and first.last_error
        assert first.next_try_at == clock.now() + timedelta(minutes=1)
        assert outbox.deliver_due() == 0
        with at(1):
            assert outbox.deliver_due() == 1
            done = state(row)
        assert (
            done.state == "sent"
            and done.tries == 2
            and done.last_error == ""
            and done.sent_at == done.ended_at
        )
        assert hook.keys == ["event:1", "event:1"] and hook.bodies[0] == hook.bodies[1]


@pytest.mark.django_db
def test_a_refused_connection_is_tried_again_until_somebody_listens(world, sender, message):
    port = closed_port()
    with at(0):
        way = sender(url=f"http://127.0.0.1:{port}/")
        row = message(way, "k")
        outbox.deliver_due()
        assert state(row).last_error == "对方不接受连接"
    with at(2), Hook() as hook:
        way.url = hook.url
        way.save()
        outbox.deliver_due()
        assert state(row).state == "sent"


@pytest.mark.django_db
def test_waits_grow_and_end_after_the_sixth_try(world, sender, message):
    with Hook(*[500] * 9) as hook:
        with at(0):
            row = message(sender(url=hook.url), "k")
        moments, now = [], clock.local(MORNING)
        for _ in range(8):
            with clock.travel(now):
                outbox.deliver_due()
                found = state(row)
                if found.state != "waiting":
                    break
                moments.append((found.next_try_at - now).total_seconds() / 60)
                now = found.next_try_at
        assert moments == [1, 5, 15, 60, 360]
        assert found.state == "given_up" and len(hook.seen) == 6 and set(hook.keys) == {"k"}
        assert "没发成" in Notice.objects.get(to=world.admin, key__startswith="given-up:").text


@pytest.mark.django_db
def test_at_night_retries_wait_for_the_morning_but_alarms_do_not(world, sender, message):
    with clock.travel("2026-03-02T21:59:30"), Hook(500, 500) as hook:
        way = sender(url=hook.url)
        plain, alarm = message(way, "plain"), message(way, "alarm", is_alarm=True)
        outbox.deliver_due()
        assert clock.local(state(plain).next_try_at).isoformat() == "2026-03-03T07:00:00+08:00"
        assert clock.local(state(alarm).next_try_at).isoformat() == "2026-03-02T22:00:30+08:00"


@pytest.mark.django_db
def test_what_waited_out_an_outage_goes_in_its_order_once_it_works(world, sender, message):
    with Hook(*[500] * 2) as hook:
        with at(0):
            way = sender(url=hook.url)
        rows = []
        for minute in range(4):
            with at(minute / 10):
                rows.append(message(way, f"k{minute}"))
        with at(1):
            outbox.deliver_due()
            assert len(hook.seen) == 2, "after two failures the rest is not thrown at a dead sender"
            assert [state(row).tries for row in rows] == [1, 1, 1, 1]
        with at(2):
            outbox.deliver_due()
        assert [state(row).state for row in rows] == ["sent"] * 4
        assert hook.keys == ["k0", "k1", "k0", "k1", "k2", "k3"]


@pytest.mark.django_db
def test_messages_to_one_person_never_overtake_each_other(world, sender, message):
    lane = world.office.pk
    with at(0), Hook(500) as hook:
        way = sender(url=hook.url)
        first, second = message(way, "first", lane=lane), message(way, "second", lane=lane)
        other = message(way, "other")
        outbox.deliver_due()
        assert [state(row).state for row in (first, second, other)] == ["waiting", "waiting", "sent"]
        with at(1):
            outbox.deliver_due()
        assert hook.keys == ["first", "other", "first", "second"]


@pytest.mark.django_db
def test_one_bad_message_does_not_block_the_others(world, sender, message):
    with at(0), Hook(413) as hook:
        way = sender(url=hook.url)
        bad, good = message(way, "bad"), message(way, "good")
        outbox.deliver_due()
        assert state(bad).state == "given_up" and state(bad).last_error == "对方不收这一条（413）"
        assert state(good).state == "sent"
        assert Sender.objects.get().failures == 0


@pytest.mark.django_db
def test_an_outage_is_told_once_and_its_end_once(world, sender, message):
    with Hook(*[503] * 5) as hook:
        with at(0):
            way = sender(url=hook.url, name="街道群")
            for number in range(3):
                message(way, f"k{number}")
        for minute in (0, 1, 7, 25):
            with at(minute):
                outbox.deliver_due()
        told = Notice.objects.filter(to=world.admin, group="system")
        out = told.filter(level="alarm").get()
        assert "街道群" in out.text and "503" in out.text
        assert told.filter(text__contains="又通了").count() == 1
        assert not Notice.objects.filter(group="system").exclude(to=world.admin).exists()
        found = Sender.objects.get()
        assert found.failures == 0 and found.failing_since is None and found.outage_told_at is None
        assert {row.state for row in Delivery.objects.exclude(group="system")} == {"sent"}


@pytest.mark.django_db
def test_a_switched_off_sender_keeps_its_messages(world, sender, message):
    with at(0), Hook() as hook:
        way = sender(url=hook.url)
        senders.switch(way, False, by=world.admin)
        row = message(way, "k")
        outbox.deliver_due()
        assert state(row).state == "waiting" and "没有启用" in state(row).last_error and hook.seen == []
        senders.switch(way, True, by=world.admin)
        outbox.deliver_due()
        assert hook.keys == ["k"]


@pytest.mark.django_db
def test_killed_between_sending_and_marking_it_goes_again_with_the_same_key(
    world, sender, message, monkeypatch
):
    with at(0), Hook() as hook:
        row = message(sender(url=hook.url), "k")

        def die(*given):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(outbox, "mark_sent", die)
            outbox.deliver_due()
        assert len(hook.seen) == 1 and state(row).state == "waiting"
        with at(4):
            assert outbox.deliver_due() == 0, "another worker may still be at it"
        with at(6):
            assert outbox.deliver_due() == 1
        assert hook.keys == ["k", "k"] and state(row).state == "sent"


@pytest.mark.django_db
def test_mail_by_smtp_with_one_message_id(world, sender, message, settings):
    with at(0), post_office("451 later") as (post, server):
        settings.MAIL = server
        sender("mail")
        row = message(
            None, "k", way=Way.MAIL, address="lin@street.example", subject="回音：来了", text="您有一条"
        )
        outbox.deliver_due()
        assert state(row).last_error == "邮件服务器不收（451）" and post.mails == []
        with at(1):
            outbox.deliver_due()
        assert state(row).state == "sent"
        words = post.mails[0].content.decode()
        assert f"Message-ID: <{row.pk}@street.example>" in words and "Idempotency-Key: k" in words
        assert post.mails[0].rcpt_tos == ["lin@street.example"]


@pytest.mark.django_db
def test_a_mailbox_that_does_not_exist_is_given_up_at_once(world, sender, message, settings):
    with at(0), post_office() as (_, server):
        settings.MAIL = server
        sender("mail")
        row = message(None, "k", way=Way.MAIL, address="nobody@street.example", subject="x")
        evil = message(None, "e", way=Way.MAIL, address="a@b.example\nBcc: c@d.example", subject="x\ny")
        outbox.deliver_due()
        assert state(row).state == state(evil).state == "given_up"
        settings.MAIL = server_at(closed_port())
        down = message(None, "d", way=Way.MAIL, address="lin@street.example", subject="x")
        outbox.deliver_due()
        assert state(down).state == "waiting" and state(down).last_error == "邮件服务器不接受连接"


@pytest.mark.django_db
def test_again_and_drop_are_audited_and_done_once(world, sender, message):
    with at(0), Hook(400, 400) as hook:
        way = sender(url=hook.url)
        row, other = message(way, "k"), message(way, "o")
        outbox.deliver_due()
        senders.again(state(row), by=world.admin)
        outbox.deliver_due()
        assert state(row).state == "sent" and hook.keys.count("k") == 2
        senders.drop(state(other), "已经当面说过", by=world.admin)
        assert state(other).state == DeliveryState.DROPPED and state(other).note == "已经当面说过"
        for act in (
            lambda: senders.drop(state(other), "再来", by=world.admin),
            lambda: senders.again(state(row), by=world.admin),
        ):
            with pytest.raises(Refusal):
                act()
        assert AuditRecord.objects.filter(action__in=["再发消息", "不再发消息"]).count() == 2


@pytest.mark.django_db
def test_old_sent_messages_go_with_their_words(world, sender, message):
    with at(0), Hook() as hook:
        way = sender(url=hook.url)
        row = message(way, "k")
        outbox.deliver_due()
    with clock.travel("2026-05-30T09:00:00"):
        assert outbox.purge() == 0
    with clock.travel("2026-06-02T09:00:00"):
        waiting = message(way, "w")
        assert outbox.purge() == 1
        assert Delivery.objects.get() == waiting and row.pk != waiting.pk
        given_up = message(way, "g", state="given_up", ended_at=clock.now(), address="100", shown="1**")
    with clock.travel("2026-10-02T09:00:00"):
        outbox.purge()
        given_up.refresh_from_db()
        assert given_up.text == given_up.address == "" and given_up.state == "given_up", (
            "the fact stays, the words go"
        )
        with pytest.raises(Refusal):
            senders.again(given_up, by=world.admin)


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_work_and_send_nothing_twice(committed_world):
    world = committed_world
    with Hook() as hook:
        now = clock.now()
        way = Sender.objects.create(
            office=world.office, transport="hook", name="群", url=hook.url, created_at=now
        )
        for number in range(40):
            Delivery.objects.create(
                office=world.office, key=f"k{number}", way=Way.ROBOT, sender=way, text="x", created_at=now, next_try_at=now
            )  # fmt: skip

        def work():
            outbox.deliver_due()
            connection.close()

        workers = [threading.Thread(target=work) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(30)
        assert sorted(hook.keys) == sorted({*hook.keys}) and len(hook.keys) == 40
        assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


WORKER = """
import os, signal, django
django.setup()
from django.conf import settings
settings.PRIVATE_WEBHOOKS = True
settings.DATABASES["default"]["NAME"] = os.environ["IN_DATABASE"]
from huiyin.notices import outbox
outbox.mark_sent = lambda row, sender: os.kill(os.getpid(), signal.SIGKILL)
outbox.deliver_due()
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_outright_loses_nothing(committed_world):
    world = committed_world
    with Hook() as hook:
        now = clock.now()
        way = Sender.objects.create(
            office=world.office, transport="hook", name="群", url=hook.url, created_at=now
        )
        Delivery.objects.create(
            office=world.office, key="k", way=Way.ROBOT, sender=way, text="x", is_alarm=True, created_at=now, next_try_at=now
        )  # fmt: skip
        environment = {**os.environ, "IN_DATABASE": connection.settings_dict["NAME"]}
        done = subprocess.run([sys.executable, "-c", WORKER], env=environment, timeout=60, check=False)
        assert done.returncode == -signal.SIGKILL
        assert hook.keys == ["k"] and Delivery.objects.get().state == "waiting"
        with clock.travel(now + timedelta(minutes=6)):
            outbox.deliver_due()
        assert hook.keys == ["k", "k"] and Delivery.objects.get().state == "sent"
