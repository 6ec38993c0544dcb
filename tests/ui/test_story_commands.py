"""Every command is there for everybody: done somewhere, in the palette, in the key sheet, and rebound as one likes."""

from __future__ import annotations

from itertools import cycle

import pytest

from tests.ui.acts import Start, closed, hushed, notes, opened, tries
from workbench.core.config import Config
from workbench.ui import commands
from workbench.ui.chat.handlers import MOVES, PARAMETERS_ONLY, find_handler
from workbench.ui.chat.screen import Chat
from workbench.ui.commands import BY_ID, COMMANDS, Command
from workbench.ui.screens.choose import Choose
from workbench.ui.screens.keys import KeySheet
from workbench.ui.widgets.chat_view import ChatView
from workbench.ui.widgets.parameters import Parameters

LEAVES = {"quit", "editor", *(f"pick-{at}" for at in range(2, 9))}
"""Commands that take the whole terminal, or give it back; and all presets but one, which are alike."""


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_command_is_done_somewhere(command: Command) -> None:
    method = f"do_{command.id.replace('-', '_')}"
    assert hasattr(Chat, method) or callable(find_handler(command.id))
    if command.group == "parameters" and command.id in PARAMETERS_ONLY:
        assert hasattr(Parameters, method)
    if command.id in MOVES:
        assert hasattr(Parameters, method)
        assert hasattr(ChatView, method)


def test_no_two_commands_share_an_id_or_a_key_that_both_would_get() -> None:
    assert len(BY_ID) == len(COMMANDS)
    owners: dict[str, list[str]] = {}
    for command in COMMANDS:
        for key in command.keys:
            owners.setdefault(commands.canonical(key), []).append(command.id)
    assert {key: names for key, names in owners.items() if len(names) > 1} == {}


async def test_the_palette_and_the_key_sheet_hold_every_command_with_its_keys(start: Start) -> None:
    async with start("usual") as user:
        await user.does("palette")
        palette = await opened(user, Choose)
        assert [item.id for item in palette.items] == [command.id for command in COMMANDS]
        rows = {item.id: item.right for item in palette.items}
        assert rows["run"].split() == ["^J", "ctrl+enter", "F5"]
        await user.presses("escape")
        await user.does("help")
        sheet = await opened(user, KeySheet)
        assert {command.id for command in sheet.sheet.commands} == set(BY_ID)


async def test_the_palette_runs_what_is_typed_and_chosen(start: Start) -> None:
    async with start("usual") as user:
        await user.types("Say hello.")
        await user.does("palette")
        palette = await opened(user, Choose)
        palette.field.value = "run"
        await user.pilot.pause()
        await user.presses("enter")
        await user.until(lambda: user.chat.session.runs)
        await user.settles()
        assert user.chat.session.messages[0].text == "Say hello."


@pytest.mark.parametrize("anywhere", [True, False])
async def test_no_command_of_the_palette_fails_wherever_one_is(
    start: Start, monkeypatch: pytest.MonkeyPatch, *, anywhere: bool
) -> None:
    async with start("usual") as user:
        user.chat.change(user.chat.session.with_param(user.chat.lane, "max_tokens", 16))
        await user.asks("Say hello.")
        told = hushed(user, monkeypatch)
        panes = cycle((user.chat.prompt, user.chat.view, user.chat.panel))
        tried = [each for each in COMMANDS if each.id not in LEAVES and (each.group == "anywhere") == anywhere]
        for command, pane in zip(tried, panes, strict=False):
            pane.focus()
            await tries(user, command.id)
            for _ in range(3):
                if user.chat.front is not user.chat:
                    await user.chat.front.do("back")
            assert user.app.screen is user.chat, command.id
        assert ("Nothing is running; ^Q quits." if anywhere else "That works in Sweep, Runs or Diff.") in told


async def test_moving_from_the_palette_moves_in_the_conversation(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("Say hello.")
        user.chat.prompt.focus()
        await user.chat.do("first")
        assert user.chat.view.current == "m1"
        await user.chat.do("next")
        assert user.chat.view.current == "m2"


async def test_a_command_of_the_parameters_says_where_it_works(start: Start) -> None:
    async with start("usual") as user:
        await user.chat.do("unset")
        await user.pilot.pause()
        assert "parameters" in notes(user)
        assert user.chat.session.params.model is not None


async def test_a_key_of_the_configuration_replaces_the_built_in_ones(start: Start) -> None:
    async with start("usual", config=Config(keys={"save": ("f12",), "run": ("ctrl+j", "f11")})) as user:
        await user.types("Say hello.")
        await user.presses("ctrl+s")
        assert user.chat.document.path is None
        await user.presses("f12")
        await user.settles()
        await user.until(lambda: user.chat.document.path)
        await user.presses("f11")
        await user.until(lambda: user.chat.session.runs)
        assert notes(user).count("keys") == 0


async def test_a_key_that_the_configuration_takes_from_a_command_is_told_and_works_as_told(start: Start) -> None:
    async with start("usual", config=Config(keys={"save": ("ctrl+r",)})) as user:
        assert notes(user) == "config.toml: keys: ^R is given to recall and save; save gets it"
        await user.types("Say hello.")
        await user.presses("ctrl+r")
        await user.until(lambda: user.chat.document.path)
        assert user.app.screen is user.chat


async def test_keys_can_be_written_as_their_character_and_taken_away(start: Start) -> None:
    async with start("usual", config=Config(keys={"zoom": ("+",), "save": ()})) as user:
        assert notes(user) == ""
        user.chat.view.focus()
        await user.presses("plus")
        assert user.chat.has_class("-zoomed")
        await user.presses("ctrl+s")
        assert user.chat.document.path is None
        assert commands.keys_of(BY_ID["save"], user.app.keys_in_use) == ()


@pytest.mark.parametrize(
    ("keys", "note"),
    [
        ({"rum": ("f12",)}, "config.toml: keys.rum is no command; did you mean run?"),
        ({"run": ("ctl+j", "f12")}, "config.toml: keys.run: 'ctl+j' is no key; write it like ctrl+j, f5, space or ?"),
        ({"zzz": ("f12",)}, "config.toml: keys.zzz is no command; the key sheet (F1) lists them"),
        ({"open": ("ctrl+o",), "new": ("ctrl+o",)}, "config.toml: keys: ^O is given to open and new; open gets it"),
    ],
)
def test_each_mistake_in_the_keys_is_one_line_with_its_remedy(keys: dict[str, tuple[str, ...]], note: str) -> None:
    assert commands.keymap(keys)[1] == [note]


def test_the_keys_of_every_command_survive_being_written_in_the_configuration() -> None:
    made, mistakes = commands.keymap({command.id: command.keys for command in COMMANDS})
    assert mistakes == []
    assert all(commands.keys_of(each, made) == commands.keys_of(each, {}) for each in COMMANDS)


async def test_a_wrong_entry_of_the_keys_is_one_note_on_the_screen_and_the_rest_works(start: Start) -> None:
    async with start("usual", config=Config(keys={"rum": ("f12",)})) as user:
        assert notes(user) == "config.toml: keys.rum is no command; did you mean run?"
        await user.types("Say hello.")
        await user.does("run")
        await user.until(lambda: user.chat.session.runs)


async def test_a_key_rebound_in_the_key_sheet_works_at_once_and_shows_everywhere(start: Start) -> None:
    async with start("usual") as user:
        await user.does("help")
        sheet = await opened(user, KeySheet)
        await user.presses("slash", *"save", "enter")
        assert sheet.sheet.chosen == BY_ID["save"]
        await user.presses("enter", "f12", "enter")
        await closed(user)
        assert '[keys] in config.toml: save = ["f12"]' in notes(user)
        user.reads("F12 save")
        await user.types("Say hello.")
        await user.presses("f12")
        await user.until(lambda: user.chat.document.path)


async def test_a_chord_that_asks_for_the_whole_screen_comes_back_to_where_one_was(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("Say hello.")
        user.chat.view.focus()
        for command in ("palette", "help", "jump", "recall", "open", "theme"):
            await user.does(command)
            await user.until(lambda: user.app.screen is not user.chat)
            await user.presses("escape")
            await closed(user)
            assert user.chat.view.has_focus, command
