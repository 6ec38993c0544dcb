"""Lanes side by side: what stays when values change, what is in sight, how it looks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.host import HOSTILE
from tests.ui.lanes_stage import ANSWER, LONG, answer, card, cards, screen, stage
from workbench.ui.lanes.values import Card, Head
from workbench.ui.widgets.conversation import Conversation
from workbench.ui.widgets.conversation_entry import Entry

SIZES = ((200, 60), (120, 40), (80, 24))


@pytest.mark.parametrize(
    ("count", "size", "kind"),
    [
        (4, (120, 40), "grid"),
        (8, (200, 60), "grid"),
        (8, (80, 24), "list"),
        (12, (200, 60), "list"),
        (1, (80, 24), "zoom"),
    ],
)
async def test_the_layout_follows_the_room(count: int, size: tuple[int, int], kind: str) -> None:
    async with stage(cards(count), size) as (lanes, _, _):
        assert lanes.shown.kind == kind
        text = "\n".join(screen(lanes))
        assert text.count("Hello Ada,") == (count if kind == "grid" else 1)
        assert sum(f"${0.0020 + number / 10_000:.4f}" in text for number in range(1, count + 1)) == count


@pytest.mark.parametrize("size", SIZES)
async def test_every_mode_works_at_every_size(size: tuple[int, int]) -> None:
    async with stage(cards(4), size) as (lanes, pilot, _):
        lanes.focused_lane = "lane-3"
        for mode in ("auto", "grid", "list", "zoom"):
            lanes.mode = mode
            await pilot.pause()
            text = "\n".join(screen(lanes))
            assert "Hello Ada," in text
            assert "103 out" in text
            assert ("104 out" in text) == (mode != "zoom")
            lanes.mode = "auto"
            await pilot.pause()
            assert lanes.shown.kind == ("list" if size == (80, 24) else "grid")


async def test_eight_lanes_can_be_read_in_a_small_terminal() -> None:
    async with stage(cards(8), (80, 24)) as (lanes, _, _):
        rows = screen(lanes)
        assert rows[2].startswith("█ 1  ✓  T 0.1  v3  101 out  $0.0021  0.41s")
        assert [row[2] for row in rows[2:10]] == list("12345678")
        assert rows[10] == "█ Hello Ada,"
        assert rows[-1].startswith("█ 101 out  $0.0021")


async def test_the_focused_lane_has_all_the_room_that_a_grid_leaves() -> None:
    async with stage(cards(4, LONG)) as (lanes, pilot, _):
        await pilot.resize_terminal(80, 24)
        assert lanes.view("lane-1").size == (79, 24 - 2 - 4 - 1)
        lanes.mode = "zoom"
        await pilot.pause()
        assert lanes.view("lane-1").size == (79, 24 - 2 - 3)
        await pilot.resize_terminal(120, 40)
        assert lanes.view("lane-1").size == (119, 40 - 4 - 3)
        lanes.mode = "auto"
        await pilot.pause()
        assert lanes.view("lane-4").size == (59, 15)


async def test_lanes_that_stay_keep_their_text_and_place() -> None:
    before = cards(3, LONG)
    async with stage(before) as (lanes, pilot, _):
        view = lanes.view("lane-2")
        lanes.focused_lane = "lane-2"
        view.scroll_rows(-20)
        await pilot.pause()
        seen = screen(lanes)
        lanes.cards = (*before[:2], card(5, LONG), before[2])
        await pilot.pause()
        assert lanes.view("lane-2") is view
        assert not view.following
        lanes.cards = before
        await pilot.pause()
        assert screen(lanes) == seen
        lanes.cards = [replace(each, out="999 out") for each in before]
        await pilot.pause()
        assert [row.replace("999", "102") for row in screen(lanes)][6:20] == seen[6:20]
        with pytest.raises(KeyError):
            lanes.view("lane-5")


async def test_lanes_that_change_places_and_numbers_are_the_same_lanes() -> None:
    one, two = cards(2)
    async with stage((one, two)) as (lanes, pilot, _):
        view = lanes.view("lane-2")
        lanes.cards = (replace(two, number=1), replace(one, number=2))
        await pilot.pause()
        assert lanes.view("lane-2") is view
        first = screen(lanes)[4]
        assert first.index("T 0.2") < first.index("T 0.1")
        assert lanes.focused_lane == "lane-1"
        lanes.cards = (replace(two, number=1),)
        await pilot.pause()
        assert lanes.focused_lane == "lane-2"
        lanes.cards = ()
        await pilot.pause()
        assert lanes.focused_lane == ""


async def test_a_stream_grows_in_its_lane_and_ends_without_a_jump() -> None:
    async with stage((card(1), card(2, ""))) as (lanes, pilot, _):
        view = lanes.view("lane-2")
        view.open_live(answer("", "live"))
        view.feed(("# Title\n\nSome *te", "xt*"))
        lanes.draw_new()
        await pilot.pause()
        assert any("Some text" in row for row in screen(lanes))
        lanes.cards = (card(1), card(2, "", out="7 out"))
        lanes.draw_new()
        await pilot.pause()
        live = screen(lanes)
        done = answer("# Title\n\nSome *text*", "done")
        view.close_live(done)
        lanes.cards = (card(1), replace(card(2, "", out="7 out"), entries=(done,)))
        await pilot.pause()
        assert screen(lanes) == live


async def test_a_stopped_answer_leaves_what_the_card_says() -> None:
    async with stage((card(1), card(2))) as (lanes, pilot, _):
        view = lanes.view("lane-2")
        view.open_live(answer("", "a"))
        view.close_live()
        lanes.cards = (card(1), card(2, out="0 out"))
        await pilot.pause()
        assert [entry.key for entry in view.entries] == ["a"]


async def test_a_hidden_lane_only_stores_and_is_drawn_when_it_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(cards(2)) as (lanes, pilot, _):
        lanes.mode = "zoom"
        await pilot.pause()
        hidden = lanes.view("lane-2")
        hidden.open_live(answer("", "live"))
        drawn: list[Conversation] = []
        monkeypatch.setattr(Conversation, "draw_new", lambda view: drawn.insert(0, view))
        hidden.feed(("More than before.",))
        lanes.draw_new()
        assert drawn == [lanes.view("lane-1")]
        monkeypatch.undo()
        lanes.mode = "grid"
        await pilot.pause()
        assert any("More than before." in row for row in screen(lanes))


async def test_a_view_that_comes_back_shows_what_it_was_given_meanwhile() -> None:
    async with stage(cards(2)) as (lanes, pilot, _):
        lanes.display = False
        await pilot.pause()
        lanes.cards = (card(1, "Another answer."), card(2), card(3))
        lanes.focused_lane = "lane-3"
        lanes.display = True
        await pilot.pause()
        await pilot.pause()
        text = "\n".join(screen(lanes))
        assert "Another answer." in text
        assert "103 out" in text
        assert lanes.shown.columns == 2


async def test_lanes_out_of_sight_are_not_mounted() -> None:
    async with stage(cards(60), (80, 24)) as (lanes, pilot, _):
        assert len(lanes.query("Lane")) == 1
        lanes.focus_number(60)
        await pilot.pause()
        assert len(lanes.query("Lane")) == 2
        rows = screen(lanes)
        assert any(row.startswith("█60") for row in rows)
        assert rows[-1].startswith("█ 160 out")


async def test_without_colour_signs_tell_what_matters() -> None:
    shown = (card(1, cheapest=True), card(2, sign="✗", tone="problem", state="rejected"), card(3, baseline=True))
    async with stage(shown) as (lanes, pilot, _):
        lanes.focused_lane = "lane-2"
        await pilot.pause()
        rows = screen(lanes)
        top = next(row for row in rows if "✗" in row)
        assert top.startswith("▌")
        assert "█" in top
        text = "\n".join(rows)
        assert "$0.0021↓" in text
        assert "rejected" in text
        assert "◆ baseline" in text


@pytest.mark.parametrize("count", [0, 1, 2, 9])
async def test_a_tiny_terminal_takes_it(count: int) -> None:
    async with stage(cards(count, LONG), (40, 10)) as (lanes, pilot, _):
        for size in ((40, 10), (20, 5), (7, 3), (1, 1)):
            await pilot.resize_terminal(*size)
            for mode in ("grid", "list", "zoom", "auto"):
                lanes.mode = mode
                lanes.do_more()
                lanes.do_next()
                await pilot.pause()
            assert len(screen(lanes)) == size[1]
            if size == (40, 10) and count == 9:
                assert "█ 5" in "\n".join(screen(lanes))


@pytest.mark.parametrize("size", SIZES)
async def test_text_from_outside_is_shown_as_it_is(size: tuple[int, int]) -> None:
    hostile = Card(
        "x", 1, HOSTILE, (HOSTILE,), "✓", "ok", HOSTILE, (Entry("k", "assistant", HOSTILE, text=HOSTILE + ANSWER),),
        tail=HOSTILE, out=HOSTILE, cost=HOSTILE,
    )  # fmt: skip
    async with stage((hostile, card(2)), size, Head(HOSTILE, (HOSTILE,), (), HOSTILE)) as (lanes, _, app):
        text = "\n".join(screen(lanes))
        assert "[/red]" in text
        assert not {"\x1b", "\x07", "\u202e"} & set(text)
        assert app.is_running


async def test_another_theme_colours_lanes_and_texts() -> None:
    async with stage(cards(2)) as (lanes, pilot, app):
        body = lanes.view("lane-1")
        dark = body.palette
        app.theme = "ansi-dark"
        await pilot.pause()
        app.theme = "textual-light"
        await pilot.pause()
        assert body.palette.foreground != dark.foreground
        assert lanes.view("lane-2").palette.background == app.theme_variables["background"]
