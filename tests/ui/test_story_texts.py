"""System prompts, variables, and the rows that unfold."""

from __future__ import annotations

import pytest

from tests.ui.acts import Start, closed, notes, on, opened, params, types_into
from workbench.ui.screens.ask import Ask
from workbench.ui.screens.write import Write


async def test_more_unfolds_what_is_rarely_set(start: Start) -> None:
    async with start("usual") as user:
        on(user, "more")
        assert "API version" not in user.screen
        await user.does("enter")
        user.reads("API version", "fewer")
        on(user, "param:version")
        await user.does("more")
        on(user, "more")
        await user.does("enter")
        user.reads("API version", "2023-06-01")


async def test_each_change_of_the_system_prompt_is_a_version_that_can_be_gone_back_to(start: Start) -> None:
    async with start("usual") as user:
        await types_into(user, "system", "You are brief.")
        await closed(user)
        await types_into(user, "system", "You are verbose.")
        await closed(user)
        user.reads("s2 ·", "You are verbose.")
        on(user, "system")
        await user.does("less")
        assert params(user).system == "You are brief."
        await user.does("less")
        assert params(user).system is None
        await user.does("more")
        assert params(user).system == "You are brief."
        await user.does("unset")
        assert params(user).system is None
        assert len(user.chat.session.systems) == 2
        await user.does("undo")
        assert params(user).system == "You are brief."


async def test_a_variable_is_added_edited_and_removed(start: Start) -> None:
    async with start("usual") as user:
        await user.does("tune", "add")
        ask = await opened(user, Ask)
        ask.field.value = "order id"
        await user.presses("enter")
        user.reads("A name begins with a letter")
        ask.field.value = "order_id"
        await user.presses("enter")
        ask = await opened(user, Ask)
        ask.field.value = "#88231"
        await user.presses("enter")
        await closed(user)
        assert user.chat.session.bindings == {"order_id": "#88231"}
        user.reads("order_id", "#88231")
        await types_into(user, "variable:order_id", "#99")
        await closed(user)
        assert user.chat.session.bindings == {"order_id": "#99"}
        await user.does("reset")
        assert user.chat.session.bindings == {"order_id": "#99"}
        await user.does("unset")
        assert user.chat.session.bindings == {}


async def test_a_value_of_many_lines_has_an_editor_and_enter_there_is_a_line(start: Start) -> None:
    async with start("usual") as user:
        user.chat.change(user.chat.session.with_variable("letter", "Dear Ada,"))
        on(user, "variable:letter")
        await user.does("enter")
        await opened(user, Ask)
        await user.presses("end", "f4")
        await opened(user, Write)
        await user.presses("enter", "B", "ctrl+j")
        await closed(user)
        assert user.chat.session.bindings == {"letter": "Dear Ada,\nB"}
        await user.does("enter")
        await opened(user, Write)


async def test_an_editor_that_fails_says_so_in_the_dialog(start: Start) -> None:
    async with start("usual") as user:
        on(user, "system")
        await user.does("enter")
        await opened(user, Write)
        await user.presses("f4")
        await user.until(lambda: "can't be lent to an editor" in user.screen)
        assert isinstance(user.app.screen, Write)


@pytest.mark.parametrize("size", ["usual", "small"])
async def test_an_undefined_variable_blocks_with_a_sentence_and_the_cursor_goes_there(start: Start, size: str) -> None:
    async with start(size) as user:
        await user.types("Where is {{order_id}}?")
        await user.does("run")
        assert "{{order_id}} has no value: add the variable order_id" in notes(user)
        assert user.chat.session.runs == ()
        assert user.chat.prompt.text == "Where is {{order_id}}?"
        assert user.chat.panel.has_focus
        assert user.chat.panel.at == "variable:order_id"
        user.reads("no value")
        await user.does("enter")
        await opened(user, Ask)
        await user.presses("#", "1", "enter")
        await closed(user)
        await user.does("run")
        await user.until(lambda: user.chat.session.runs)
        await user.settles()


async def test_the_cursor_finds_its_row_when_the_panel_was_hidden_by_zoom(start: Start) -> None:
    async with start("usual") as user:
        await user.types("Where is {{order_id}}?")
        user.chat.view.focus()
        await user.does("zoom", "run")
        await user.pilot.pause()
        assert user.chat.panel.has_focus
        user.reads("no value")
