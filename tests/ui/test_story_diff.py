"""Two answers to one prompt, side by side and in one column."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.events import MouseScrollDown, MouseScrollUp

from tests.ui.acts import Start, notes, opened
from tests.ui.letters import LETTER, OTHER, REFUND, WARMER
from tests.ui.story import SIZES, User
from workbench.core.diff import SAME
from workbench.ui import clipboard
from workbench.ui.diff.screen import DiffScreen
from workbench.ui.diff.values import Side
from workbench.ui.screens.choose import Choose

PROMPT = "Write to Ada: her lamp arrived in pieces, and she wants the money back."


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was copied; nothing reaches the machine's clipboard."""
    found: list[str] = []

    async def copy(app: object, text: str, **_: object) -> str:
        del app
        found.append(text)
        return "Copied to the clipboard."

    monkeypatch.setattr(clipboard, "copy", copy)
    return found


def side(text: str, number: int | None = None, *chips: str) -> Side:
    return Side(number, "" if number else "run", chips, text, f"{len(text.split())} words")


async def pushes(user: User, left: Side, right: Side) -> DiffScreen:
    board = DiffScreen(user.chat, left, right)
    await user.app.push_screen(board)
    await user.rests()
    return board


@asynccontextmanager
async def diffing(start: Start, left: str, right: str, size: str = "usual") -> AsyncIterator[tuple[User, DiffScreen]]:
    async with start(size) as user:
        yield user, await pushes(user, side(left, 1, "T 0.0"), side(right, 4, "T 0.7"))


async def runs_twice(user: User) -> tuple[Side, Side]:
    """The same prompt at two temperatures."""
    for temperature in (0.0, 1.0):
        user.chat.change(user.chat.session.with_param(user.chat.lane, "temperature", temperature))
        if temperature == 0:
            await user.asks(PROMPT)
        else:
            user.chat.view.focus()
            await user.does("rerun")
            await user.settles()
    first, second = user.chat.session.runs
    assert first.text != second.text
    return side(first.text, 1, "T 0.0"), side(second.text, 2, "T 1.0")


async def test_two_runs_of_a_prompt_are_diffed_side_by_side(start: Start) -> None:
    async with start("usual") as user:
        board = await pushes(user, *await runs_twice(user))
        count = len(board.diff.changes)
        assert count > 1
        user.reads(
            "alike ━", f"{count} changes", f"−{board.diff.removed} +{board.diff.added} words", " 1   T 0.0 ", " 2 "
        )
        assert re.search(r" │ +2 +T 1.0", user.screen)
        await user.does("find-next")
        user.reads(f"change 1/{count}", "▌")
        await user.does("find-next")
        user.reads(f"change 2/{count}")
        await user.does("find-previous", "find-previous")
        user.reads(f"change {count}/{count}")
        await user.does("find-next")
        user.reads(f"change 1/{count}")
        await user.does("leave")
        assert user.app.screen is user.chat


async def test_in_a_small_terminal_both_stand_in_one_column(start: Start) -> None:
    async with start("small") as user:
        board = await pushes(user, *await runs_twice(user))
        assert "│" not in user.screen
        await user.does("find-next")
        user.reads(f"change 1/{len(board.diff.changes)}", "▌")
        await user.does("view")
        user.reads("│")


@pytest.mark.parametrize(("size", "name"), [("usual", "diff-split"), ("small", "diff-inline")])
async def test_two_letters_are_read_at_a_glance(start: Start, size: str, name: str) -> None:
    async with start(size) as user:
        await user.asks(PROMPT)
        left = Side(1, "", ("T 0.0", "s3"), LETTER, f"{len(LETTER.split())} words · $0.0032")
        await pushes(user, left, Side(4, "", ("T 0.7", "s4"), OTHER, f"{len(OTHER.split())} words · $0.0025"))
        await user.does("find-next", "find-next")
        user.reads("change 2/10", "− I have also flagged", "+ Thank you", "~ Ada, you")
        await user.sees(name)


@pytest.mark.parametrize("size", ["usual", "small"])
async def test_every_change_comes_into_sight(start: Start, size: str) -> None:
    apart = "\n\n".join(f"Paragraph number {at} stays as it is, whatever happens around it." for at in range(60))
    left, right = f"The first.\n\n{apart}\n\nThe last box.", f"The 1st.\n\n{apart}\n\nThe last lamp."
    async with diffing(start, left, right, size) as (user, board):
        for command, shown, gone in [
            ("find-next", "1st", "lamp"),
            ("find-next", "lamp", "1st"),
            ("first", "1st", "lamp"),
            ("last", "lamp", "1st"),
            ("find-next", "1st", "lamp"),
        ]:
            await user.does(command)
            user.reads(shown)
            assert gone not in user.screen, command
        await user.does("follow")
        user.reads("··· 60 paragraphs alike ···", "only changes", "1st", "lamp", "change 1/2")
        await user.does("follow")
        user.reads("Paragraph number 3")
        assert board.change == 0


async def test_the_unit_goes_from_words_to_lines_to_characters_and_the_counts_with_it(start: Start) -> None:
    async with diffing(start, "The colour is red.\nIt stays.", "The color is red.\nIt stays.") as (user, _):
        user.reads("−1 +1 words", "1 change ")
        await user.does("raw")
        user.reads("−1 +1 lines")
        await user.does("raw")
        user.reads("−1 +0 characters")
        await user.does("raw")
        user.reads("−1 +1 words")


async def test_the_sides_change_places(start: Start) -> None:
    async with diffing(start, REFUND, WARMER) as (user, board):
        before = board.diff
        await user.does("swap")
        assert (board.diff.added, board.diff.removed) == (before.removed, before.added)
        assert re.search(r" 4 +T 0.7 .*│ +1 +T 0.0", user.screen)


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        (REFUND, REFUND, "the answers are the same"),
        ("One two.", "One  two.", "differ in space between words only"),
        ("", WARMER, "the left side is empty"),
        (REFUND, "\n", "the right side is empty"),
        ("", "", "both sides are empty"),
    ],
)
async def test_it_says_so_where_there_is_nothing_to_compare(start: Start, left: str, right: str, said: str) -> None:
    for size in ("usual", "small"):
        async with diffing(start, left, right, size) as (user, _):
            user.reads(said)
            if left == right:
                await user.does("find-next")
                assert "no change to go to" in notes(user)


async def test_copying_takes_a_side_or_both_marked(start: Start, copied: list[str]) -> None:
    async with diffing(start, "Same.\n\nOld words stay.", "Same.\n\nNew words stay.") as (user, board):
        await user.does("copy")
        await user.until(lambda: copied)
        for form in ("Left", "Both"):
            await user.does("copy-as")
            chooser = await opened(user, Choose)
            chooser.field.value = form
            await user.presses("enter")
            await user.until(lambda: user.app.screen is board)
        await user.until(lambda: len(copied) == 3)
        assert copied == [board.sides[1].text, board.sides[0].text, "  Same.\n\n- Old words stay.\n+ New words stay.\n"]


async def test_there_is_no_search_and_it_says_what_there_is(start: Start) -> None:
    async with diffing(start, REFUND, WARMER) as (user, _):
        await user.does("find")
        assert "n and N go through the changes" in notes(user)


async def test_a_click_makes_a_change_the_current_one_and_the_wheel_scrolls(start: Start) -> None:
    async with diffing(start, REFUND + "\n" * 2 + "More of it.\n\n" * 40, WARMER) as (user, board):
        rows = user.screen.splitlines()
        y = next(at for at, row in enumerate(rows) if "4410" in row)
        await user.pilot.click(offset=(rows[y].index("4410") + 1, y))
        await user.rests()
        assert board.change != SAME
        assert "ending 4410" in "".join(
            part.right for row in board.diff.rows for part in row.parts if part.change == board.change
        )
        kept = board.change
        await user.pilot.click(offset=(rows[y].index("nothing") + 1, y))
        assert board.change == kept
        for _ in range(2):
            await user.pilot._post_mouse_events([MouseScrollDown], offset=(20, 20))
        await user.rests()
        assert "shouldn't" not in user.screen
        await user.pilot._post_mouse_events([MouseScrollUp], offset=(20, 20))
        await user.pilot._post_mouse_events([MouseScrollUp], offset=(20, 20))
        await user.rests()
        user.reads("shouldn't")


async def test_without_colour_signs_say_what_was_removed_and_added(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    for size in ("usual", "small"):
        async with diffing(start, REFUND, WARMER, size) as (user, _):
            user.reads("[-shouldn't-]", "{+should not+}", "− I have also", "+ Thank you", "~ Ada")


HOSTILE = "[/red] [@click=app.quit]x[/] \x1b[31m\x07 \u202eevil\tafter\u200b 日本語の文章 👩\u200d👩\u200d👧 end " * 8


async def test_what_comes_from_outside_is_shown_and_never_obeyed(start: Start) -> None:
    async with start("usual") as user:
        left, right = Side(9, HOSTILE, (HOSTILE,), HOSTILE, HOSTILE), side(HOSTILE.replace("evil", "good"))
        board = await pushes(user, left, right)
        user.reads("[/red]", "␛[31m␇", "⟨U+202E⟩", "good")
        assert "\x1b" not in user.screen
        await user.does("raw", "raw", "view", "follow", "find-next")
        user.reads("␛[31m␇")
        assert user.app.screen is board


async def test_it_stands_in_every_size(start: Start) -> None:
    code = "\n```python\n\tdef f():\n\t\treturn 1\n```\n"
    async with diffing(start, REFUND + code, WARMER + code.replace("1", "2")) as (user, board):
        await user.does("raw", "raw")
        for size in (*SIZES.values(), (20, 6), (1, 1), SIZES["usual"]):
            await user.pilot.resize_terminal(*size)
            await user.rests()
            await user.does("view", "find-next", "last")
            if board.view.size.area:
                for y in range(board.view.size.height):
                    assert board.view.render_line(y).cell_length in {0, board.view.size.width}
        user.reads("alike", "Ada, you")


async def test_it_opens_where_it_has_hardly_any_room(start: Start) -> None:
    async with start("tiny") as user:
        await user.pilot.resize_terminal(20, 2)
        await pushes(user, side(REFUND, 1), side(WARMER, 4))
        await user.does("find-next", "swap", "find-next", "find-next", "next", "last", "view", "follow")
        await user.pilot.resize_terminal(*SIZES["usual"])
        await user.rests()
        user.reads("change 2/", "shouldn't", "only changes")


async def test_a_swap_keeps_the_place_and_another_theme_the_words(start: Start) -> None:
    apart = "\n\n".join(f"Paragraph number {at} stays as it is, whatever happens around it." for at in range(60))
    async with diffing(start, f"A box.\n\n{apart}", f"A lamp.\n\n{apart}") as (user, _):
        await user.presses("pagedown", "pagedown")
        before = user.screen
        assert "Paragraph number 20 " in before
        await user.does("swap")
        user.reads("Paragraph number 20 ")
        user.app.theme = "textual-light"
        await user.rests()
        user.reads("Paragraph number 20 ")
