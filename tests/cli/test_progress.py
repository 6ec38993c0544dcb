"""The line of progress and the one question: drawn for a person, and for nobody else."""

from __future__ import annotations

import asyncio
import io
import os
from datetime import UTC, datetime

import pytest

from workbench.cli.output import CLEAR_LINE, Output
from workbench.cli.planning import Planned
from workbench.cli.progress import Progress
from workbench.core.events import BlockStart, TextDelta
from workbench.core.params import Params
from workbench.core.problem import Problem
from workbench.core.request import Request
from workbench.core.retry import Wait
from workbench.core.run import Phase, Queued, Run, Waiting


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def planned() -> Planned:
    run = Run("r1", "A", "m1", "anthropic", Params(), "claude-haiku-4-5", datetime.now(UTC))
    return Planned(run, Request(Params(), ()), "A")


def drawn(run: Planned, clock: Clock, err: io.StringIO, out: io.StringIO | None = None) -> str:
    """What one more second brings onto standard error."""
    progress = Progress([run], Output(out or io.StringIO(), err), text=True, clock=clock)
    clock.now += 1.0
    progress.draw()
    return err.getvalue()


def test_a_countdown_is_drawn_on_a_terminal() -> None:
    clock, one = Clock(), planned()
    one.run.phase = Phase.RETRYING
    one.run.waiting = Waiting(1, Problem("Overloaded"), 12.0, until=13.0)
    assert "Overloaded: trying again in 12 s" in drawn(one, clock, Terminal())


def test_a_wait_is_told_once_where_no_line_can_be_drawn() -> None:
    clock, one, err = Clock(), planned(), io.StringIO()
    one.run.phase = Phase.RETRYING
    one.run.waiting = Waiting(1, Problem("Overloaded"), 12.0, until=13.0)
    progress = Progress([one], Output(io.StringIO(), err), text=True, clock=clock)
    for _ in range(5):
        clock.now += 1.0
        progress.draw()
    assert err.getvalue() == "workbench: A: Overloaded: trying again in 12.0 s\n"


QUEUES: dict[str, tuple[list[Queued | None], str]] = {
    "all wait": (
        [Queued("output tokens", 13.0), Queued("output tokens", 15.0)],
        "0 of 2 done · waiting for output tokens · 12s",
    ),
    "some wait": (
        [None, Queued("output tokens", 13.0)],
        "0 of 2 done · connecting · 1 s · 1 waiting for output tokens",
    ),
    "its turn": ([None, Queued("", None)], "0 of 2 done · connecting · 1 s · 1 waiting for its turn"),
    "a refusal": ([Queued("rate limit", 21.0)], "waiting for the rate limit · 20s · 1 s"),
}


@pytest.mark.parametrize("name", QUEUES)
def test_who_waits_for_the_limits_says_for_which_and_until_when(name: str) -> None:
    queues, line = QUEUES[name]
    clock, err, runs = Clock(), Terminal(), [planned() for _ in queues]
    for one, queued in zip(runs, queues, strict=True):
        one.run.queued = queued
        one.run.phase = Phase.QUEUED if queued else Phase.CONNECTING
    progress = Progress(runs, Output(io.StringIO(), err), text=True, clock=clock)
    clock.now += 1.0
    progress.draw()
    assert line in err.getvalue()


def test_a_wait_that_many_share_is_told_once_where_no_line_can_be_drawn() -> None:
    clock, err, runs = Clock(), io.StringIO(), [planned() for _ in range(3)]
    for one, until in zip(runs, (6.0, 7.0, 20.0), strict=True):
        one.run.queued = Queued("requests", until)
    progress = Progress(runs, Output(io.StringIO(), err), text=True, clock=clock)
    said = []
    for _ in range(8):
        clock.now += 1.0
        progress.draw()
        said.append(err.getvalue())
    first = "workbench: A: waiting for requests · 5s\n"
    assert said[0] == said[4] == first
    assert said[5] == said[7] == f"{first}workbench: A: waiting for requests · 14s\n"


def test_nothing_is_drawn_for_a_pipe_or_a_dumb_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(planned(), Clock(), io.StringIO()) == ""
    monkeypatch.setenv("TERM", "dumb")
    assert drawn(planned(), Clock(), Terminal()) == ""


@pytest.mark.fault("S01")
def test_a_silence_is_named() -> None:
    clock, one = Clock(), planned()
    one.run.phase = Phase.STREAMING
    one.run.last_byte = -11.0
    assert "no data for 12 s; waiting up to 600 s, ^C stops" in drawn(one, clock, Terminal())


@pytest.mark.parametrize("phase", [Phase.WAITING, Phase.STREAMING])
def test_a_silence_is_told_once_where_no_line_is_drawn(phase: Phase) -> None:
    clock, one, err = Clock(), planned(), io.StringIO()
    one.run.phase = phase
    one.run.last_byte = 0.0
    progress = Progress([one], Output(io.StringIO(), err), text=True, clock=clock)
    said = []
    for _ in range(15):
        clock.now += 1.0
        progress.draw()
        said.append(err.getvalue())
    assert said[8] == ""
    assert said[9] == said[14] == "workbench: A: no data for 10 s; waiting up to 600 s, ^C stops\n"


def test_a_silence_in_the_middle_of_a_streamed_text_is_told_below_it() -> None:
    clock, one, err = Clock(), planned(), Terminal()
    one.run.phase = Phase.STREAMING
    one.run.last_byte = 0.0
    one.run.apply(BlockStart(0, {"type": "text", "text": ""}))
    one.run.apply(TextDelta(0, "Once"))
    clock.now = 9.0
    assert drawn(one, clock, err, Terminal()) == "\nworkbench: A: no data for 10 s; waiting up to 600 s, ^C stops\n"


@pytest.mark.parametrize("phase", [Phase.RETRYING, Phase.CONNECTING, Phase.ENDED])
def test_only_an_open_connection_is_silent(phase: Phase) -> None:
    clock, one, err = Clock(), planned(), io.StringIO()
    one.run.phase = phase
    one.run.last_byte = -60.0
    assert drawn(one, clock, err) == ""


def test_the_line_goes_before_data_or_talk_comes() -> None:
    err = Terminal()
    output = Output(Terminal(), err)
    output.draw("working")
    output.write("data")
    output.note("talk")
    assert err.getvalue() == f"{CLEAR_LINE}working{CLEAR_LINE}workbench: talk\n"


@pytest.mark.fault("A01")
def test_what_would_steer_a_terminal_is_shown_and_a_pipe_gets_it_as_it_is() -> None:
    terminal, pipe = Terminal(), io.StringIO()
    Output(terminal, None).write("\x1b[31m\u202e")
    Output(pipe, None).write("\x1b[31m\u202e")
    assert terminal.getvalue() == "␛[31m⟨U+202E⟩"
    assert pipe.getvalue() == "\x1b[31m\u202e"


@pytest.mark.parametrize(("typed", "waits"), [(b"y\n", True), (b"\n", False), (b"no\n", False)])
async def test_a_long_wait_is_asked_about(typed: bytes, waits: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.openpty()
    err = Terminal()
    with os.fdopen(theirs) as keyboard:
        monkeypatch.setattr("sys.stdin", keyboard)
        one = planned()
        progress = Progress([one], Output(io.StringIO(), err), text=True)
        asking = asyncio.create_task(progress.ask(one.run, Wait(3600.0, "retry-after", ask=True)))
        await asyncio.sleep(0)
        os.write(ours, typed)
        assert await asking is waits
    os.close(ours)
    assert "wait 3600 s" in err.getvalue()


async def test_nobody_is_asked_where_nobody_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    err = io.StringIO()
    progress = Progress([planned()], Output(io.StringIO(), err), text=True)
    assert not await progress.ask(planned().run, Wait(3600.0, "retry-after", ask=True))
    assert "the server asks to wait 3600 s" in err.getvalue()
