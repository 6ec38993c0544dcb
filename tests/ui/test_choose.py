"""The list: filtering, moving, choosing, and what it makes of odd items."""

from __future__ import annotations

import pytest
from textual.content import Content
from textual.screen import Screen

from tests.ui.host import HOSTILE, NOTHING, Host, seen
from workbench.ui import fuzzy
from workbench.ui.fit import spread
from workbench.ui.screens.choose import Choose, Item

FRUIT = (
    Item("a", "apple", "grows on trees", "^A", "trees"),
    Item("p", "pear", "green", "", "trees"),
    Item("s", "strawberry", "red, low", "^S", "bushes"),
    Item("g", "grape", "", "", "bushes", disabled="out of season"),
)


def fruit(**options: object) -> Host:
    return Host(lambda: Choose("Fruit", FRUIT, **options))  # type: ignore[arg-type]  # any option


@pytest.mark.parametrize(
    ("keys", "result"),
    [
        ("enter", "a"),
        ("ctrl+j", "a"),
        ("down enter", "p"),
        ("down down enter", "s"),
        ("ctrl+n ctrl+n ctrl+p enter", "p"),
        ("pagedown pageup enter", "a"),
        ("up enter", "a"),
        ("s t r enter", "s"),
        ("s b y enter", "s"),
        ("r e d enter", "s"),
        ("b u s h e s enter", "s"),
        ("p e a space t r e e enter", "p"),
        ("escape", None),
        ("z z z enter", NOTHING),
        ("g r a p enter", NOTHING),
        ("g r a p enter escape", None),
    ],
)
async def test_keys_choose(keys: str, result: object) -> None:
    async with fruit().run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys.split())
        assert pilot.app.result is result or pilot.app.result == result  # type: ignore[attr-defined]


async def test_it_counts_and_heads_and_says_why_not() -> None:
    async with fruit().run_test(size=(80, 24)) as pilot:
        screen = seen(pilot)
        assert "4/4" in screen
        assert screen.index("TREES") < screen.index("pear") < screen.index("BUSHES") < screen.index("grape")
        await pilot.press(*"grap")
        assert "1/4" in seen(pilot)
        assert "out of season" in seen(pilot)
        await pilot.press("backspace", *"zz")
        assert "nothing matches" in seen(pilot)


async def test_nothing_to_choose_from_says_what_is_missing() -> None:
    app = Host(lambda: Choose("Recall", (), empty="no prompt was sent yet"))
    async with app.run_test(size=(40, 10)) as pilot:
        assert "no prompt was sent yet" in seen(pilot)
        await pilot.press("enter", "down")
        assert app.result is NOTHING
        await pilot.press("escape")
        assert app.result is None


async def test_a_click_chooses() -> None:
    app = fruit()
    async with app.run_test(size=(80, 24)) as pilot:
        lines = seen(pilot).splitlines()
        y = next(at for at, line in enumerate(lines) if "strawberry" in line)
        await pilot.click(offset=(20, y))
        assert app.result == "s"


async def test_what_is_highlighted_is_previewed_and_the_first_comes_back() -> None:
    shown: list[str] = []
    app = fruit(preview=shown.append, initial="p")
    async with app.run_test(size=(80, 24)) as pilot:
        assert shown == []
        await pilot.press("down", "down")
        assert shown == ["s"]
        await pilot.press("escape")
        assert shown == ["s", "p"]
        assert app.result is None


@pytest.mark.parametrize(
    ("typed", "keys", "result"),
    [("kiwi", "enter", "kiwi"), ("app", "enter", "a"), ("app", "down enter", "app"), ("apple", "down enter", "a")],
)
async def test_what_was_typed_can_be_taken(typed: str, keys: str, result: str) -> None:
    app = fruit(allow_other=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*typed, *keys.split())
        assert app.result == result


async def test_the_order_can_stay() -> None:
    app = fruit(keep_order=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"r")
        screen = seen(pilot)
        assert screen.index("pear") < screen.index("strawberry") < screen.index("grape")
        assert "BUSHES" in screen


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (200, 60)])
async def test_text_from_outside_is_text(size: tuple[int, int]) -> None:
    items = (Item(HOSTILE, HOSTILE, HOSTILE, HOSTILE[:4], HOSTILE, ""), Item("b", HOSTILE, disabled=HOSTILE))
    app = Host(lambda: Choose(HOSTILE, items, placeholder=HOSTILE, empty=HOSTILE, initial="b"))
    async with app.run_test(size=size) as pilot:
        screen = seen(pilot)
        assert "[/red] [@click=app.quit]x[/]" in screen
        assert not set("\x1b\x07\u202e") & set(screen)
        await pilot.press(*"red")
        assert not set("\x1b\x07\u202e") & set(seen(pilot))
        await pilot.press("enter")
        assert app.result == HOSTILE


async def test_only_rows_in_sight_are_drawn() -> None:
    items = [Item(str(at), f"a prompt about item {at} of many") for at in range(2000)]
    drawn: list[int] = []

    class Counting(Choose):
        def draw(self, row: int, width: int) -> object:  # type: ignore[override]
            drawn.append(row)
            return super().draw(row, width)

    app = Host(lambda: Counting("Recall", items))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+end")
        assert "item 1999" in seen(pilot)
        assert len(set(drawn)) < 100
        await pilot.press(*"1234", "enter")
        assert app.result == "1234"


@pytest.mark.parametrize(
    ("query", "best", "worse"),
    [
        ("run", "Run", "Less, or the earlier run"),
        ("open", "Open…", "Stop"),
        ("ca", "Copy as…", "Recall"),
        ("sonnet", "claude-sonnet-4-5", "claude-opus-4-1"),
        ("45", "4-5", "4 and 15"),
    ],
)
def test_the_better_match_ranks_higher(query: str, best: str, worse: str) -> None:
    first, second = (fuzzy.score(fuzzy.terms(query), (fuzzy.fold(text),)) for text in (best, worse))
    assert first is not None
    assert second is None or first > second


@pytest.mark.parametrize(
    ("query", "text", "places"),
    [("as cop", "Copy as", [0, 1, 2, 5, 6]), ("cas", "Copy as", [0, 5, 6]), ("İ", "xİy", [1]), ("q", "abc", [])],
)
def test_the_letters_found_are_known(query: str, text: str, places: list[int]) -> None:
    assert fuzzy.places(fuzzy.terms(query), text) == places


def test_chance_is_no_match() -> None:
    assert fuzzy.find("ietn", "a piece of text that goes on and dozes") is None


def test_a_long_text_of_one_letter_is_searched_at_once() -> None:
    assert fuzzy.find("aaaaaaaaab", "a" * 500) is None
    assert fuzzy.find("abababab", "a" * 250 + "b" * 250) is None
    assert isinstance(Choose("x", ()), Screen)


async def test_where_there_is_no_room_names_are_told_apart_and_the_line_below_has_the_rest() -> None:
    prices = "$5.00 in · $25.00 out"
    models = [Item(name, f"claude-opus-{name}", "1M context", prices) for name in ("5-5", "4-8", "4-7")]
    async with Host(lambda: Choose("Models", models)).run_test(size=(40, 10)) as pilot:
        screen = seen(pilot)
        assert all(f"claude-opus-{each.id}" in screen for each in models)
        assert screen.count(prices) == 1
        assert f"{prices} · 1M context" in screen


def test_a_detail_that_is_cut_behind_an_ellipsis_has_one() -> None:
    left, right = Content("claude-sonnet-5  1M context · effort low…max · images"), Content("$2.00 in")
    lines = [spread(left, right, width).plain for width in range(24, 60)]
    assert [len(line) for line in lines] == [*range(24, 60)]
    assert sum("…" in line for line in lines) == len(lines)
    assert not [line for line in lines if "……" in line]
