"""Where one is in a lane, and lanes that scroll together; the answer without header and facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.events import MouseScrollDown, MouseScrollUp

from tests.ui.conversation_stage import FACTS, claude, column, you
from tests.ui.conversation_stage import rows as framed
from tests.ui.conversation_stage import stage as view_stage
from tests.ui.lanes_stage import LONG, answer, card, stage
from workbench.ui.lanes.body import Body, Place, paragraphs
from workbench.ui.widgets.conversation_entry import Entry, Fold

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from workbench.ui.lanes.lanes import Lanes

SHORT_LINES = "\n\n".join(f"Block {at}." for at in range(60))
LONG_LINES = "\n\n".join(f"Block {at}. " + "word " * 40 for at in range(60))


def first(lanes: Lanes, number: int) -> str:
    """The first words in view in a lane."""
    body = lanes.view(f"lane-{number}")
    assert isinstance(body, Body)
    return next(" ".join(row.line.text.split()[:2]) for row in body._window.shown if row and row.line.text)


async def settled(lanes: Lanes, pilot: Pilot[None]) -> None:
    lanes.follow_together = True
    await pilot.pause()


async def test_scrolling_one_lane_takes_the_others_to_the_same_paragraph() -> None:
    async with stage((card(1, SHORT_LINES), card(2, LONG_LINES), card(3, LONG))) as (lanes, pilot, _):
        await settled(lanes, pilot)
        lanes.do_first()
        assert [first(lanes, number) for number in (1, 2, 3)] == ["Block 0.", "Block 0.", "Paragraph 0."]
        for _ in range(10):
            lanes.do_next()
        assert [first(lanes, number) for number in (1, 2, 3)] == ["Block 5.", "Block 5.", "Paragraph 5."]
        lanes.focus_number(2)
        lanes.action_page(1)
        place = first(lanes, 2)
        assert place != "Block 5."
        lanes.action_page(-1)
        lanes.action_page(1)
        at = int(first(lanes, 1).split()[1][:-1])
        assert first(lanes, 3) == f"Paragraph {at}."
        lanes.do_last()
        assert all(lanes.view(f"lane-{number}").following for number in (1, 2, 3))


async def test_a_lane_with_fewer_paragraphs_goes_to_its_end() -> None:
    async with stage((card(1, SHORT_LINES), card(2, LONG_LINES[:800]), card(3, "Only one."))) as (lanes, pilot, _):
        await settled(lanes, pilot)
        lanes.do_first()
        lanes.action_row(80)
        assert first(lanes, 1) == "Block 40."
        assert lanes.view("lane-2").following
        assert first(lanes, 3) == "Only one."


async def test_by_themselves_lanes_scroll_alone() -> None:
    async with stage((card(1, SHORT_LINES), card(2, SHORT_LINES))) as (lanes, _, _):
        lanes.do_first()
        lanes.action_row(6)
        assert lanes.view("lane-2").following


async def test_the_wheel_takes_the_others_along() -> None:
    async with stage((card(1, SHORT_LINES), card(2, LONG_LINES))) as (lanes, pilot, _):
        await settled(lanes, pilot)
        lanes.do_first()
        for _ in range(4):
            await pilot._post_mouse_events([MouseScrollDown], offset=(20, 20))
        await pilot._post_mouse_events([MouseScrollUp], offset=(20, 20))
        await pilot.pause()
        assert first(lanes, 1) == first(lanes, 2) != "Block 0."


@pytest.mark.drawn
async def test_a_lane_out_of_sight_goes_there_when_it_comes_back() -> None:
    async with stage((card(1, SHORT_LINES), card(2, LONG_LINES)), (80, 24)) as (lanes, pilot, _):
        await settled(lanes, pilot)
        lanes.do_first()
        lanes.action_row(20)
        assert first(lanes, 1) == "Block 10."
        lanes.do_more()
        await pilot.pause()
        assert first(lanes, 2) == "Block 10."


async def test_another_answer_begins_anew() -> None:
    shown = (card(1, SHORT_LINES), card(2, SHORT_LINES))
    async with stage(shown, (80, 24)) as (lanes, pilot, _):
        await settled(lanes, pilot)
        lanes.do_first()
        lanes.action_row(20)
        lanes.cards = (shown[0], card(2, entries=(answer(LONG, "another"),)))
        lanes.do_more()
        await pilot.pause()
        assert lanes.view("lane-2").following


async def test_answers_are_compared_from_the_last_one_backwards() -> None:
    longer = (you(1, "Earlier."), claude(2, "Before."), you(3, "Now?"), Entry("x", "assistant", "m", text=SHORT_LINES))
    async with stage((card(1, SHORT_LINES), card(2, "", entries=longer))) as (lanes, pilot, _):
        await settled(lanes, pilot)
        lanes.do_first()
        lanes.action_row(12)
        assert first(lanes, 1) == first(lanes, 2) == "Block 6."


@pytest.mark.parametrize(
    ("text", "folds", "expected"),
    [
        ("One.", (), ["One."]),
        ("# Title\n\nOne.\n\n- a\n- b\n\nTwo.", (), ["# Title", "One.", "- a\n- b", "Two."]),
        ("One.\n\n```py\nx = 1\n\ny = 2\n```\n\nTwo.", (), ["One.", "```py", "Two."]),
        ("One.\n\nTwo.", (Fold("thinking", "Hm.\n\nWell."),), ["One.", "Two."]),
    ],
)
async def test_a_paragraph_is_a_block_of_the_answer(text: str, folds: tuple[Fold, ...], expected: list[str]) -> None:
    async with view_stage(claude(1, text, folds=folds), bare=True) as (view, _, _):
        for _ in range(2):
            pieces = view._window.turns[0].pieces
            starts = [pieces[at].source.strip() for at in paragraphs(pieces)]
            assert [start.splitlines()[0] for start in starts] == [each.splitlines()[0] for each in expected]
            view.fold()


async def test_where_all_is_in_view_there_is_no_place_to_follow() -> None:
    async with stage((card(1), card(2, LONG))) as (lanes, pilot, _):
        await settled(lanes, pilot)
        lanes.do_next()
        body = lanes.view("lane-1")
        assert isinstance(body, Body)
        assert body.place is None
        assert lanes.view("lane-2").following
        body.go_to(Place(7, 7))
        assert body.following


async def test_a_bare_answer_has_neither_header_nor_facts_nor_bar() -> None:
    async with view_stage(claude(1, facts=FACTS, note="run 1 of 2"), align="top", bare=True) as (view, _, _):
        assert column(view, 0).strip() == ""
        assert column(view, 1) == "A" + " " * 11
        view.open_live(claude(2, ""))
        view.feed(("Growing",))
        view.set_facts(FACTS)
        view.draw_new()
        shown = "\n".join(framed(view))
        assert "Growing"[2:] in shown
        assert not any(word in shown for word in ("claude", "412", "run 1", "⠋"))


async def test_a_bare_conversation_says_who_asked() -> None:
    async with view_stage(you(1), claude(2), you(3), claude(4), align="top", bare=True) as (view, _, _):
        text = [row.line.text for row in view._window.shown if row]
        assert text == ["you  1", "A question.", "", "An answer.", "", "you  3", "A question.", "", "An answer.", ""]
        assert column(view, 0) == "▌▌   ▌▌     "


async def test_a_bare_answer_is_found_and_gone_to() -> None:
    async with view_stage(claude(1, LONG), you(2), claude(3, LONG), align="top", bare=True) as (view, _, _):
        assert view.find("Paragraph 7.") == 2
        assert view.current == "3"
        view.current = "1"
        assert view._window.shown[0] is not None
        assert view._window.shown[0].line.text == "Paragraph 0."
        before = view._window.top
        view.current = "1"
        assert view._window.top == before
