"""What keys and mouse do to lanes side by side."""

from __future__ import annotations

import pytest
from textual.events import MouseScrollUp

from tests.ui.lanes_stage import LONG, cards, screen, stage


async def test_keys_go_from_lane_to_lane_and_around() -> None:
    async with stage(cards(3)) as (lanes, _, app):
        lanes.do_more()
        lanes.do_less()
        lanes.do_less()
        lanes.do_more()
        lanes.focus_number(2)
        lanes.focus_number(2)
        lanes.focus_number(9)
        assert [lane for _, lane in app.said] == []
    assert [lane for _, lane in app.said] == ["lane-2", "lane-1", "lane-3", "lane-1", "lane-2"]


async def test_no_lanes_take_every_key() -> None:
    async with stage(()) as (lanes, _, app):
        for act in (lanes.do_more, lanes.do_next, lanes.do_first, lanes.do_last, lanes.draw_new):
            act()
        lanes.action_page(1)
        assert (lanes.targets(), lanes.cards, app.said) == ([], (), [])


async def test_only_the_focused_lane_scrolls() -> None:
    async with stage(cards(2, LONG)) as (lanes, pilot, _):
        lanes.focus()
        lanes.do_first()
        lanes.do_next()
        lanes.do_next()
        await pilot.press("pagedown", "ctrl+up")
        assert lanes.view("lane-2").following
        assert not lanes.view("lane-1").following
        await pilot.pause()
        assert "Paragraph 59." in screen(lanes)[-3]
        lanes.do_last()
        assert lanes.view("lane-1").following


async def test_the_mouse_focuses_scrolls_and_opens() -> None:
    async with stage(cards(2, LONG)) as (lanes, pilot, app):
        await pilot.click(offset=(80, 20))
        assert app.said == [("focused", "lane-2")]
        assert lanes.focused_lane == "lane-2"
        assert lanes.has_focus
        lane = lanes.view("lane-1")
        await pilot._post_mouse_events([MouseScrollUp], offset=(20, 20))
        assert not lane.following
        await pilot.click(offset=(20, 20), times=2)
        assert app.said[1:] == [("focused", "lane-1"), ("opened", "lane-1")]


async def test_a_click_on_a_row_of_the_list_focuses() -> None:
    async with stage(cards(8), (80, 24)) as (lanes, pilot, app):
        await pilot.click(offset=(30, 6))
        assert app.said == [("focused", "lane-5")]
        await pilot.pause()
        assert screen(lanes)[6].startswith("█ 5")
        await pilot.click(offset=(30, 7), times=2)
        assert app.said[1:] == [("focused", "lane-6"), ("opened", "lane-6")]


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_labels_stand_where_the_targets_are(size: tuple[int, int]) -> None:
    async with stage(cards(4), size) as (lanes, pilot, _):
        targets = dict(lanes.targets())
        assert list(targets) == ["lane-1", "lane-2", "lane-3", "lane-4"]
        lanes.labels = {"lane-1": "a", "lane-2": "s", "lane-3": "dd", "lane-4": "f"}
        await pilot.pause()
        rows = screen(lanes)
        labels = {key: rows[spot.y][spot.x : spot.x + 3].strip() for key, spot in targets.items()}
        assert labels == lanes.labels
        lanes.labels = None
        await pilot.pause()
        numbers = [screen(lanes)[spot.y][spot.x : spot.x + 3].strip() for spot in targets.values()]
        assert numbers == ["1", "2", "3", "4"]
