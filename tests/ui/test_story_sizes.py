"""The screen in every size, zoomed, without colour, and peeled layer by layer."""

from __future__ import annotations

import pytest

from tests.engine.fault_server import serving
from tests.ui.acts import Held, Start, reaching, streams
from tests.ui.story import SIZES


async def test_the_view_can_be_raw_zoomed_and_unzoomed(start: Start) -> None:
    async with start("usual") as user:
        await user.asks("Write **bold** things with a list.")
        user.chat.view.focus()
        await user.does("raw")
        assert user.chat.view.raw
        await user.does("raw", "zoom")
        assert "PARAMETERS" not in user.screen
        await user.does("leave")
        user.reads("PARAMETERS")


async def test_zooming_from_the_parameters_leaves_the_keys_somewhere_useful(start: Start) -> None:
    async with start("usual") as user:
        await user.does("tune", "zoom")
        await user.pilot.pause()
        assert user.chat.focused is user.chat.view


async def test_escape_peels_one_layer_at_a_time_and_never_quits(start: Start) -> None:
    async with start("small") as user:
        await user.asks("Hello.")
        await user.does("tune")
        user.chat.view.focus()
        await user.does("back")
        assert "PARAMETERS" not in user.screen
        for _ in range(4):
            await user.does("back")
        assert user.app.is_running
        assert user.chat.view.has_focus


@pytest.mark.parametrize("size", ["small", "tiny"])
async def test_every_row_of_the_drawer_can_be_reached_and_shows(start: Start, size: str) -> None:
    async with start(size) as user:
        user.chat.unfolded = True
        user.chat.change(user.chat.session.with_variable("order_id", "#1"))
        await user.does("tune")
        for row in user.chat.panel.ids:
            assert user.chat.panel.at == row
            assert user.chat.panel.spot(row) is not None, row
            await user.does("next")


async def test_the_screen_stays_whole_while_it_is_resized_during_an_answer(start: Start) -> None:
    held = Held()
    async with serving(held) as server, start("usual", chosen=reaching(server.base_url)) as user:
        await user.types("Hello.")
        await user.does("run")
        await streams(user)
        for size in (*SIZES.values(), (20, 6), (1, 1), SIZES["usual"]):
            await user.pilot.resize_terminal(*size)
            user.draws(1)
            await user.pilot.pause()
        user.reads("streaming", "word0 word1", "PARAMETERS")
        held.go_on.set()
        await user.settles()
        user.reads("word11", "end_turn")


async def test_without_colour_everything_still_says_what_it_is(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with start("usual") as user:
        await user.asks("Hello.")
        await user.does("tune")
        user.reads("you  1", "simulated", "temperature", "end_turn")
        assert user.app.no_color
        filters, behind = user.app._filters, user.app.screen.styles.background
        shown = [
            row.apply_filter(each, behind) for row in user.app.screen._compositor.render_strips() for each in filters
        ]
        styles = [segment.style for row in shown for segment in row if segment.style is not None]
        triplets = [style.color.triplet for style in styles if style.color is not None and style.color.triplet]
        assert len(triplets) > 100
        assert all(len(set(triplet)) == 1 for triplet in triplets)
