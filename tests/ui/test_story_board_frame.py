"""What every screen over the chat has from its frame: jump, palette, the way back, a key line that tells the truth."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.acts import Start, closed, opened
from tests.ui.board_acts import filters, goes_to_runs, ids, worked
from tests.ui.story import User
from workbench.engine import store
from workbench.ui.board import Board
from workbench.ui.chat import opening
from workbench.ui.diff.screen import DiffScreen
from workbench.ui.runs.screen import RunsScreen
from workbench.ui.screens.choose import Choose
from workbench.ui.screens.jump import Jump
from workbench.ui.wire.screen import WireScreen


async def listed(user: User) -> RunsScreen:
    """The list of an afternoon's runs."""
    user.chat.document.record(worked())
    return await goes_to_runs(user)


async def jumps(user: User, x: int, y: int) -> None:
    """Type the letters that stand at this cell."""
    await user.does("jump")
    jump = await opened(user, Jump)
    (label,) = [label for label, target in jump.targets.items() if (target.x, target.y) == (x, y)]
    await user.presses(*label)
    await user.until(lambda: not isinstance(user.app.screen, Jump))
    await user.rests()


def place(user: User, text: str, *, after: str = "") -> tuple[int, int]:
    """The cell where this text begins."""
    lines = user.screen.splitlines()
    y = next(at for at, line in enumerate(lines) if text in line and after in line)
    return lines[y].index(text), y


async def test_jump_goes_to_rows_titles_and_other_screens(start: Start) -> None:
    async with start("usual") as user:
        screen = await listed(user)
        x, y = place(user, "r11")
        await jumps(user, x - 2, y)
        assert screen.table.row is not None
        assert screen.table.row.record.id == "r11"
        await jumps(user, *place(user, "model", after="ttft"))
        assert screen.order == "model"
        assert ids(screen)[0] == "r2"
        x, y = place(user, " Compare ")
        await jumps(user, x, y)
        await user.until(lambda: user.app.screen is user.chat and user.chat.comparing)
        x, y = place(user, " Chat ")
        await jumps(user, x, y)
        assert not user.chat.comparing


async def test_jump_goes_to_sections_of_the_wire_and_to_changes_of_a_diff(start: Start) -> None:
    async with start("usual") as user:
        screen = await listed(user)
        await user.does("wire")
        await user.until(lambda: isinstance(user.app.screen, WireScreen) and user.app.screen.pages.sections)
        await user.rests()
        wire = user.app.screen
        assert isinstance(wire, WireScreen)
        x, y = place(user, " response ")
        await jumps(user, x, y)
        assert wire.pages.sections[wire.pages.section].title == "response"
        await user.does("back")
        screen.table.marked = [screen.rows[0].key, screen.rows[14].key]
        await user.does("diff")
        await user.until(lambda: isinstance(user.app.screen, DiffScreen))
        await user.rests()
        diff = user.app.screen
        assert isinstance(diff, DiffScreen)
        assert diff.change == -1
        await jumps(user, *place(user, "Category"))
        assert diff.change == 0


async def test_a_command_of_the_palette_is_done_on_the_screen_that_is_up(start: Start) -> None:
    async with start("usual") as user:
        screen = await listed(user)
        await user.does("palette")
        palette = await opened(user, Choose)
        palette.field.value = "more, or the later"
        await user.pilot.pause()
        await user.presses("enter")
        await user.until(lambda: screen.order == "cost")
        assert user.app.screen is screen


@pytest.mark.parametrize(("key", "pane"), [("ctrl+t", "parameters"), ("i", "prompt")])
async def test_a_key_of_the_chat_leads_into_it(start: Start, key: str, pane: str) -> None:
    async with start("usual") as user:
        await listed(user)
        await user.presses(key)
        assert user.app.screen is user.chat
        assert user.chat.focused is not None
        assert user.chat.focused.id == pane


async def test_another_session_closes_what_stood_over_the_one_before(start: Start, tmp_path: Path) -> None:
    async with start("usual") as user:
        store.save(tmp_path / "other.toml", worked())
        await goes_to_runs(user)
        await opening.open_file(user.chat, tmp_path / "other.toml")
        await closed(user)
        assert len(user.chat.session.runs) == 15


async def test_the_key_line_says_what_the_keys_do_here_and_now(start: Start) -> None:
    async with start("usual") as user:
        await goes_to_runs(user)
        user.reads("v all sessions", "esc back")
        assert "enter open" not in user.screen
        await user.does("back")
        await listed(user)
        user.reads("enter open", "r again exactly", "v all sessions", "F1 keys")
        await filters(user, "rate")
        user.reads("enter to the list", "esc no filter")
        assert "o sort" not in user.screen.splitlines()[-1]
        await user.presses("enter")
        user.reads("o sort")
        await user.does("zoom")
        user.reads("l next run", "esc the list")
        await user.does("back", "wire")
        await user.until(lambda: isinstance(user.app.screen, WireScreen))
        await user.rests()
        user.reads("v for reading", "l next section")
        await user.does("find")
        user.reads("enter to the text", "esc close")
        await user.presses("a", "enter")
        user.reads("n next", "v for reading")


@pytest.mark.parametrize("board", ["sweep", "runs", "wire", "diff"])
async def test_a_screen_may_be_closed_before_it_came_up(start: Start, board: str) -> None:
    async with start("usual") as user:
        user.chat.document.record(worked())
        user.chat.view.focus()
        await user.rests()
        for way in ("chat", "runs", "sweep"):
            await user.chat.do(board)
            front = user.chat.front
            assert isinstance(front, Board)
            assert not front.up
            for command in ("copy", "back"):
                await front.do(command)
            user.chat.show()
            front.draw_frame()
            front.show_status()
            await user.chat.do(way)
            await user.rests()
            await user.chat.do("chat")
        assert user.app.screen is user.chat


async def test_the_mouse_presses_the_keys_of_the_key_line(start: Start) -> None:
    async with start("usual") as user:
        screen = await listed(user)
        x, y = place(user, "space mark", after="F1 keys")
        await user.pilot.click(offset=(x + 8, y))
        await user.until(lambda: screen.table.marked)
        await user.pilot.click(offset=place(user, "esc back", after="F1 keys"))
        await user.until(lambda: not screen.table.marked)
        await user.pilot.click(offset=(119, y))
        await user.pilot.click(offset=place(user, "esc back", after="F1 keys"))
        await closed(user)
        await user.pilot.click(offset=place(user, "^T tune"))
        await user.until(lambda: user.chat.panel.has_focus)


async def test_a_click_on_a_run_shows_it_and_another_opens_it(start: Start) -> None:
    async with start("usual") as user:
        screen = await listed(user)
        spot = place(user, "r11")
        await user.pilot.click(offset=spot)
        await user.rests()
        assert screen.table.row is not None
        assert screen.table.row.record.id == "r11"
        assert user.app.screen is screen
        await user.pilot.click(offset=spot)
        await closed(user)
        message = user.chat.session.by_id[user.chat.view.current]
        assert message.run == "r11"


async def test_a_screen_looks_at_the_session_once_a_second(start: Start) -> None:
    async with start("usual") as user:
        screen = await listed(user)
        assert len([timer for timer in screen._timers if timer._callback == screen.show_all]) == 1
