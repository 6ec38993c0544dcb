"""A sweep outlives the program: what is kept is shown at once, and only what is missing is asked."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.ui.acts import Start, notes, reaching
from tests.ui.sweeps import PROMPT, agrees, defined, done, ends, lines, looks, results, sends, simulated, sweeping
from tests.ui.sweeps import asked as question
from workbench.core.config import Config
from workbench.core.problem import Problem
from workbench.core.record import RunRecord
from workbench.engine.results import Results
from workbench.engine.store import StoreError
from workbench.simulator import Simulator


@pytest.fixture
def after_each(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[RunRecord], None]], None]:
    """Have something done when a result was kept."""
    append = Results.append

    def hook(then: Callable[[RunRecord], None]) -> None:
        def appended(self: Results, record: RunRecord) -> None:
            append(self, record)
            then(record)

        monkeypatch.setattr(Results, "append", appended)

    return hook


def asked(server: Simulator) -> int:
    """How many answers it was asked for."""
    return sum(request.path.partition("?")[0].endswith("/messages") for request in server.received)


@pytest.mark.parametrize("prompt", [PROMPT, None], ids=["pinned", "from the editor"])
async def test_after_a_restart_only_what_is_missing_is_asked(
    start: Start, after_each: Callable[..., None], prompt: str | None
) -> None:
    async with simulated() as server:
        async with start("usual", chosen=reaching(server.base_url)) as user:
            defined(user, prompt=prompt)
            if prompt is None:
                await user.types(PROMPT)
            await looks(user)
            after_each(lambda record: sweeping(user).stop() if len(results(user)) == 7 else None)
            await sends(user)
            await ends(user)
            done_before = len(sweeping(user).records)
            file = user.chat.document.path
            assert 7 <= done_before < 45
        assert file is not None
        kept = len(lines(file))
        seen = asked(server)
        after_each(lambda record: None)
        async with start("usual", chosen=reaching(server.base_url), file=file) as user:
            user.chat.prompt.clear()
            await user.types("Something else by now.")
            await looks(user)
            user.reads(f"{done_before}/45", f"^J goes on: {45 - done_before} requests", "median")
            await sends(user)
            await ends(user)
            user.reads("45/45", "done")
            assert asked(server) - seen == 45 - done_before
            assert len(lines(file)) == kept + 45 - done_before
        stored = tomllib.loads(file.read_text())
        assert [sweep["prompt"] for sweep in stored["sweeps"]] == [PROMPT]


async def test_each_result_says_what_it_was_made_for(start: Start) -> None:
    async with simulated() as server, start("usual", chosen=reaching(server.base_url)) as user:
        defined(user, "temperature=0,1", repeats=2)
        await looks(user)
        await sends(user)
        await ends(user)
        found = [json.loads(line) for line in results(user)]
        assert sorted((each["cell"]["temperature"], each["repeat"]) for each in found) == [
            (0, 0),
            (0, 1),
            (1, 0),
            (1, 1),
        ]
        assert {each["sweep"] for each in found} == {"w1"}


async def test_more_values_and_repeats_ask_only_what_is_new(start: Start) -> None:
    async with simulated() as server, start("usual", chosen=reaching(server.base_url)) as user:
        defined(user, "temperature=0,1", repeats=2)
        await looks(user)
        await sends(user)
        await ends(user)
        defined(user, "temperature=0,0.5,1", repeats=3)
        user.app.screen.show()  # type: ignore[attr-defined]  # the Sweep screen
        await user.pilot.pause()
        user.reads("4/9")
        await sends(user)
        await ends(user)
        assert asked(server) == 9


async def test_a_result_that_cannot_be_kept_stops_the_sweep_and_says_why(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Results, record: RunRecord) -> None:
        raise StoreError(Problem("x.runs.jsonl is not written", "the disk is full", "Free some space."))

    monkeypatch.setattr(Results, "append", full)
    async with simulated() as server, start("usual", chosen=reaching(server.base_url)) as user:
        defined(user)
        await looks(user)
        await sends(user)
        await ends(user)
        user.reads("stopped by itself", "the disk is full")
        assert asked(server) < 45


async def test_a_damaged_line_is_told_and_the_rest_is_shown(start: Start) -> None:
    async with simulated() as server:
        async with start("usual", chosen=reaching(server.base_url)) as user:
            defined(user, "temperature=0,1", repeats=1)
            await looks(user)
            await sends(user)
            await ends(user)
            file = user.chat.document.path
        assert file is not None
        kept = file.with_name(f"{file.stem}.runs.jsonl")
        kept.write_text(kept.read_text() + "no record\n")
        async with start("usual", chosen=reaching(server.base_url), file=file) as user:
            await looks(user)
            await done(user)
            user.reads("2/2", "done")
            kept.write_text(kept.read_text() + "\n")
            await user.does("run")
            await done(user)
            assert notes(user).count("can't be read as a run record") == 1


async def test_the_budget_asks_before_a_sweep(start: Start) -> None:
    async with (
        simulated() as server,
        start("usual", chosen=reaching(server.base_url), config=Config(budget_usd=Decimal("0.01"))) as user,
    ):
        defined(user, "temperature=0,1")
        await looks(user)
        await user.does("run")
        await agrees(user)
        await user.until(lambda: "No price is known" in user.screen)
        await user.presses("n")
        await done(user)
        assert asked(server) == 0
        assert user.chat.document.path is None


async def test_what_changes_while_it_is_asked_about_is_not_sent_as_it_was(start: Start) -> None:
    async with simulated() as server, start("usual", chosen=reaching(server.base_url)) as user:
        defined(user, "temperature=0,1")
        await looks(user)
        await user.does("run")
        await question(user)
        user.chat.change(user.chat.session.with_param(user.chat.lane, "max_tokens", 50))
        user.chat.sweeping = None
        await user.presses("s")
        await user.until(lambda: "another one by now" in notes(user) or asked(server))
        assert asked(server) == 0


async def test_two_keys_at_once_send_one_sweep(start: Start) -> None:
    async with simulated() as server, start("usual", chosen=reaching(server.base_url)) as user:
        defined(user, "temperature=0", repeats=1)
        await looks(user)
        user.app.simulate_key("ctrl+j")
        user.app.simulate_key("ctrl+j")
        await user.until(lambda: sweeping(user).records)
        await done(user)
        await ends(user)
        assert asked(server) == 1
