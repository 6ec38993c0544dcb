"""The key sheet: finding a command, giving it a key, and which keys are refused or doubted."""

from __future__ import annotations

import pytest

from tests.ui.host import NOTHING, Host, seen
from workbench.ui import chords
from workbench.ui.commands import COMMANDS
from workbench.ui.screens.keys import KeySheet
from workbench.ui.widgets.sheet import Sheet


def sheet(**keymap: str) -> Host:
    return Host(lambda: KeySheet(keymap))


@pytest.mark.parametrize(
    ("keys", "result"),
    [
        ("escape", None),
        ("q", None),
        ("enter f12 enter", ("run", "f12")),
        ("j enter f12 enter", ("stop", "f12")),
        ("down down up enter f12 enter", ("stop", "f12")),
        ("enter f12 f11 enter", ("run", "f11")),
        ("enter f12 escape escape", None),
        ("enter q enter", ("run", "q")),
        ("enter j enter", ("run", "j")),
        ("enter slash enter", ("run", "slash")),
        ("enter enter enter", NOTHING),
        ("enter tab enter", NOTHING),
        ("enter f12 ctrl+h enter", NOTHING),
        ("slash o p e n enter enter f12 enter", ("open", "f12")),
        ("slash z z z enter enter f12 enter", NOTHING),
        ("slash x escape escape", None),
        ("slash x escape", NOTHING),
        ("G enter f12 enter", (COMMANDS[-1].id, "f12")),
        ("pagedown home enter f12 enter", ("run", "f12")),
    ],
)
async def test_keys(keys: str, result: object) -> None:
    app = sheet()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys.split())
        assert app.result == result


async def test_every_command_stands_there_with_its_keys_and_help() -> None:
    app = sheet(run="ctrl+y")
    async with app.run_test(size=(200, 60)) as pilot:
        screen = seen(pilot)
        assert all(command.title in screen for command in COMMANDS)
        assert "^J" not in screen
        assert "^Y" in screen
        assert COMMANDS[0].help in screen
        await pilot.press("down")
        assert COMMANDS[1].help in seen(pilot)


@pytest.mark.parametrize(("width", "columns"), [(120, 2), (100, 2), (99, 1), (40, 1)])
async def test_two_columns_from_a_hundred(width: int, columns: int) -> None:
    app = sheet()
    async with app.run_test(size=(width, 24)) as pilot:
        assert max(line.count("PARAMETERS") + line.count("ANYWHERE") for line in seen(pilot).splitlines()) == 1
        await pilot.press("l", "enter", "f12", "enter")
        assert (app.result == ("run", "f12")) == (columns == 1)


async def test_the_highlighted_command_stays_in_sight() -> None:
    app = sheet()
    async with app.run_test(size=(40, 10)) as pilot:
        rows = app.screen.query_one(Sheet)
        for at, command in enumerate(COMMANDS):
            assert rows.chosen == command
            shown = [rows.render_line(y).text for y in range(rows.scrollable_content_region.height)]
            (row,) = [line for line in shown if "▌" in line]
            assert command.title[:12] in row
            if at % 10 == 0:
                assert row.strip() in seen(pilot)
                await pilot.press("j")
            else:
                rows.move(1)


async def test_a_clash_names_the_other_and_the_line_for_the_configuration_is_shown() -> None:
    app = sheet()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("enter")
        assert "press the new key for Run" in seen(pilot)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "^S already means Save" in seen(pilot)
        assert 'run = "ctrl+s"' in seen(pilot)
        await pilot.press("ctrl+m")
        assert app.result is NOTHING
        assert "can't be told from enter" in seen(pilot)
        await pilot.press("f12")
        assert "already means" not in seen(pilot)
        await pilot.press("escape")
        assert COMMANDS[0].help in seen(pilot)


async def test_a_click_asks_for_a_key() -> None:
    app = sheet()
    async with app.run_test(size=(120, 40)) as pilot:
        lines = seen(pilot).splitlines()
        y = next(at for at, line in enumerate(lines) if "Recall" in line)
        await pilot.click(offset=(lines[y].index("Recall"), y))
        await pilot.press("f12", "enter")
        assert app.result == ("recall", "f12")


@pytest.mark.parametrize(
    "key",
    ["ctrl+h", "ctrl+i", "ctrl+m", "enter", "escape", "tab", "alt+enter", "alt+1", "alt+slash", "ctrl+1", "ctrl+@"],
)
def test_keys_that_never_arrive_are_refused(key: str) -> None:
    assert chords.forbidden(key)


@pytest.mark.parametrize("key", ["ctrl+a", "ctrl+b", "alt+m", "ctrl+enter", "f6", "x", "question_mark"])
def test_keys_that_do_not_always_work_are_doubted(key: str) -> None:
    assert not chords.forbidden(key)
    assert chords.doubtful(key)


@pytest.mark.parametrize("key", ["ctrl+g", "ctrl+j", "f5", "f12", "shift+f5", "ctrl+up", "delete", "pageup"])
def test_other_keys_are_welcome(key: str) -> None:
    assert not chords.forbidden(key)
    assert not chords.doubtful(key)


def test_no_command_of_ours_has_a_key_that_never_arrives() -> None:
    ours = {key for command in COMMANDS for key in command.keys} - set(chords.NEEDED)
    assert [key for key in ours if chords.forbidden(key)] == []
