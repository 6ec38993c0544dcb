"""The conversation view on a screen."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.geometry import Offset, Region
from textual.selection import Selection

from workbench.ui.text.document import Document
from workbench.ui.text.palette import Palette
from workbench.ui.widgets.conversation import Conversation
from workbench.ui.widgets.conversation_entry import Entry, Fact, Fold
from workbench.ui.widgets.conversation_paint import Look, Overlay, Painter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

    from textual.pilot import Pilot
    from textual.strip import Strip

    from workbench.ui.text.lines import Line

WIDTH, HEIGHT = 40, 12
FACTS = (Fact("412 out", 9), Fact("1 204 in", 8), Fact("cache 82%", 2), Fact("ttft 0.81s", 3), Fact("end_turn", 5))


def you(number: int, text: str = "A question.") -> Entry:
    return Entry(str(number), "user", "you", number, text=text)


def claude(number: int, text: str = "An answer.", **more: object) -> Entry:
    return Entry(str(number), "assistant", "claude", number, text=text, **more)  # type: ignore[arg-type] # any field


class Stage(App[None]):
    """One view and what it says."""

    def __init__(self, view: Conversation) -> None:
        super().__init__()
        self.view = view
        self.selected: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.view

    def on_conversation_selected(self, message: Conversation.Selected) -> None:
        self.selected.append(message.key)


@asynccontextmanager
async def stage(
    *entries: Entry, size: tuple[int, int] = (WIDTH, HEIGHT), **options: object
) -> AsyncIterator[tuple[Conversation, Pilot[None], Stage]]:
    view = Conversation(**options)  # type: ignore[arg-type] # any option
    app = Stage(view)
    async with app.run_test(size=size) as pilot:
        view.entries = entries
        await pilot.pause()
        yield view, pilot, app


def rows(view: Conversation) -> list[str]:
    """What is on the screen, without the bar and the scrollbar."""
    region = Region(0, 0, *view.size)
    return [strip.text[3:-1].rstrip() for strip in view.render_lines(region)]


def column(view: Conversation, x: int) -> str:
    return "".join(strip.text[x] for strip in view.render_lines(Region(0, 0, *view.size)))


LONG = "\n\n".join(f"Paragraph {at}." for at in range(40))


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


async def test_moving_between_entries_brings_them_into_view() -> None:
    entries = [claude(at, f"Answer {at}.") for at in range(1, 21)]
    async with stage(*entries) as (view, _, _):
        assert view.current == "20"
        view.move(-10)
        assert view.current == "10"
        assert "Answer 10." in rows(view)
        view.top()
        assert (view.current, rows(view)[0]) == ("1", "claude  1")
        view.move(-1)
        assert view.current == "1"
        view.bottom()
        assert (view.current, view.following) == ("20", True)


async def test_scrolling_by_pages_and_wheel() -> None:
    async with stage(claude(1, LONG)) as (view, pilot, _):
        end = rows(view)
        view.scroll_pages(-1)
        assert rows(view)[-1] == end[0]
        view.scroll_pages(-0.5)
        view.scroll_pages(0.5)
        view.scroll_pages(1)
        assert rows(view) == end
        view.post_message(events.MouseScrollUp(view, 5, 5, 0, -1, 0, False, False, False))
        await pilot.pause()
        assert rows(view)[3:] == end[:-3]


async def test_the_thumb_is_at_the_end_and_then_at_the_top() -> None:
    async with stage(claude(1, LONG)) as (view, _, _):
        assert column(view, WIDTH - 1).strip() == "▐"
        assert column(view, WIDTH - 1).endswith("▐")
        view.top()
        assert column(view, WIDTH - 1).startswith("▐")


async def test_folds_open_and_close() -> None:
    entry = claude(
        1, "The answer.", folds=(Fold("thinking", "I think\nthat."), Fold("tool_use", '{"a": 1}', 11, "json"))
    )
    async with stage(entry) as (view, pilot, app):
        assert [row for row in rows(view) if row] == [
            "claude  1",
            "▸ thinking  3 words",
            "The answer.",
            "▸ tool_use  2 words",
        ]
        assert view.fold()
        shown = [row for row in rows(view) if row]
        assert shown[1:4] == ["▾ thinking  3 words", "┊ I think", "┊ that."]
        assert shown[-1].strip() == '┊  {"a": 1}'
        y = next(at for at, row in enumerate(rows(view)) if "thinking" in row)
        await pilot.click(Conversation, Offset(6, y))
        assert "┊ I think" not in rows(view)
        assert app.selected == ["1"]


async def test_thinking_streams_into_a_fold_with_a_count() -> None:
    async with stage(you(1)) as (view, _, _):
        view.open_live(claude(2, ""))
        view.feed(("one two ",), fold="thinking")
        view.draw_new()
        view.feed(("three",), fold="thinking")
        view.draw_new()
        assert "▸ thinking  3 words" in rows(view)
        view.feed(("Done.",))
        view.draw_new()
        assert rows(view)[-4:-1] == ["▸ thinking  3 words", "Done.", ""] or "Done." in rows(view)
        view.close_live(claude(2, "Done.", folds=(Fold("thinking", "one two three"),)))
        assert "▸ thinking  3 words" in rows(view)


async def test_raw_shows_the_source() -> None:
    async with stage(claude(1, "# Title\n**bold**")) as (view, _, _):
        assert "bold" in rows(view)
        view.raw = True
        assert {"# Title", "**bold**"} <= set(rows(view))
        view.raw = False
        assert "Title" in rows(view)


async def test_finding_counts_steps_and_minds_the_case_if_asked() -> None:
    async with stage(you(1, "red Red"), claude(2, LONG + "\n\nsome **red** thing")) as (view, _, _):
        assert view.find("red") == 3
        assert view.found == (3, 3)
        view.find_step(1)
        assert view.found == (1, 3)
        assert view.current == "1"
        assert "red Red" in rows(view)
        assert view.find("Red") == 1
        assert view.find("nowhere") == 0
        view.find_step(1)
        assert view.found == (0, 0)
        assert view.find("") == 0


async def test_finding_reads_what_is_shown_not_its_marks() -> None:
    async with stage(claude(1, "**Answer** 77 and `snake_case`")) as (view, _, _):
        assert view.find("answer 77") == 1
        assert view.find("snake_case") == 1


async def test_a_match_over_a_wrap_is_shown_on_both_lines() -> None:
    async with stage(claude(1, "word " * 6 + "needle hay")) as (view, _, _):
        assert view.find("word needle") == 1
        marked = [seg.text for strip in view._strips for seg in strip if seg.style and seg.style.underline]
        assert "".join(marked).split() in (["word", "needle"], ["wordneedle"])


async def test_clicking_selects_and_says_so() -> None:
    async with stage(you(1), claude(2)) as (view, pilot, app):
        await pilot.click(Conversation, Offset(5, 6))
        assert app.selected == ["1"]
        assert view.current == "1"


async def test_the_mouse_selects_text_as_the_source_has_it() -> None:
    text = "- one\n- two\n\nA paragraph that is long enough to wrap around here."
    async with stage(claude(1, text), size=(30, 12)) as (view, pilot, app):
        shown = rows(view)
        first = next(at for at, row in enumerate(shown) if "one" in row)
        await pilot.mouse_down(Conversation, Offset(6, first))
        await pilot.hover(Conversation, Offset(10, first + 4))
        await pilot.mouse_up(Conversation, Offset(10, first + 4))
        copied = app.screen.get_selected_text()
        assert copied is not None
        assert copied.startswith("- one\n- two\n\nA paragraph that is long")
        assert copied.count("\n") == 3


async def test_labels_stand_where_entries_begin() -> None:
    async with stage(you(1), claude(2)) as (view, _, _):
        assert view.targets() == [("1", Offset(0, 6)), ("2", Offset(0, 9))]
        view.labels = {"1": "a", "2": "s"}
        assert column(view, 1)[6] == "a"
        assert column(view, 1)[9] == "s"
        view.labels = None
        assert column(view, 1)[6] == "▌"


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


HOSTILE = (
    *(
        "\x1b[31mred",
        "\x1b]52;c;aGk=\x07",
        "\u202eevil",
        "[/]",
        "[@click=app.quit]x[/]",
        "\\[",
        "\ud83d",
        "\x9b2J",
        "a\rb",
    ),
    *(
        "\U000e0041",
        "&#x202e;",
        "[x](javascript:alert(1))",
        "`\x1b[2J`",
        "```\n\x1b[2J\n```",
        "| a |\n|---|\n| \x1b[1m |",
    ),
)


@pytest.mark.parametrize("payload", HOSTILE)
async def test_hostile_text_is_shown_and_nothing_else(payload: str) -> None:
    entry = Entry("1", "assistant", payload, 1, payload, f"before {payload}", (Fact(payload),), marks=(payload,),
                  folds=(Fold(payload, payload),))  # fmt: skip
    async with stage(you(0, payload), entry, size=(60, 30)) as (view, _, _):
        view.fold("1")
        view.raw = True
        text = "".join(rows(view))
        view.raw = False
        text += "".join(rows(view))
        assert not any(character < " " or "\x7f" <= character <= "\x9f" for character in text)
        assert not {"\u202e", "\U000e0041", "\ud83d"} & set(text)
        text.encode()


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
        for _ in range(40):
            if any(seg.style and seg.style.italic for strip in view._strips for seg in strip):
                break
            await asyncio.wait_for(pilot.pause(0.04), 1)
        assert any(seg.style and seg.style.italic for strip in view._strips for seg in strip)


async def test_the_scrollbar_can_be_dragged() -> None:
    async with stage(claude(1, LONG)) as (view, pilot, app):
        await pilot.mouse_down(Conversation, Offset(WIDTH - 1, 0))
        await pilot.mouse_up(Conversation, Offset(WIDTH - 1, 0))
        assert rows(view)[0] == "claude  1"
        await pilot.click(Conversation, Offset(WIDTH - 1, HEIGHT - 1))
        assert [view.following] == [True]
        assert app.selected == []


async def test_a_theme_change_draws_in_its_colours() -> None:
    async with stage(claude(1)) as (view, pilot, app):
        before = view._strips[0]
        app.theme = "textual-light"
        await pilot.pause()
        assert view._strips[0] != before
        assert view.palette.background == app.theme_variables["background"].upper()


async def test_what_is_copied_cannot_steer_a_terminal() -> None:
    async with stage(claude(1, "one \x1b[31m\n\ntwo \ud83d\n\nthree")) as (view, _, _):
        copied = view.get_selection(Selection(None, None))
        assert copied is not None
        assert copied[0] == "claude\none ␛[31m\n\ntwo \ufffd\n\nthree"


async def test_a_live_answer_takes_the_place_of_an_entry_of_its_key() -> None:
    async with stage(you(1), claude(2, "old")) as (view, _, _):
        view.open_live(claude(2, ""))
        view.feed(("new",))
        view.draw_new()
        assert "old" not in rows(view)
        view.close_live()
        assert [entry.key for entry in view.entries] == ["1"]
        assert "new" not in rows(view)


async def test_open_folds_stay_open_and_take_their_final_count() -> None:
    async with stage(you(1)) as (view, _, _):
        view.open_live(claude(2, ""))
        view.feed(("deep",), fold="thinking")
        view.draw_new()
        view.fold("2")
        assert "┊ deep" in rows(view)
        view.feed((" thought",), fold="thinking")
        view.draw_new()
        assert "┊ deep thought" in rows(view)
        view.close_live(claude(2, "", folds=(Fold("thinking", "deep thought", count="≈ 3 tok"),)))
        assert "▾ thinking  ≈ 3 tok" in rows(view)
        assert "┊ deep thought" in rows(view)


async def test_nothing_is_lost_between_entries_that_change() -> None:
    async with stage(you(1), claude(2), you(3)) as (view, _, _):
        view.entries = (you(1), claude(2, "Another answer.", note="run 2 of 2 ‹ ›"))
        assert view.current == "2"
        assert {"Another answer.", "claude  2   run 2 of 2 ‹ ›"} <= set(rows(view))
        view.entries = ()
        assert view.current == ""
        assert set(rows(view)) == {""}


async def test_ten_thousand_empty_deltas_draw_nothing() -> None:
    async with stage(you(1)) as (view, _, _):
        view.open_live(claude(2, ""))
        view.feed(("x",))
        view.draw_new()
        drawn = view._strips
        for _ in range(10_000):
            view.feed(("",))
        assert view._strips is drawn


def test_the_parsers_are_not_imported_before_they_are_needed() -> None:
    code = "import sys, workbench.ui.widgets.conversation; print({'markdown_it', 'pygments'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
