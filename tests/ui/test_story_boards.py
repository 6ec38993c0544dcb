"""The screens over the chat: how one gets there and back, and that no command fails on any of them."""

from __future__ import annotations

from itertools import cycle

import pytest

from tests.ui.acts import Start, closed, hushed, notes, tries
from tests.ui.story import User
from workbench.ui.board import Board
from workbench.ui.commands import COMMANDS
from workbench.ui.widgets.topbar import TopBar

TRIED = tuple(command for command in COMMANDS if command.group != "anywhere" and command.id[-1] not in "345678")
"""What the chat does for every screen is tried there; numbers are alike."""
BOARDS = {
    "sweep": "SweepScreen",
    "batches": "BatchesScreen",
    "runs": "RunsScreen",
    "wire": "WireScreen",
    "diff": "DiffScreen",
}


async def answered(user: User) -> None:
    """A session with two runs of one turn and two lanes."""
    user.chat.change(user.chat.session.with_param(user.chat.lane, "max_tokens", 16))
    await user.asks("Say hello.")
    await user.does("run")
    await user.settles()
    user.chat.view.focus()


def up(user: User) -> str:
    """The screen that is up, whatever dialog lies over it."""
    return type(user.chat.front).__name__


async def goes(user: User, board: str) -> None:
    await user.chat.do(board)
    await user.until(lambda: up(user) == BOARDS[board])
    await user.rests()


@pytest.mark.parametrize("size", ["usual", "small", "tiny"])
async def test_one_gets_to_each_and_escape_leads_back(start: Start, size: str) -> None:
    async with start(size) as user:
        await answered(user)
        for board in BOARDS:
            await goes(user, board)
            assert isinstance(user.chat.front, Board)
            for _ in range(4):
                if up(user) != "Chat":
                    await user.presses("escape")
            assert up(user) == "Chat", board


@pytest.mark.parametrize("board", BOARDS)
async def test_no_command_fails_on_a_board(start: Start, board: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with start("usual") as user:
        await answered(user)
        told = hushed(user, monkeypatch)
        for command in TRIED:
            if up(user) != BOARDS[board]:
                await goes(user, board)
            await tries(user, command.id)
        assert user.app.is_running
        assert "Transpose does nothing here." in told or board == "sweep"


async def test_no_command_fails_in_compare(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    async with start("usual") as user:
        await answered(user)
        told = hushed(user, monkeypatch)
        for command, pane in zip(TRIED, cycle(("lanes", "panel", "prompt")), strict=False):
            if user.chat.front is not user.chat or not user.chat.comparing:
                await user.chat.do("compare")
                await closed(user)
            getattr(user.chat, pane).focus()
            await tries(user, command.id)
        assert user.app.is_running
        assert "That works in Sweep, Runs or Diff." in told


async def test_a_key_goes_from_any_screen_to_any_other_and_the_mouse_does(start: Start) -> None:
    async with start("usual") as user:
        await answered(user)
        for key, name in (("f6", "SweepScreen"), ("f8", "RunsScreen"), ("f6", "SweepScreen")):
            await user.presses(key)
            await user.until(lambda name=name: type(user.app.screen).__name__ == name)  # type: ignore[misc]
            assert len(user.app.screen_stack) == 2, "one replaces the other"
        await user.presses("f3")
        await user.until(lambda: user.chat.comparing and user.app.screen is user.chat)
        await user.presses("f2")
        assert not user.chat.comparing
        bar = user.chat.query_one("#top", TopBar)
        column = user.screen.splitlines()[0].index("Runs")
        await user.pilot.click(bar, offset=(column, 0))
        await user.until(lambda: type(user.app.screen).__name__ == "RunsScreen")


async def test_a_command_of_another_screen_says_so(start: Start) -> None:
    async with start("usual") as user:
        await answered(user)
        await goes(user, "wire")
        await user.chat.front.do("transpose")
        await user.rests()
        assert "does nothing here" in notes(user)
