"""What the conversation view shows, and what that costs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from textual.geometry import Region

from tests.ui.conversation_stage import FACTS, HEIGHT, LONG, WIDTH, claude, column, rows, stage, you
from workbench.ui.text.document import Document
from workbench.ui.text.palette import Palette
from workbench.ui.widgets.conversation_paint import Look, Overlay, Painter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.strip import Strip

    from workbench.ui.text.lines import Line


async def test_a_short_conversation_stands_at_the_bottom() -> None:
    async with stage(you(1), claude(2, facts=FACTS[:1])) as (view, _, _):
        assert rows(view)[-8:] == ["", "you  1", "A question.", "", "claude  2", "An answer.", "412 out", ""]
        assert column(view, 1) == "     ▌▌ ███ "


async def test_a_lane_stands_at_the_top() -> None:
    async with stage(you(1), align="top") as (view, _, _):
        assert rows(view)[:3] == ["you  1", "A question.", ""]


async def test_facts_drop_the_least_important_and_never_wrap() -> None:
    async with stage(claude(1, facts=FACTS)) as (view, pilot, _):
        assert rows(view)[-2] == "412 out · 1 204 in · end_turn"
        await pilot.resize_terminal(80, HEIGHT)
        assert rows(view)[-2] == "412 out · 1 204 in · cache 82% · ttft 0.81s · end_turn"
        await pilot.resize_terminal(12, HEIGHT)
        assert rows(view)[-2] == "412 out"


async def test_a_stream_follows_while_the_end_is_in_view() -> None:
    async with stage(you(1)) as (view, _, _):
        view.open_live(claude(2, ""))
        for at in range(30):
            view.feed((f"Line {at}.\n\n",))
            view.draw_new()
        assert view.following
        assert "Line 29." in rows(view)[-3:]
        assert view.current == "2"


async def test_a_stream_does_not_move_what_was_scrolled_to() -> None:
    async with stage(you(1)) as (view, _, _):
        view.open_live(claude(2, ""))
        view.feed((LONG,))
        view.draw_new()
        view.scroll_rows(-5)
        before = rows(view)
        for at in range(30):
            view.feed((f"\n\nLine {at}.",))
            view.draw_new()
        assert rows(view) == before
        assert [view.following] == [False]
        view.scroll_rows(10_000)
        assert [view.following] == [True]
        assert rows(view)[-3:-1] == ["", "Line 29."]


async def test_the_final_entry_takes_over_without_a_jump() -> None:
    text = "# Title\n\nSome *text* and\n\n```py\nx = 1\n```\n\n- a\n- b"
    async with stage(you(1)) as (view, _, _):
        view.open_live(claude(2, ""))
        for letter in text:
            view.feed((letter,))
            view.draw_new()
        view.set_facts(FACTS[:1])
        view.draw_new()
        live = rows(view)
        view.close_live(claude(2, text, facts=FACTS[:1]))
        assert [row.lstrip("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ") for row in live] == [row.lstrip() for row in rows(view)]
        assert view.entries[-1].key == "2"
        assert view.live == ""


async def test_entries_with_the_live_key_end_it() -> None:
    async with stage(you(1)) as (view, _, _):
        view.open_live(claude(2, ""))
        view.feed(("Half",))
        view.draw_new()
        view.entries = (you(1), claude(2, "Half an answer."))
        assert view.live == ""
        assert "Half an answer." in rows(view)


async def test_unchanged_entries_keep_their_lines() -> None:
    async with stage(you(1), claude(2)) as (view, _, _):
        before = [row.line for row in view._window.shown if row]
        view.entries = (you(1), claude(2), you(3))
        view.entries = (you(1), claude(2))
        after = [row.line for row in view._window.shown if row]
        assert all(old is new for old, new in zip(before, after, strict=True))


async def test_a_new_width_wraps_again_and_keeps_the_place() -> None:
    text = "\n\n".join(f"Paragraph {at} " + "word " * 20 for at in range(30))
    async with stage(claude(1, text)) as (view, pilot, _):
        view.scroll_rows(-30)
        place = next(row for row in rows(view) if row.startswith("Paragraph"))
        await pilot.resize_terminal(70, HEIGHT)
        assert any(place[:12] in row for row in rows(view)[:8])
        assert max(map(len, rows(view))) > WIDTH


async def test_an_empty_view_says_what_it_was_given() -> None:
    async with stage() as (view, _, _):
        view.empty = ((("Nothing yet", "strong"),), (("type below", "dim"),))
        assert [row for row in rows(view) if row] == ["Nothing yet", "type below"]


async def test_a_focused_view_shows_its_current_entry() -> None:
    async with stage(you(1), claude(2)) as (view, pilot, _):
        view.focus()
        await pilot.pause()
        assert column(view, 1).strip() == "▌▌ ██"
        view.palette = Palette(background="#ffffff", foreground="#000000")
        style = next(iter(view._strips[0])).style
        assert style is not None
        assert style.bgcolor is not None
        assert style.bgcolor.name == "#ffffff"


async def test_many_entries_cost_only_those_in_view(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Iterable[str]] = []
    feed = Document.feed

    def counted(document: Document, parts: Iterable[str]) -> None:
        made.append(parts)
        feed(document, parts)

    monkeypatch.setattr(Document, "feed", counted)
    entries = [claude(at, f"Answer {at}.") for at in range(10_000)]
    async with stage(*entries) as (view, _, _):
        assert len(made) < 10
        view.top()
        assert rows(view)[0] == "claude"
        assert len(made) < 20
        view.move(5_000)
        assert "Answer 5000." in rows(view)
        assert len(made) < 40


async def test_a_long_answer_costs_no_more_than_a_short_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in strips made, for the same words after a short answer and after 100 000 words."""
    made: list[Line] = []
    original = Painter._made

    def counted(painter: Painter, line: Line, look: Look, overlays: Sequence[Overlay], label: str) -> Strip:
        made.append(line)
        return original(painter, line, look, overlays, label)

    monkeypatch.setattr(Painter, "_made", counted)
    costs = []
    for there in (200, 100_000):
        async with stage(you(1)) as (view, _, _):
            view.open_live(claude(2, ""))
            view.feed(("some words here. " * 10 + "\n\n") * (there // 30))
            view.draw_new()
            made.clear()
            for _ in range(20):
                view.feed(("word ",))
                view.draw_new()
            costs.append(len(made))
    assert costs[1] <= costs[0] * 1.2 + 5


async def test_only_changed_rows_are_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(you(1)) as (view, pilot, _):
        view.open_live(claude(2, ""))
        view.feed(("start ",))
        view.draw_new()
        await pilot.pause()
        painted: list[Region] = []
        monkeypatch.setattr(view, "refresh", lambda *regions: painted.extend(regions))
        view.feed(("word ",))
        view.draw_new()
        assert sum(region.height for region in painted) == 1


async def test_long_code_is_coloured_by_and_by() -> None:
    code = "```python\n" + "".join(f"value_{at} = {at}  # note\n" for at in range(600)) + "```"
    async with stage(claude(1, code)) as (view, pilot, _):

        def coloured() -> bool:
            return any(seg.style and seg.style.italic for strip in view._strips for seg in strip)

        async with asyncio.timeout(20):
            while not coloured():
                await pilot.pause(0.04)
        assert coloured()


async def test_a_live_answer_takes_the_place_of_an_entry_of_its_key() -> None:
    async with stage(you(1), claude(2, "old")) as (view, _, _):
        view.open_live(claude(2, ""))
        view.feed(("new",))
        view.draw_new()
        assert "old" not in rows(view)
        view.close_live()
        assert [entry.key for entry in view.entries] == ["1"]
        assert "new" not in rows(view)


async def test_nothing_is_lost_between_entries_that_change() -> None:
    async with stage(you(1), claude(2), you(3)) as (view, _, _):
        view.entries = (you(1), claude(2, "Another answer.", note="run 2 of 2 ‹ ›"))
        assert view.current == "2"
        assert {"Another answer.", "claude  2   run 2 of 2 ‹ ›"} <= set(rows(view))
        view.entries = ()
        assert view.current == ""
        assert set(rows(view)) == {""}
