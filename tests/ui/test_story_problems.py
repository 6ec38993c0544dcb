"""Whatever goes wrong is a sentence on the screen, and nothing that came, or was typed, is lost."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from tests.engine.fault_server import CHUNKED, EVENTS, TEXT, WORDS, answers, head, says, sends, serving, stalls
from tests.ui.acts import Gate, Held, Start, closed, notes, opened, reaching, simulator, streams
from tests.ui.story import User
from workbench.core.config import Config
from workbench.core.models import Catalogue
from workbench.core.run import Phase
from workbench.core.state import State
from workbench.simulator.faults import Fault
from workbench.ui.chat import running
from workbench.ui.screens.confirm import Confirm

OVERLOADED = says(
    "529 Overloaded",
    b'{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_7"}',
)
BEGUN = b"".join(b"%x\r\n%s\r\n" % (len(event), event) for event in EVENTS[: 3 + len(WORDS) // 2])


CLOSED = 9
"""A port where nobody listens: `discard` went out of use decades ago."""


def last(user: User) -> tuple[State | None, str]:
    """How the last run ended, and its title of the problem."""
    run = user.chat.session.runs[-1]
    return run.state, run.problem.title if run.problem else ""


async def test_a_rejected_key_says_so_without_showing_it(start: Start) -> None:
    async with simulator() as server, start("usual", chosen=reaching(server.base_url, "sk-invalid-7f3a9c21")) as user:
        await user.asks("Hello.")
        assert last(user)[0] is State.REJECTED
        user.reads("no answer", "HTTP 401", "Key rejected", "r runs it again", "req_")
        assert "sk-invalid" not in user.screen
        assert user.chat.session.messages[0].text == "Hello."


async def test_an_unknown_model_is_named_before_and_after_sending(start: Start) -> None:
    async with start("usual") as user:
        user.chat.change(user.chat.session.with_param(user.chat.lane, "model", "claude-sonet-4-6"))
        await user.types("Hello.")
        user.reads("did you mean", "claude-sonnet-4-6")
        await user.does("run")
        await user.settles()
        assert last(user)[0] is State.REJECTED
        user.reads("no answer", "claude-sonet-4-6")


async def test_a_parameter_that_the_server_refuses_comes_back_with_the_servers_words(start: Start) -> None:
    async with start("usual") as user:
        session = user.chat.session.with_param(user.chat.lane, "model", "claude-opus-5-5")
        user.chat.change(session.with_param(session.lane(), "temperature", 0.5))
        await user.asks("Hello.")
        assert last(user)[0] is State.REJECTED
        user.reads("no answer", "`temperature` is deprecated", "HTTP 400")
        user.chat.change(user.chat.session.with_param(user.chat.lane, "temperature", None))
        user.chat.view.focus()
        await user.does("rerun")
        await user.settles()
        assert last(user)[0] is State.COMPLETE
        assert "no answer" not in user.screen


@pytest.mark.fault("N02")
async def test_without_a_network_the_address_is_named_and_each_try_was_made(start: Start) -> None:
    async with start("usual", chosen=reaching(f"http://127.0.0.1:{CLOSED}")) as user:
        await user.asks("Hello.")
        assert last(user)[0] is State.UNREACHABLE
        user.reads("no answer", f"127.0.0.1:{CLOSED}", "try 3")
        await user.sees("no-network")


async def test_an_overloaded_server_is_asked_again_after_a_countdown_that_shows(start: Start) -> None:
    gate = Gate()
    later = says("529 Overloaded", b'{"type":"error","error":{"type":"overloaded_error"}}', retry_after=20)
    async with (
        serving(later, answers) as server,
        start("usual", chosen=reaching(server.base_url), sleep=gate.sleep) as user,
    ):
        await user.types("Name three colours.")
        await user.does("run")
        await user.until(lambda: gate.asked)
        user.draws(3)
        user.reads("try 2 in 20s", "^C stops", "^C stop ")
        assert "^J run" not in user.screen
        await user.sees("retry-countdown")
        gate.opened.set()
        await user.settles()
        assert last(user)[0] is State.COMPLETE
        assert user.chat.session.runs[-1].attempts == 2
        assert TEXT.strip() in user.screen


@pytest.mark.fault("C02")
async def test_a_countdown_can_be_stopped(start: Start) -> None:
    gate = Gate()
    async with (
        serving(OVERLOADED, answers) as server,
        start("usual", chosen=reaching(server.base_url), sleep=gate.sleep) as user,
    ):
        await user.types("Name three colours.")
        await user.does("run")
        await user.until(lambda: gate.asked)
        await user.does("stop")
        await user.settles()
        assert last(user)[0] is State.CANCELLED
        assert len(server.requests) == 1
        user.reads("no answer", "cancelled")


@pytest.mark.fault("H-RA")
@pytest.mark.parametrize(("key", "state", "tries"), [("w", State.COMPLETE, 2), ("n", State.REJECTED, 1)])
async def test_a_wait_of_more_than_a_minute_is_asked_for(start: Start, key: str, state: State, tries: int) -> None:
    later = says("429 Too Many Requests", b'{"type":"error","error":{"type":"rate_limit_error"}}', retry_after=3600)
    async with serving(later, answers) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types("Hello.")
        await user.does("run")
        await opened(user, Confirm)
        user.reads("3600 s", "Wait", "Give up")
        assert user.chat.lives[0].run.phase is Phase.ASKING
        await user.presses(key)
        await user.settles()
        assert last(user)[0] is state
        assert len(server.requests) == tries


async def test_an_answer_that_is_cut_off_is_kept_and_marked(start: Start) -> None:
    async with start("usual", faults=(Fault("cut", 1.0),)) as user:
        await user.asks("Write about the sea.")
        assert last(user)[0] is State.INTERRUPTED
        answer = user.chat.session.messages[-1]
        assert answer.role == "assistant"
        assert len(answer.text) > 20
        user.reads("interrupted", answer.text[:12])
        await user.sees("cut-off")


async def test_an_error_in_the_middle_of_an_answer_keeps_what_came(start: Start) -> None:
    async with start("usual", faults=(Fault("stream-error", 1.0),)) as user:
        await user.asks("Write about the sea.")
        assert last(user)[0] is State.REJECTED
        assert len(user.chat.session.messages[-1].text) > 20
        user.reads("rejected", "Overloaded")


async def test_an_end_without_its_last_event_is_never_called_complete(start: Start) -> None:
    async with (
        serving(sends(head() + b"".join(EVENTS[:-1]))) as server,
        start("usual", chosen=reaching(server.base_url)) as user,
    ):
        await user.asks("Hello.")
        assert last(user)[0] is State.UNCONFIRMED
        user.reads("unconfirmed", "word11")


@pytest.mark.fault("S01")
async def test_a_stream_that_falls_silent_says_so_and_stopping_keeps_what_came(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start("usual", faults=(Fault("stall", 1.0),)) as user:
        await user.types("Write about the sea.")
        await user.does("run")
        await streams(user)
        user.draws(3)
        user.reads("streaming", "^C stops", "simulated")
        await user.sees("streaming")
        clock = user.app.runner.clock
        monkeypatch.setattr(user.app.runner, "clock", lambda: clock() + 12.0)
        user.draws(3)
        await user.pilot.pause()
        user.reads("no data for 12s")
        await user.does("stop")
        await user.settles()
        assert last(user)[0] is State.CANCELLED
        assert len(user.chat.session.messages[-1].text) > 20
        user.reads("cancelled")


async def test_a_stall_before_anything_came_says_so_and_can_be_stopped(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(stalls(CHUNKED)) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types("Hello.")
        await user.does("run")
        await user.until(lambda: server.requests)
        user.draws(3)
        user.reads("waiting for the first token")
        clock = user.app.runner.clock
        monkeypatch.setattr(user.app.runner, "clock", lambda: clock() + 12.0)
        user.draws(3)
        await user.pilot.pause()
        assert user.screen.count("no data for 12s") == 2, "in the conversation and in the strip"
        monkeypatch.undo()
        await user.does("stop")
        await user.settles()
        assert last(user)[0] is State.CANCELLED
        assert len(user.chat.session.messages) == 1


@pytest.mark.parametrize("ticks", [0, 1, 2, 3])
async def test_a_run_stopped_in_the_moment_it_begins_is_cancelled(start: Start, ticks: int) -> None:
    async with start("usual") as user:
        await user.types("Hello.")
        running.run(user.chat)
        for _ in range(ticks):
            await asyncio.sleep(0)
        user.chat.lives[0].stop()
        await user.settles()
        assert last(user)[0] is State.CANCELLED


@pytest.mark.parametrize("text", ["", "  \n "])
async def test_an_empty_prompt_is_not_sent_and_says_so(start: Start, text: str) -> None:
    async with start("usual") as user:
        await user.types(text)
        user.chat.view.focus()
        await user.does("run")
        await user.pilot.pause()
        assert "the prompt is empty" in notes(user).lower()
        assert user.chat.session.runs == ()
        assert user.chat.prompt.has_focus
        assert user.chat.prompt.text == text


@pytest.mark.parametrize(("key", "runs"), [("s", 1), ("n", 0)])
async def test_a_run_that_may_pass_the_budget_is_asked_for(start: Start, key: str, runs: int) -> None:
    prices = {"claude-sonnet-4-6": {"input": 3.0, "output": 15.0}}
    async with (
        serving(answers) as server,
        start("usual", chosen=reaching(server.base_url), config=Config(budget_usd=Decimal("0.01"))) as user,
    ):
        user.app.desk.catalogue, _ = Catalogue.builtin().with_overrides({"prices": prices})
        await user.types("Hello.")
        await user.does("run")
        await opened(user, Confirm)
        user.reads("Over the budget?", "$0.00 of $0.0100 is spent", "may cost up to ≈$0.0154")
        await user.presses(key)
        await closed(user)
        await user.settles()
        assert len(user.chat.session.runs) == runs
        assert user.chat.prompt.text == ("" if runs else "Hello.")


async def test_a_run_of_unknown_price_is_asked_for_where_there_is_a_budget(start: Start) -> None:
    async with (
        serving(answers) as server,
        start("usual", chosen=reaching(server.base_url), config=Config(budget_usd=Decimal(5))) as user,
    ):
        await user.types("Hello.")
        await user.does("run")
        await opened(user, Confirm)
        user.reads("no known price")
        await user.presses("escape")
        await closed(user)
        assert server.requests == []


async def test_a_failed_turn_run_again_hides_why_it_failed_while_it_streams(start: Start) -> None:
    refused = says("400 Bad Request", b'{"type":"error","error":{"type":"invalid_request_error","message":"no"}}')
    held = Held()
    async with serving(refused, held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.asks("Hello.")
        user.reads("no answer")
        await user.does("run")
        await streams(user)
        assert "no answer" not in user.screen
        held.go_on.set()
        await user.settles()
        user.reads("word11")


async def test_after_a_failed_repeat_the_earlier_answers_are_one_key_away(start: Start) -> None:
    refused = says("400 Bad Request", b'{"type":"error","error":{"type":"invalid_request_error","message":"no"}}')
    async with serving(answers, refused) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.asks("Hello.")
        user.chat.view.focus()
        await user.does("rerun")
        await user.settles()
        user.reads("no answer")
        await user.does("last", "less")
        assert "no answer" not in user.screen
        user.reads("word0")
