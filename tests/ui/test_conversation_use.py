"""Moving, finding, folding and selecting in the conversation view; and hostile text in it."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from textual import events
from textual.geometry import Offset
from textual.selection import Selection

from tests.ui.conversation_stage import HEIGHT, LONG, WIDTH, claude, column, rows, stage, you
from workbench.ui.chat import entries
from workbench.ui.widgets.conversation import Conversation
from workbench.ui.widgets.conversation_entry import Entry, Fact, Fold


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
        1, "The answer.", folds=(Fold("thinking", "I think\nthat."), Fold("tool_use", '{"a":1}', 11, "json"))
    )
    async with stage(entry) as (view, pilot, app):
        assert [row for row in rows(view) if row] == [
            "claude  1",
            "▸ thinking  3 words",
            "The answer.",
            "▸ tool_use  1 word",
        ]
        assert view.fold()
        shown = [row for row in rows(view) if row]
        assert shown[1:4] == ["▾ thinking  3 words", "┊ I think", "┊ that."]
        assert shown[-1].strip() == '┊  {"a":1}'
        y = next(at for at, row in enumerate(rows(view)) if "thinking" in row)
        await pilot.click(Conversation, Offset(6, y))
        assert "┊ I think" not in rows(view)
        assert app.selected == ["1"]


async def test_what_unfolds_out_of_sight_comes_into_view() -> None:
    long = "\n\n".join(f"Line {at}." for at in range(60))
    async with stage(claude(1, long, folds=(Fold("thinking", "I think."),))) as (view, _, _):
        assert "▸ thinking  2 words" not in rows(view)
        view.fold()
        assert rows(view)[0] == "▾ thinking  2 words"
        view.bottom()
        view.fold()
        assert rows(view)[0] == "▸ thinking  2 words"


def test_what_is_cited_stands_folded_under_the_text() -> None:
    cited = {"type": "char_location", "cited_text": "a", "document_title": "T"}
    blocks: list[dict[str, Any]] = [
        {"type": "text", "text": "So "},
        {"type": "text", "text": "it is.", "citations": [cited, cited]},
    ]
    assert entries.answer("m2", None, "So it is.", blocks).folds == (Fold("citations", "T: “a”", 9, count="1"),)


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
