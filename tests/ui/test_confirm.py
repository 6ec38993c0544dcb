"""A question: letters, enter, esc and the mouse answer it."""

from __future__ import annotations

import pytest

from tests.ui.host import HOSTILE, NOTHING, Host, seen
from workbench.ui.screens.confirm import Answer, Confirm

ANSWERS = (Answer("save", "s", "save and quit"), Answer("quit", "q", "quit"), Answer("stay", "n", "stay here"))


def quitting() -> Confirm:
    return Confirm("Quit?", ["Something isn't saved.", "2 runs are going."], ANSWERS, "quit")


@pytest.mark.parametrize(
    ("keys", "result"),
    [
        ("enter", "quit"),
        ("ctrl+j", "quit"),
        ("s", "save"),
        ("S", "save"),
        ("n", "stay"),
        ("up enter", "save"),
        ("tab enter", "stay"),
        ("down down down enter", "stay"),
        ("x", NOTHING),
        ("escape", None),
    ],
)
async def test_keys(keys: str, result: object) -> None:
    app = Host(quitting)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys.split())
        assert app.result == result


async def test_a_click_answers() -> None:
    app = Host(quitting)
    async with app.run_test(size=(80, 24)) as pilot:
        y = next(at for at, line in enumerate(seen(pilot).splitlines()) if "stay here" in line)
        await pilot.click(offset=(20, y))
        assert app.result == "stay"


async def test_much_to_say_scrolls_and_the_answers_stay_in_sight() -> None:
    app = Host(lambda: Confirm("Send?", [f"line {at}." for at in range(30)], ANSWERS, "stay"))
    async with app.run_test(size=(40, 10)) as pilot:
        assert "line 0." in seen(pilot)
        assert "stay here" in seen(pilot)
        for _ in range(40):
            await pilot.press("pagedown")
        assert "line 29." in seen(pilot)
        assert "save and quit" in seen(pilot)


@pytest.mark.parametrize("size", [(40, 10), (200, 60)])
async def test_text_from_outside_is_text(size: tuple[int, int]) -> None:
    app = Host(lambda: Confirm(HOSTILE, [HOSTILE], [Answer("a", "a", HOSTILE)], "a"))
    async with app.run_test(size=size) as pilot:
        assert "[/red] [@click=app.quit]x[/]" in seen(pilot)
        assert not set("\x1b\x07\u202e") & set(seen(pilot))
        await pilot.press("a")
        assert app.result == "a"
