"""Stories at the Batches screen: sent from Sweep and from Chat, followed, cancelled, fetched into cells and lanes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.ui.acts import Start, notes, opened
from tests.ui.batched import Hours, answers, asks_again, batch, goes_as_a_batch, quiet, to_batches
from tests.ui.story import User
from tests.ui.sweeps import AMPLE, defined, done, looks
from workbench.core.batch import Status
from workbench.core.canned import CannedResult, Result
from workbench.core.kinds import Json
from workbench.core.params import Params
from workbench.ui.batches.following import following
from workbench.ui.runs.table import Titles
from workbench.ui.screens.answer_call import AnswerCall
from workbench.ui.screens.choose import Choose
from workbench.ui.screens.confirm import Confirm


@pytest.mark.parametrize(("size", "name"), [("usual", "batches"), ("small", "batches-small")], ids=str)
async def test_a_sweep_is_sent_as_a_batch_and_fetched_into_its_cells(start: Start, size: str, name: str) -> None:
    hours = Hours()
    async with start(size, limits=AMPLE, batch_seconds=60.0, clock=hours) as user:
        defined(user, "model=claude-haiku-4-5,claude-sonnet-4-6", "max_tokens=200,400,100000", repeats=2)
        await looks(user)
        await user.does("batch-it")
        await opened(user, Confirm)
        user.reads("Send as a batch?", "12 requests", "simulated, half of", "within 24 hours", "forgets its batches")
        await answers(user, "s")
        await user.until(lambda: user.chat.session.batches and batch(user).open)
        assert user.chat.sweeping is not None
        user.reads("in a batch")
        assert "queued" not in user.screen
        screen = await to_batches(user)
        quiet(user)
        user.reads("Runs  Batches", "b1", "in progress", "sweep w1", "12 to come", "24h left", "▌ b1 ", "▏ b1-1 ")
        hours.seconds = 61.0
        await asks_again(user)
        assert batch(user).status is Status.COLLECTED
        user.reads("fetched", "10 answered · 2 errored", "Request not a")
        screen.query_one(Titles).jump_to("out")
        await user.rests()
        tokens = [row.output for row in screen.table.rows]
        assert tokens[:10] == sorted((each or 0 for each in tokens[:10]), reverse=True)
        screen.order = ""
        screen.fill(batch(user), first=True)
        await user.does("enter", "last")
        assert screen.table.row is not None
        assert screen.table.row.answer
        await user.sees(name)
        await user.does("enter", "back", "wire")
        user.reads("none: the answers of a batch come whole")
        await user.does("back", "back", "back")
        assert len(user.chat.document.results) == 12
        assert {each.cost_basis for each in user.chat.document.results} == {"simulated"}
        await looks(user)
        await refused_cells_have_failed(user)


async def refused_cells_have_failed(user: User) -> None:
    """What the batch was refused is marked and told as if it had failed live, and asked again only on demand."""
    sweeping = user.chat.sweeping
    assert sweeping is not None
    user.reads("12/12", "✗2", "tries what failed again")
    assert (len(sweeping.sweeper.failed), sweeping.sweeper.missing) == (2, ())
    await user.does("run")
    await done(user)
    assert "Every answer is there: nothing is missing. r tries again what failed." in notes(user)
    for _ in range(2):
        await user.presses("right")
    await user.does("enter")
    user.reads("✗ Request not accepted", "max_tokens: 100000 >")
    await user.does("batch-it")
    await opened(user, Confirm)
    user.reads("2 requests", "These failed before. Nothing else is missing.")
    await answers(user, "n")
    await user.does("rerun")
    await opened(user, Confirm)
    user.reads("12 requests · 10 done · in")
    await answers(user, "s")
    await user.until(lambda: user.chat.sweeping is not None and user.chat.sweeping.sweeper.state == "done")
    assert [each.id for each in user.chat.document.results[12:]] == ["w1-1", "w1-2"]


async def test_an_empty_list_says_what_a_batch_is(start: Start) -> None:
    async with start("small") as user:
        await to_batches(user)
        user.reads("No batch yet.", "at half the price", "d sends")
        await user.does("enter", "unset", "rerun", "wire")
        await done(user)
        assert "No batch is on its way." in notes(user)


async def test_the_prompt_goes_to_all_lanes_as_a_batch_and_its_answers_stand_in_the_conversation(start: Start) -> None:
    hours = Hours()
    async with start("usual", limits=AMPLE, batch_seconds=60.0, clock=hours) as user:
        params = Params(model="claude-haiku-4-5", max_tokens=60)
        user.chat.change(replace(user.chat.session, params=params))
        await user.types("Name a colour.")
        await user.does("compare")
        await done(user)
        await user.does("add")
        assert len(user.chat.session.lanes) == 2
        await user.does("batch-it")
        await opened(user, Confirm)
        user.reads("lanes A, B · asks “Name a colour.”", "2 requests")
        await answers(user, "s")
        await user.until(lambda: user.chat.session.batches and batch(user).open)
        assert (user.chat.draft, batch(user).lanes, user.chat.session.title) == ("", ("A", "B"), "Name a colour.")
        user.reads("in batch b1")
        await user.does("chat")
        user.reads("in batch b1")
        await user.does("compare")
        await user.does("batch-it")
        await opened(user, Confirm)
        user.reads("b1 asks the same already, on its way", "asks “Name a colour.”")
        await answers(user, "n")
        hours.seconds = 61.0
        assert following(user.chat).timer is not None
        quiet(user)
        following(user.chat)._look()  # as the timer does, whatever screen is up
        await user.until(lambda: batch(user).status is Status.COLLECTED)
        assert following(user.chat).timer is None
        await to_batches(user)
        user.reads("2 answered", "in the conversation")
        runs = [run for run in user.chat.session.runs if batch(user).made(run.id)]
        assert [run.lane for run in runs] == ["A", "B"]
        assert [user.chat.session.by_id[lane.tip or ""].run for lane in user.chat.session.lanes] == ["b1-1", "b1-2"]
        user.chat.document.undo()
        assert user.chat.session.batches
        assert user.chat.session.runs == tuple(runs)


async def test_an_answer_that_calls_tools_waits_and_nothing_goes_on_by_itself(start: Start) -> None:
    hours = Hours()
    async with start("usual", limits=AMPLE, batch_seconds=60.0, clock=hours) as user:
        tool = Json.of([{"name": "find", "description": "Finds.", "input_schema": {"type": "object"}}])
        params = Params(model="claude-haiku-4-5", max_tokens=60, tools=tool, tool_choice=Json.of({"type": "any"}))
        canned = (CannedResult("find", None, Result("It is here.")),)
        user.chat.change(replace(user.chat.session, params=params, tool_results=canned))
        await user.types("Use find.")
        await user.presses("escape")
        await user.does("batch-it")
        await opened(user, Confirm)
        user.reads("! tools: a batch answers once; calls in its answers wait")
        await answers(user, "s")
        await user.until(lambda: user.chat.session.batches and batch(user).open)
        quiet(user)
        hours.seconds = 61.0
        await user.until(lambda: not following(user.chat)._turns["simulator"].locked())
        await following(user.chat).look()
        await user.rests()
        said = "1 answer calls tools: a batch goes no further by itself. c in Chat does, live and at the full price."
        assert said in notes(user)
        assert [run.id for run in user.chat.session.runs] == ["b1-1"]
        await to_batches(user)
        user.reads(
            "1 answer calls tools: a batch goes no further", "by itself. c in Chat does, live and at the full price."
        )
        await user.does("chat")
        user.chat.view.focus()
        await user.does("answer")
        await opened(user, AnswerCall)
        user.reads("A canned result of this session stands ready.")


async def test_a_batch_is_cancelled_only_after_a_question_and_what_it_did_not_ask_is_missing_again(
    start: Start,
) -> None:
    hours = Hours()
    async with start("usual", limits=AMPLE, batch_seconds=60.0, clock=hours) as user:
        defined(user, "temperature=0,1", repeats=2)
        await goes_as_a_batch(user)
        await looks(user)
        user.app.screen.show_all()  # type: ignore[attr-defined]  # a board's
        assert user.chat.sweeping is not None
        assert user.chat.sweeping.sweeper.missing == ()
        user.reads("4 in a batch · F7 shows how far")
        await user.does("run")
        await done(user)
        assert "Every answer is there, or on its way in a batch: nothing is missing." in notes(user)
        await to_batches(user)
        await user.does("unset")
        await answers(user, "escape")
        assert batch(user).status is Status.IN_PROGRESS
        hours.seconds = 30.0
        await user.does("unset")
        await answers(user, "c")
        await user.until(lambda: batch(user).status is Status.CANCELING)
        hours.seconds = 33.0
        await asks_again(user)
        user.reads("2 answered · 2 cancelled", "2 were not asked before it was cancelled: they are")
        await user.does("unset")
        await opened(user, Confirm)
        user.reads("Take b1 off the list?", "Its answers stay where they are")
        await answers(user, "d")
        await user.until(lambda: not user.chat.session.batches)
        await looks(user)
        assert len(user.chat.sweeping.sweeper.missing) == 2


async def test_what_was_on_its_way_is_asked_about_when_the_session_is_opened_again(
    start: Start, tmp_path: Path
) -> None:
    file = tmp_path / "kept.toml"
    file.write_text(
        '[params]\nmodel = "claude-haiku-4-5"\nmax_tokens = 9\n\n[[batches]]\nid = "b1"\nendpoint = "simulator"\n'
        'server_id = "msgbatch_gone"\nlanes = ["A"]\nrequests = 1\ncreated = 2026-11-22T13:00:00Z\n\n'
        '[[batches]]\nid = "b2"\nendpoint = "elsewhere"\nserver_id = "msgbatch_2"\nrequests = 5\n'
    )
    async with start("usual", file=file) as user:
        await user.until(lambda: user.chat.batching is not None)
        await to_batches(user)
        user.reads("elsewhere", "elsewhere is not in the configuration: add it there")
        user.reads("x cancel", "What it asks is written nowhere here any more.")
        await asks_again(user)
        await user.presses("down")
        user.reads("lost", "does not know it, or not any more", "1 lost", "x take off")
        assert [each.status for each in user.chat.session.batches] == [Status.LOST, Status.IN_PROGRESS]


async def test_a_batch_that_is_refused_leaves_no_row_and_says_why(start: Start) -> None:
    async with start("usual", limits=(1, 20_000_000, 20_000_000)) as user:
        defined(user, "temperature=0,1", repeats=1)
        await looks(user)
        for _ in range(2):
            await user.does("batch-it")
            await answers(user, "s")
            await user.until(lambda: not [w for w in user.app.workers if w.group == "commands" and not w.is_finished])
            if user.chat.session.batches:
                quiet(user)
                defined(user, "temperature=0.5,0.75", repeats=1)
                user.chat.record(replace(user.chat.session, batches=()))
                await looks(user)
        assert user.chat.session.batches == ()
        assert "The batch was not taken: Rate limited" in notes(user)


@pytest.mark.parametrize(
    ("params", "said"),
    [(Params(model="claude-haiku-4-5", max_tokens=0), "max_tokens of 0"), (Params(model="claude-haiku-4-5"), "max")],
)
async def test_what_a_batch_does_not_take_is_said_before_anything_is_asked(
    start: Start, params: Params, said: str
) -> None:
    async with start("usual") as user:
        user.chat.change(replace(user.chat.session, params=params))
        await user.types("Hi")
        await user.chat.do("batch-it")
        await done(user)
        assert said in notes(user)
        assert user.chat.session.batches == ()


async def test_where_several_may_be_meant_the_person_says_which(start: Start) -> None:
    hours = Hours()
    async with start("usual", limits=AMPLE, batch_seconds=60.0, clock=hours) as user:
        defined(user, "temperature=0,1", repeats=2)
        sent = []
        for _ in range(2):
            user.chat.record(replace(user.chat.session, batches=()))
            user.chat.sweeping = None
            await looks(user)
            await user.does("batch-it")
            await answers(user, "s")
            await user.until(lambda: user.chat.session.batches and batch(user).open)
            sent.append(batch(user))
            quiet(user)
        unsure = replace(sent[1], status=Status.INTENDED, server_id="", expires=None)
        user.chat.record(replace(user.chat.session, batches=(unsure,)))
        await to_batches(user)
        await user.does("rerun")
        await user.until(lambda: isinstance(user.app.screen, Choose))
        await user.rests()
        user.reads("Which of these is b1?", sent[0].server_id, sent[1].server_id, "None of these")
        await user.presses("enter")
        await user.until(lambda: batch(user).server_id == sent[1].server_id)
        await done(user)
        assert batch(user).status is Status.IN_PROGRESS
