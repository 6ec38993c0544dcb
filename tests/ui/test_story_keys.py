"""The keys that show are the keys that work: Enter that runs, keys of the configuration, the key that quits."""

from __future__ import annotations

import pytest

from tests.ui.acts import Start, closed, opened
from workbench.core.config import Config
from workbench.ui.screens.choose import Choose
from workbench.ui.screens.dialog import Dialog
from workbench.ui.screens.keys import KeySheet
from workbench.ui.screens.write import Write

ENTER = Config(enter="run")


async def test_where_enter_runs_every_place_says_so(start: Start) -> None:
    async with start("usual", config=ENTER) as user:
        user.reads("then enter.", "enter run")
        assert "^J" not in user.screen
        await user.does("palette")
        palette = await opened(user, Choose)
        assert next(item.right for item in palette.items if item.id == "run") == "enter ctrl+enter F5"
        await user.presses("escape")
        await user.does("help")
        sheet = await opened(user, KeySheet)
        assert sheet.sheet.keys["run"] == "enter  ctrl+enter  F5"
        user.reads("enter  ctrl+enter  F5")
        await user.presses("escape")
        await user.types("One")
        await user.presses("ctrl+j", *"two")
        assert user.chat.prompt.text == "One\ntwo"
        await user.presses("enter")
        await user.settles()
        assert user.chat.session.messages[0].text == "One\ntwo"
        user.chat.view.focus()
        await user.does("first", "edit")
        user.reads("enter makes a sibling")


async def test_outside_the_prompt_enter_opens_and_the_other_key_runs(start: Start) -> None:
    async with start("usual", config=ENTER) as user:
        await user.does("tune")
        user.reads("^J run", "enter edit")


async def test_the_welcome_names_the_keys_as_they_are(start: Start) -> None:
    config = Config(keys={"run": ("f8",), "jump": (), "palette": ("f10",)})
    async with start("usual", config=config) as user:
        user.reads("then F8.", "^T parameters · F10 every command · F1 keys")
        user.chat.workbench.rebind("run", "f12")
        await user.does("help")
        await opened(user, KeySheet)
        await user.presses("enter", "f11", "enter")
        await closed(user)
        user.reads("then F11.")


@pytest.mark.parametrize("key", ["ctrl+q", "f10"])
async def test_the_quit_key_closes_a_dialog_and_not_the_program(start: Start, key: str) -> None:
    config = Config(keys={"quit": (key,)})
    async with start("usual", config=config) as user:
        for command in ("palette", "help", "jump", "recall", "theme", "title"):
            await user.does(command)
            await user.until(lambda: isinstance(user.app.screen, Dialog))
            await user.presses(key)
            await closed(user)
            assert not user.app._exit, command
            assert user.app.theme_name == "nightshift"
        await user.presses(key)
        await user.until(lambda: user.app._exit)


async def test_the_quit_key_discards_a_written_text_only_the_second_time(start: Start) -> None:
    async with start("usual") as user:
        user.chat.panel.focus()
        user.chat.panel.at = "system"
        await user.does("enter")
        await opened(user, Write)
        await user.presses("x", "ctrl+q")
        assert isinstance(user.app.screen, Write)
        user.reads("esc again discards")
        await user.presses("ctrl+q")
        await closed(user)
        assert user.chat.session.systems == ()
