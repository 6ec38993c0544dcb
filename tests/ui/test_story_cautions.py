"""What may be wrong with the next request: on the border in a few words, on a key in all of them."""

from __future__ import annotations

from dataclasses import replace

from tests.ui.acts import Start, closed, notes, opened
from workbench.core.config import Config
from workbench.core.params import Params
from workbench.ui.screens.confirm import Confirm

ODD = Params(model="claude-opus-5-5", max_tokens=100, temperature=0.5)


async def test_what_the_border_has_no_room_for_is_one_key_away_and_leads_to_its_parameter(start: Start) -> None:
    async with start("small") as user:
        await user.presses("f10")
        assert "There is nothing to send yet." in notes(user)
        user.chat.change(replace(user.chat.session, params=ODD))
        user.chat.prompt.focus()
        await user.types("Hello.")
        await user.until(lambda: "+1 F10 ·" in user.screen)
        await user.presses("f10")
        await opened(user, Confirm)
        await user.sees("cautions")
        user.reads(
            "max_tokens counts thinking too: 100 may leave none for the answer", "takes no temperature; use effort"
        )
        await user.presses("2")
        await closed(user)
        assert user.chat.panel.at == "param:temperature"
        assert user.app.focused is user.chat.panel
        user.chat.change(replace(user.chat.session, params=replace(ODD, max_tokens=4000).unset("temperature")))
        await user.does("back")
        user.app.clear_notifications()
        user.chat.view.focus()
        await user.presses("!")
        assert "Nothing is known to be wrong with the next request." in notes(user)
        await user.until(lambda: "F10 ·" not in user.screen)


async def test_in_compare_all_lanes_are_told_of_and_a_bound_key_is_the_one_that_is_shown(start: Start) -> None:
    async with start("small", config=Config(keys={"cautions": ("f11",)})) as user:
        user.chat.change(replace(user.chat.session, params=ODD))
        await user.does("compare")
        user.chat.prompt.focus()
        await user.types("Hello.")
        await user.until(lambda: " F11 ·" in user.screen)
        await user.presses("f11")
        await opened(user, Confirm)
        user.reads("takes no temperature; use effort", "Go to max tokens")


async def test_of_many_notes_at_the_start_the_first_line_says_how_many_and_where_all_of_them_are(start: Start) -> None:
    many = tuple(f"config.toml: key{number} is no setting; {'words ' * 12}end{number}" for number in range(9))
    async with start("small", notes=many, config=Config(keys={"no-such": ("f11",)})) as user:
        assert "10 notes at the start, all of them on F10:" in user.screen
        user.app.clear_notifications()
        await user.presses("f10")
        dialog = await opened(user, Confirm)
        user.reads("There is nothing to send yet.", "Noted at the start:", "! config.toml: key0 is no setting")
        seen = user.screen
        for _ in range(9):
            await user.presses("pagedown")
            await user.rests()
            seen += user.screen
        assert [number for number in range(9) if f"end{number}" in seen] == [*range(9)]
        assert "keys.no-such is no command" in seen
        assert dialog.words.max_scroll_y > 0
        await user.presses("q")
        await closed(user)
        user.chat.change(replace(user.chat.session, params=ODD))
        user.chat.prompt.focus()
        await user.types("Hello.")
        await user.presses("f10")
        await opened(user, Confirm)
        user.reads("takes no temperature", "Go to temperature")
