"""Thirty residents complain of a press shop's noise: the whole story by the API alone, on known days of 2026."""

import pytest

from huiyin.cases import watch
from huiyin.notices.models import Notice
from huiyin.rules import clock
from tests.api.walker import Program

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
SAID = "隔一道墙就是电机厂的冲床，夜里十点还咣当响，老人睡不着，孩子写不了作业。"
ANSWER = "各位邻居：冲床已经全部搬走，夜里我们在楼下听过，很安静。再听到响声请打我们的电话。"
NEIGHBOURS = [{"name": f"{name}阿姨", "phone": f"1000000700{n}"} for n, name in enumerate("何吕施张孔")]


@pytest.fixture
def posts(as_user):
    names = ["clerk", "handler", "environment_handler", "safety_handler", "duty_leader", "supervisor"]
    return {name: as_user(name) for name in names}


class Story(Program):
    def by(self, name: str, verb: str, unit: str = "", **given) -> dict:
        """This user makes this move (on this unit's part); it must be offered."""
        offered = [move for move in self.moves(name) if move["verb"] == verb and unit in move["label"]]
        assert offered, (name, verb, [move["verb"] for move in self.moves(name)])
        return self._make(name, offered[0], **given)

    def refused(self, name: str, verb: str, body=None) -> str:
        answer = self.callers[name].post(f"{self.path}/{verb}", body or {})
        assert answer.status_code in (403, 409), answer.data
        return answer.data["error"]


def running(case: dict) -> dict[str, str]:
    """code → due moment 'MM-DD HH:MM' of the limits that still run; of several with one code the nearest."""
    rows = [row for row in case["limits"] if row["due_at"] and not row["met_at"] and not row["dropped_at"]]
    return {row["code"]: row["due_at"][5:16].replace("T", " ") for row in reversed(rows)}


def at(moment: str):
    return clock.travel(f"2026-{moment}")


def value(program, name: str, verb: str, field: str, label: str) -> str:
    """What stands behind a label in the choices of a move's field."""
    move = next(move for move in program.moves(name) if move["verb"] == verb)
    schema = move["fields"]["properties"][field]
    schema = schema.get("items", schema)
    return next(value for value, words in schema["x-labels"].items() if words.startswith(label))


def test_thirty_residents_by_the_api_alone(posts, anyone, world):
    with at("04-20T09:00"):
        body = {
            "description": SAID,
            "kind": "petition",
            "channel": "visit",
            "group_size": 30,
            "wants": "搬走冲床",
        }
        body |= {"persons": NEIGHBOURS, "area": world.east_grid.code, "reply_by": "visit"}
        raised = posts["clerk"].post("/api/v1/cases", body, Idempotency_Key="press-shop")
        assert raised.status_code == 201, raised.data
        told = Notice.objects.filter(to=world.duty_leader, level="alarm")
        assert told.exists(), "leaders are warned of a group visit"
        story = Story(posts, raised.data["number"])
        assert running(story.callers["clerk"].get(story.path).data)["XF-NTC-D"] == "05-06 23:59"
    with at("04-20T09:20"):
        case = story.by("clerk", "accept")
        assert case["state"] == "accepted" and running(case)["XF-DO"] == "06-22 23:59"
        lead = value(story, "clerk", "dispatch", "lead", "生态环境站")
        co = [value(story, "clerk", "dispatch", "co", name) for name in ("综合执法队", "应急办")]
        case = story.by("clerk", "dispatch", lead=lead, co=co, task="查夜间冲床噪声")
        assert running(case)["ASSIGN-LEAD-PETITION"] == "06-04 23:59"
        assert running(case)["ASSIGN-CO-PETITION"] == "04-29 18:00"
    with at("04-20T09:40"):
        story.by("environment_handler", "take")
        story.by("safety_handler", "take")
        case = story.by("handler", "return_work", reason="工业噪声不归我们查处")
        assert case["bounce_count"] == 1 and case["state"] == "in_hand"
        story.by("clerk", "overrule", reason="清单写着夜间噪声要一起查")
        story.by("handler", "take")
    with at("04-21T10:00"):
        for act, text in (("site_check", "冲床六台，夜里五十八分贝"), ("refused", "厂方说方便管理，不肯搬")):
            story.by("environment_handler", "record", act=act, text=text)
        story.by("environment_handler", "record", act="opinion", text="二十日内搬走冲床", due_on="2026-05-11")
        story.by("duty_leader", "mark_key", reason="三十人集体来访，多次协商未果")
        case = story.by("supervisor", "supervise", text="请三天内报告搬迁进展")
        assert running(case)["SUPERVISE-ANSWER"] == "04-24 18:00"
    with at("04-23T10:00"):
        story.by("environment_handler", "answer_notice", text="租约下周签，签后二十天搬完")
        story.by("supervisor", "check_progress", text="到工业园看过，新厂房在接电")
    with at("04-28T10:00"):
        story.by("environment_handler", "record", act="rectified", text="六台冲床全部拆走")
        story.by("safety_handler", "report", text="阁楼四人已搬走")
        story.by("handler", "report", text="连续五夜没有开机")
        case = story.by("environment_handler", "report", text="冲床全部搬出，实测四十六分贝")
        assert running(case)["VERIFY"] == "04-29 18:00"
        assert "核实" in story.refused("environment_handler", "verify", {"text": "我看过了", "is_true": True})
    with at("04-29T09:00"):
        story.by("supervisor", "verify", text="夜里十一点到楼下听过，很安静")
        assert "答复" in story.refused("clerk", "close")
        story.by("environment_handler", "answer", text=ANSWER, reply_by="visit", delivered="当面告诉五位代表")
        case = story.by("clerk", "close")
        assert case["state"] == "closed" and all(item["is_there"] for item in case["evidence"])
        assert watch.supervise_late() == 0
    second_round(story, anyone, raised.data["tracking_code"])


def second_round(story, anyone, code: str):
    track = f"/api/v1/tracking/{code}"
    with at("05-07T20:00"):
        seen = anyone.get(track).data
        assert seen["answer"]["text"] == ANSWER and "何" not in str(seen) and "10000007000" not in str(seen)
        verdict = {"contacted": "yes", "solved": "no", "satisfied": "no", "words": "凌晨一点还有声音"}
        assert anyone.post(f"{track}/rating", verdict).status_code == 201
        assert (
            anyone.post(f"{track}/reopen", {"reason": "凌晨一点有空压机的声音，连着三晚。"}).status_code
            == 200
        )
    with at("05-08T09:00"):
        lead = value(story, "clerk", "dispatch", "lead", "生态环境站")
        case = story.by("clerk", "dispatch", lead=lead, task="查凌晨一点的声音")
        assert case["round"] == 2 and running(case)["XF-DO"] == "07-06 23:59"
        story.by("environment_handler", "take")
        story.by("environment_handler", "record", act="rectified", text="补气改到早上六点")
        story.by("supervisor", "supervise", text="重点事项第二轮，请报告结果")
        story.by("environment_handler", "answer_notice", text="补气时间已经改了")
        story.by("supervisor", "check_progress", text="看过定时器，设在六点")
        story.by("environment_handler", "report", text="凌晨不再启动")
    with at("05-09T09:00"):  # a Saturday of work in exchange for the holiday
        story.by("supervisor", "verify", text="听到凌晨一点二十，没有声音")
        words = "凌晨的声音是空压机补气，已经改到早上六点以后了。"
        story.by("environment_handler", "answer", text=words, reply_by="visit", delivered="当面说的")
        case = story.by("clerk", "close")
    verbs = [event["verb"] for event in case["events"]]
    assert case["state"] == "closed" and verbs.count("reopen") == 1 and verbs.count("close") == 2
    assert len(verbs) == 2 + len(story.done) + 1  # registered, rated, reopened by the residents
    assert anyone.get(track).data["answer"]["text"] == words
