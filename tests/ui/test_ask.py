"""One line to type: what is accepted, what is refused, and how it says so."""

from __future__ import annotations

import pytest
from textual.events import Paste

from tests.ui.host import HOSTILE, NOTHING, Host, seen
from workbench.ui.screens.ask import Ask


def whole(text: str) -> str | None:
    return None if text.isdecimal() else "a whole number would be right, as 1024"


@pytest.mark.parametrize(
    ("keys", "result"),
    [
        ("enter", "10"),
        ("2 enter", "2"),
        ("2 ctrl+j", "2"),
        ("end 2 enter", "102"),
        ("space enter", NOTHING),
        ("x enter", NOTHING),
        ("end x backspace enter", "10"),
        ("x escape", None),
    ],
)
async def test_only_a_right_text_is_accepted(keys: str, result: object) -> None:
    app = Host(lambda: Ask("Max tokens", initial="10", check=whole))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys.split())
        assert app.result == result


async def test_the_mistake_is_shown_while_typing_but_not_before() -> None:
    app = Host(lambda: Ask("Max tokens", check=whole, help="The longest answer.", placeholder="such as 4096"))
    async with app.run_test(size=(40, 10)) as pilot:
        screen = seen(pilot)
        assert "The longest answer." in screen
        assert "such as 4096" in screen
        assert "whole number" not in screen
        await pilot.press("x")
        await pilot.pause()
        assert "whole number would be right" in seen(pilot)
        await pilot.press("backspace")
        assert "whole number" not in seen(pilot)
        await pilot.press("enter")
        assert "whole number" in seen(pilot)


async def test_the_text_comes_back_exactly() -> None:
    app = Host(lambda: Ask("Stop at", initial="  \\n "))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("end", "space", "enter")
        assert app.result == "  \\n  "


@pytest.mark.parametrize("size", [(40, 10), (200, 60)])
async def test_text_from_outside_is_text(size: tuple[int, int]) -> None:
    app = Host(lambda: Ask(HOSTILE, help=HOSTILE, initial=HOSTILE, check=lambda _: HOSTILE, placeholder=HOSTILE))
    async with app.run_test(size=size) as pilot:
        await pilot.press("x")
        assert "[/red] [@click=app.quit]x[/]" in seen(pilot)
        assert not set("\x1b\x07\u202e") & set(seen(pilot))
        await pilot.press("escape")
        assert app.result is None


@pytest.mark.parametrize("longer", [True, False])
async def test_a_value_goes_on_to_many_lines_only_where_that_is_offered(longer: bool) -> None:
    app = Host(lambda: Ask("order_id", initial="#1", longer=longer))
    async with app.run_test(size=(80, 24)) as pilot:
        ask = app.screen
        assert isinstance(ask, Ask)
        assert ("many lines" in seen(pilot)) is longer
        await pilot.press("end", "2", "f4")
        assert app.result == ("#12" if longer else NOTHING)
        assert ask.wants_lines is longer


@pytest.mark.parametrize(("longer", "result"), [(True, "#1a\nb"), (False, NOTHING)])
async def test_several_pasted_lines_are_kept_where_many_lines_are_offered(longer: bool, result: object) -> None:
    app = Host(lambda: Ask("order_id", initial="#1", longer=longer))
    async with app.run_test(size=(80, 24)) as pilot:
        ask = app.screen
        assert isinstance(ask, Ask)
        await pilot.press("end")
        ask.field.post_message(Paste("a\nb"))
        await pilot.pause()
        assert app.result == result
        assert ask.field.value == ("#1" if longer else "#1a")


async def test_the_keys_can_be_clicked() -> None:
    app = Host(lambda: Ask("Title", initial="mine"))
    async with app.run_test(size=(80, 24)) as pilot:
        lines = seen(pilot).splitlines()
        y = next(at for at, line in enumerate(lines) if "accept" in line)
        await pilot.click(offset=(lines[y].index("accept"), y))
        assert app.result == "mine"
