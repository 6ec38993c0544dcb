"""Letters over the screen: which label each target gets, typing one, and what stays in sight."""

from __future__ import annotations

import pytest
from textual.color import Color

from tests.ui.host import NOTHING, Host, seen
from workbench.ui.screens.jump import LETTERS, Jump, Target, labels

FEW = tuple(Target(f"row {at}", 3, at) for at in range(5))
MANY = tuple(Target(f"row {at}", 4 * (at % 10), at // 10) for at in range(60))


@pytest.mark.parametrize(
    ("keys", "result"),
    [
        ("a", "row 0"),
        ("S", "row 1"),
        ("p d", "row 2"),
        ("1 escape", None),
        ("p", NOTHING),
        ("escape", None),
        ("ctrl+g", None),
    ],
)
async def test_a_label_goes_there(keys: str, result: object) -> None:
    app = Host(lambda: Jump(FEW))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys.split())
        assert app.result == result


@pytest.mark.parametrize(("keys", "at"), [("m a", -1), ("n s", None), ("n backspace a", 0), ("m m s", None)])
async def test_two_letters_where_one_is_not_enough(keys: str, at: int | None) -> None:
    app = Host(lambda: Jump(MANY))
    async with app.run_test(size=(80, 24)) as pilot:
        labelled = dict(zip(labels(60), MANY, strict=True))
        await pilot.press(*keys.split())
        typed = keys.replace("n backspace ", "").replace("m m", "m").replace(" ", "")
        assert at is None or typed in labelled
        assert app.result == labelled[typed].id


@pytest.mark.drawn
async def test_typing_narrows_and_says_what_leads_nowhere() -> None:
    app = Host(lambda: Jump(MANY))
    async with app.run_test(size=(80, 24)) as pilot:
        assert "jump: type a letter   esc back" in seen(pilot)
        await pilot.press("1")
        assert "no label 1" in seen(pilot)
        before = seen(pilot).splitlines()[0]
        await pilot.press("m")
        assert "after m" in seen(pilot)
        assert seen(pilot).splitlines()[0] != before
        assert seen(pilot).splitlines()[0].startswith("beneath ")


@pytest.mark.drawn
async def test_labels_stand_on_their_cells_in_the_colour_of_keys() -> None:
    targets = (Target("a", 3, 2), Target("tight", 10, 2), Target("next", 12, 2), Target("edge", 79, 4))
    app = Host(lambda: Jump(targets))
    async with app.run_test(size=(80, 24)) as pilot:
        lines = seen(pilot).splitlines()
        assert lines[2][3:6] == " a "
        assert (lines[2][10], lines[2][12:15]) == ("s", " d ")
        assert lines[4][79] == "f"
        assert "beneath" in lines[1]
        strip = pilot.app.screen._compositor.render_strips()[2].crop(4, 5)
        (segment,) = [segment for segment in strip if segment.text]
        assert segment.style is not None
        assert segment.style.bgcolor is not None
        accent = Color.parse(pilot.app.theme_variables["accent"])
        assert Color.from_rich_color(segment.style.bgcolor).hex == accent.hex


async def test_without_colour_a_label_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Host(lambda: Jump(FEW))
    async with app.run_test(size=(80, 24)) as pilot:
        strips = pilot.app.screen._compositor.render_strips()
        colours = [segment.style.bgcolor for strip in strips for segment in strip if segment.style]
        triplets = {colour.triplet for colour in colours if colour and colour.triplet}
        assert len(triplets) > 1
        assert all(red == green == blue for red, green, blue in triplets)


@pytest.mark.parametrize(("x", "y", "result"), [(4, 1, "row 1"), (40, 12, None), (0, 23, None)])
async def test_the_mouse_goes_there_too(x: int, y: int, result: str | None) -> None:
    app = Host(lambda: Jump(FEW))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click(offset=(x, y))
        assert app.result == result


async def test_nowhere_to_go_and_no_room() -> None:
    app = Host(lambda: Jump(()))
    async with app.run_test(size=(40, 10)) as pilot:
        assert "nowhere to go" in seen(pilot)
        await pilot.press("a")
        assert app.result is NOTHING
        await pilot.press("escape")
        assert app.result is None


@pytest.mark.parametrize("count", [0, 1, 26, 27, 60, 676, 900])
def test_no_label_begins_another(count: int) -> None:
    made = labels(count)
    assert len(made) == min(count, 676) == len(set(made))
    assert not [label for label in made if len(label) == 2 and label[0] in made]
    assert "".join(made[:9]) == LETTERS[: min(count, 9)] or count > 26 * 17
