"""Many lines to write: accepting, discarding only on purpose, and editing elsewhere."""

from __future__ import annotations

import pytest

from tests.ui.host import HOSTILE, NOTHING, Host, seen
from workbench.core.canned import Call
from workbench.ui.screens.answer_call import AnswerCall
from workbench.ui.screens.write import AGAIN, Write


@pytest.mark.parametrize(
    ("keys", "result"),
    [
        ("ctrl+j", "old"),
        ("x ctrl+s", "oldx"),
        ("enter y ctrl+j", "old\ny"),
        ("escape", None),
        ("x backspace escape", None),
        ("x escape", NOTHING),
        ("x escape escape", None),
        ("x escape ctrl+j", "oldx"),
        ("x escape y escape", NOTHING),
        ("f4 ctrl+j", "old"),
    ],
)
async def test_keys(keys: str, result: object) -> None:
    app = Host(lambda: Write("System prompt", initial="old"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys.split())
        assert app.result == result


async def test_what_is_read_from_its_top_begins_there() -> None:
    text = "\n".join(f'"line {at}"' for at in range(60))
    app = Host(lambda: Write("tool", initial=text, top=True))
    async with app.run_test(size=(80, 24)) as pilot:
        assert '"line 0"' in seen(pilot)
        await pilot.press("x", "ctrl+j")
        assert app.result == f"x{text}"


async def test_esc_on_a_change_asks_once() -> None:
    app = Host(lambda: Write("System prompt", help="Sent first."))
    async with app.run_test(size=(40, 10)) as pilot:
        assert "Sent first." in seen(pilot)
        assert AGAIN not in seen(pilot)
        await pilot.press("x", "escape")
        assert AGAIN in seen(pilot)
        await pilot.press("y")
        assert AGAIN not in seen(pilot)


async def test_a_mistake_is_shown_and_not_accepted() -> None:
    app = Host(lambda: Write("Schema", initial="{}", check=lambda text: None if text == "{}" else "this is no JSON"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("x")
        assert "this is no JSON" in seen(pilot)
        await pilot.press("ctrl+j")
        assert app.result is NOTHING
        await pilot.press("backspace")
        assert "this is no JSON" not in seen(pilot)


@pytest.mark.parametrize(("brought", "result"), [("new\ntext", "new\ntext"), (None, "oldx")])
async def test_the_text_can_be_written_elsewhere(brought: str | None, result: str) -> None:
    taken: list[str] = []

    async def edit(text: str) -> str | None:
        taken.append(text)
        return brought

    app = Host(lambda: Write("System prompt", initial="old", edit=edit))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("x", "f4")
        await app.workers.wait_for_complete()
        await pilot.press("ctrl+j")
        assert taken == ["oldx"]
        assert app.result == result


async def test_an_untouched_text_keeps_its_line_ends() -> None:
    mixed = "a\r\nb\nc\rd"
    app = Host(lambda: Write("System prompt", initial=mixed))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("x", "backspace", "ctrl+j")
        assert app.result == mixed


@pytest.mark.parametrize("size", [(40, 10), (200, 60)])
async def test_text_from_outside_is_text(size: tuple[int, int]) -> None:
    app = Host(lambda: Write(HOSTILE, help=HOSTILE, initial=HOSTILE, check=lambda _: HOSTILE))
    async with app.run_test(size=size) as pilot:
        await pilot.press("x")
        assert "[/red] [@click=app.quit]x[/]" in seen(pilot)
        assert not set("\x1b\x07\u202e") & set(seen(pilot))
        await pilot.press("escape", "escape")
        assert app.result is None


async def test_the_input_of_a_call_and_what_is_asked_fit_a_low_terminal() -> None:
    items = [{"article": f"article {at}", "price": at} for at in range(40)]
    call = Call("toolu_1", "place_order", {"items": items})
    app = Host(lambda: AnswerCall(call, "1 of 2 · ", begun=None, about="What it gives.", read=str, edit=None))
    async with app.run_test(size=(80, 24)) as pilot:
        shown = seen(pilot)
        assert "1 of 2 · place_order" in shown
        assert '{"items": [{"article": "article 0", "price": 0}' in shown
        assert "…" in shown
        assert "What it gives." in shown
        await pilot.press("f2")
        assert "place_order · answered as an error" in seen(pilot)
