"""Whatever a network or a server does, the program stays: in Chat, in lanes side by side, and in a sweep."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

import pytest

from tests.engine.fault_server import FaultServer, serving
from tests.ui.acts import Start, reaching
from tests.ui.lane_acts import comes
from tests.ui.odd_servers import ODD, behaviours, in_turn
from tests.ui.story import LATE_S, User
from tests.ui.sweeps import defined, done, ends, looks
from tests.ui.sweeps import sends as agreed
from workbench.core.state import State


async def asks(user: User, server: FaultServer, times: int) -> None:
    """So often, drawing all the time; every run comes to an end and is shown."""
    for number in range(times):
        user.chat.prompt.focus()
        await user.types(f"Question {number}.")
        await user.does("run")
        late = monotonic() + 3 * LATE_S
        while user.chat.lives and monotonic() < late:
            user.draws()
            await user.pilot.pause()
        assert not user.chat.lives, server.requests[-1].head
        assert user.app.is_running
        user.chat.view.fold(user.chat.view.current)
        await user.rests()
        assert user.screen
    assert all(run.state is not None for run in user.chat.session.runs)


@pytest.mark.fault("S10", "S13", "S14")
async def test_no_behaviour_ends_the_program_in_chat(start: Start, rounds: Callable[[int, int], int]) -> None:
    chosen = behaviours(rounds(9, 1))
    async with serving(in_turn(chosen)) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await asks(user, server, len(chosen))
        assert all("kept" in str(run.content) for run in user.chat.session.runs[: len(ODD)])
        await user.does("runs")
        await user.chat.front.do("sort")
        await user.pilot.pause()
        assert user.app.is_running


@pytest.mark.fault("S10", "S13", "S14")
@pytest.mark.parametrize("lanes", [4, 8])
async def test_no_behaviour_ends_the_program_in_compare(
    start: Start, rounds: Callable[[int, int], int], lanes: int
) -> None:
    chosen = behaviours(rounds(20, 1))
    async with serving(in_turn(chosen)) as server, start("large", chosen=reaching(server.base_url)) as user:
        for _ in range(lanes - 1):
            await user.chat.do("add")
            await comes(user)
        assert user.chat.comparing
        assert len(user.chat.session.lanes) == lanes
        await asks(user, server, -(-len(chosen) // lanes))
        assert len(server.requests) >= len(chosen)


@pytest.mark.fault("S10", "S13", "S14")
async def test_no_behaviour_ends_the_program_in_a_sweep(start: Start, rounds: Callable[[int, int], int]) -> None:
    chosen = behaviours(rounds(20, 1))
    async with serving(in_turn(chosen)) as server, start("usual", chosen=reaching(server.base_url)) as user:
        defined(user, "temperature=0,1", repeats=-(-len(chosen) // 2))
        screen = await looks(user)
        await agreed(user)
        await ends(user)
        for _ in range(6):
            await screen.do("raw")
            await done(user)
        assert user.app.is_running
        assert user.chat.sweeping is not None
        states = {record.state for record in user.chat.sweeping.records.values()}
        assert State.COMPLETE in states
