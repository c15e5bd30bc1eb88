"""Plays the stories through the real verbs, all in order of time, with the clock held at each moment."""

from contextlib import contextmanager
from dataclasses import dataclass
from time import sleep

from django.db import connection

from huiyin.base.locks import only_one
from huiyin.base.refusal import Refusal
from huiyin.cases import deadlines
from huiyin.cases.intake import register
from huiyin.cases.models import Case
from huiyin.cases.watch import CLOCK
from huiyin.demo.cast import Cast
from huiyin.demo.cooperation_inputs import adopt
from huiyin.demo.inputs import inputs_of, words_of
from huiyin.demo.meetings import Meeting, hold, read_meetings
from huiyin.demo.scripts import Step, Story, Timetable, read_stories
from huiyin.demo.upstream_inputs import choose_item
from huiyin.rules import clock
from huiyin.rules.models import Counter, RuleSet


@dataclass
class Turn:
    """One thing to happen: the arrival of a matter (`step` None), a step of its script, or a conference."""

    at: object
    story: Story | None
    step: Step | None
    position: int
    meeting: Meeting | None = None


def replay_year(office, say=print, *, now=None, strict: bool = False) -> int:
    """Play what has not been played yet, up to `now`; returns the number of moves made.

    A year that was broken off goes on where it stopped, on its own timetable; a finished one stays as it is.
    A refused move ends its story with a line to the console, or raises when `strict`.
    """
    if _mark(office, "demo-year-done").last:
        say("演示的一年已经演完，不再重演")
        return 0
    now = now or clock.now()
    anchor = _anchor(office, now)
    calendar = deadlines.calendar(RuleSet.objects.current("calendar", office).pk)
    dates = Timetable(calendar, anchor.date())
    turns = timeline(read_stories(), read_meetings(dates), dates, min(anchor, now))
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit to off")
    with clock_alone():
        made = play(Cast(office, dates), turns, say, strict)
    Counter.objects.filter(office=office, series="demo-year-done").update(last=1)
    say(f"演示的一年演完：{Case.objects.filter(office=office).count()} 件事，{made} 步")
    return made


def _mark(office, series: str) -> Counter:
    return Counter.objects.get_or_create(office=office, series=series, year=0)[0]


def _anchor(office, now):
    """The moment on which the year ends: that of the first start, so that a resumed one keeps its dates."""
    mark = _mark(office, "demo-year-until")
    if not mark.last:
        Counter.objects.filter(office=office, series=mark.series).update(last=int(now.timestamp()))
        return now
    return clock.datetime.fromtimestamp(mark.last, clock.TZ)


@contextmanager
def clock_alone():
    """While past days are replayed the real clock must not write notices into them; wait for a round to end."""
    while True:
        with only_one(CLOCK) as mine:
            if mine:
                yield
                return
        sleep(1)


def timeline(stories: list[Story], meetings: list[Meeting], timetable: Timetable, now) -> list[Turn]:
    """Everything that has happened by `now`, in order of time."""
    turns = [Turn(row.at, None, None, 0, row) for row in meetings if row.at <= now]
    for story in stories:
        moments = timetable.moments(story, now)
        for position, (at, step) in enumerate(zip(moments, [None, *story.steps], strict=True)):
            if at > now:
                break
            turns.append(Turn(at, story, step, position))
    return sorted(turns, key=lambda turn: (turn.at, turn.position))


def play(cast: Cast, turns: list[Turn], say, strict: bool) -> int:
    office = cast.office
    cases = {
        row.intake_key: row for row in Case.objects.filter(office=office, intake_key__startswith="demo:")
    }
    done = {key: set(row.events.values_list("verb", "at")) for key, row in cases.items()}
    stopped, made, shown = set(), 0, -1
    for number, turn in enumerate(turns, 1):
        if turn.meeting:
            with clock.travel(turn.at):
                made += hold(cast, turn.meeting)
            continue
        key = f"demo:{turn.story.key}"
        verb = turn.step.verb if turn.step else "register"
        if key not in stopped and (verb, turn.at) not in done.get(key, ()):
            try:
                with clock.travel(turn.at):
                    perform(cast, cases, key, turn)
                made += 1
            except (Refusal, LookupError) as trouble:
                line = f"{turn.story.key} 第 {turn.position} 步 {verb}（{turn.at:%Y-%m-%d %H:%M}）没有演成：{trouble}"
                if strict:
                    raise ValueError(line) from trouble
                say(line)
                stopped.add(key)
        tenths = number * 10 // len(turns)
        if tenths > shown:
            shown = tenths
            say(f"演示的一年：{tenths * 10}%（演到 {turn.at:%Y-%m-%d}）")
    return made


def perform(cast: Cast, cases: dict, key: str, turn: Turn):
    """Register the matter, or make one move of it."""
    if turn.step is None:
        if adopt(cases, turn.story, key):
            return
        words, by = words_of(cast, turn.story, turn.at)
        cases[key] = register(cast.office, words, by=by, key=key)
        choose_item(turn.story, cases[key], by)
        return
    case = cases[key]
    case.refresh_from_db()
    by = cast.actor(case, turn.story, turn.step)
    given = inputs_of(cast, cases, case, turn.step, by, turn.at)
    case.do(turn.step.verb, by=by, **given)
