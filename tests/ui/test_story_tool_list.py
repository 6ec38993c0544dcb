"""The list of tools: added, changed, ordered, pasted, removed, and each step undone."""

from __future__ import annotations

import json
from functools import partial

from tests.ui.acts import Start, closed, opened
from tests.ui.story import User
from workbench.ui.screens.choose import Choose
from workbench.ui.screens.confirm import Confirm
from workbench.ui.screens.write import Write

CLOCK = {"name": "read_clock", "description": "The time.", "input_schema": {"type": "object", "properties": {}}}
FUNCTION = {"type": "function", "function": {"name": "look_up", "parameters": {"type": "object", "properties": {}}}}


async def picks(user: User, *ids: str) -> None:
    """Choose these rows of the lists that come up, one after the other."""
    for wanted in ids:
        await user.until(partial(_lists, user, wanted))
        screen = await opened(user, Choose)
        screen.rows.highlighted = next(
            row for row, at in enumerate(screen.shown) if isinstance(at, int) and screen.items[at].id == wanted
        )
        await user.presses("enter")
        await user.until(partial(_left, user, screen))


def _lists(user: User, wanted: str) -> bool:
    screen = user.app.screen
    return isinstance(screen, Choose) and any(item.id == wanted for item in screen.items)


def _left(user: User, screen: object) -> bool:
    return user.app.screen is not screen


async def test_tools_are_added_changed_ordered_pasted_and_removed(start: Start) -> None:
    def names() -> list[str]:
        held = user.chat.session.params.tools
        return [tool.get("name", tool.get("type")) for tool in held.value] if held is not None else []  # type: ignore[attr-defined]

    async with start("usual") as user:
        user.chat.view.focus()
        await user.rests()
        user.reads("i prompt A attach T tools M model J schema")  # before a turn is there to be read
        await user.does("tools")
        await picks(user, "own")
        write = await opened(user, Write)
        write.editor.text = write.editor.text.replace('"get_weather"', '"get weather"')
        await user.presses("ctrl+j")
        assert "needs a name of 1 to 64 letters" in write.note.text
        write.editor.text = write.editor.text.replace('"get weather"', '"get_weather"')
        await user.presses("ctrl+j")
        await picks(user, "web_search_20260318", "paste")
        write = await opened(user, Write)
        write.editor.text = json.dumps([FUNCTION, CLOCK])
        await user.presses("ctrl+j")
        await opened(user, Confirm)
        user.reads("1 of 2 in OpenAI's form: look_up.")
        await user.presses("y")
        chooser = await opened(user, Choose)
        assert names() == ["get_weather", "web_search", "look_up", "read_clock"]
        await user.sees("tools")
        assert (
            next(item for item in chooser.items if item.id == "web_search_20260318").disabled == "it is there already"
        )
        await picks(user, "#3", "up", "#0", "remove", "#1", "copy")
        await opened(user, Choose)
        assert names() == ["web_search", "read_clock", "read_clock_2", "look_up"]
        await user.presses("escape")
        await closed(user)
        for _ in range(6):
            await user.does("undo")
        assert names() == []
