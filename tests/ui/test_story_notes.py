"""Notes and welcome: read where they cover least, and never over a dialog."""

from __future__ import annotations

import pytest

from tests.ui.acts import Start, reaching
from tests.ui.story import SIZES, User
from workbench.core.config import Config
from workbench.engine import keys
from workbench.engine.endpoints import NO_KEY_NOTE, SIMULATOR, Chosen
from workbench.engine.keys import SIMULATED, Key

WORDS = "words " * 60


def lines_with(user: User, text: str) -> list[int]:
    return [at for at, line in enumerate(user.screen.splitlines()) if text in line]


async def drawn(user: User) -> None:
    for _ in range(4):
        await user.pilot.pause()


@pytest.mark.parametrize(("size", "most"), [("tiny", 1), ("small", 2), ("usual", 3), ("large", 3)])
async def test_only_the_newest_notes_show_right_above_the_prompt(start: Start, size: str, most: int) -> None:
    async with start(size) as user:
        for number in range(5):
            user.chat.tell(f"Note {number} {WORDS}")
        await drawn(user)
        shown = [number for number in range(5) if lines_with(user, f"Note {number} ")]
        assert shown == list(range(5 - most, 5))
        below = user.chat.view.region.bottom
        rows = lines_with(user, "words")
        assert rows == list(range(below - 2 * most, below)), "two lines each"
        user.reads("╭─ prompt")


async def test_notes_stay_above_a_prompt_that_grows(start: Start) -> None:
    async with start("usual") as user:
        user.chat.tell("A note.")
        await user.types("\n".join("line" for _ in range(9)))
        await drawn(user)
        assert lines_with(user, "A note.") == [user.chat.view.region.bottom - 1]


@pytest.mark.parametrize("size", list(SIZES))
async def test_no_note_lies_over_a_dialog(start: Start, size: str) -> None:
    async with start(size) as user:
        for command in ("palette", "help", "open"):
            await user.does(command)
            await user.until(lambda: user.app.screen is not user.chat)
            user.chat.tell(f"A note over {command}.", "warning")
            await drawn(user)
            assert not lines_with(user, "A note over")
            await user.presses("escape")
            await drawn(user)
            assert lines_with(user, f"A note over {command}.")
            user.app.clear_notifications()
            await drawn(user)


NO_KEY = Chosen(SIMULATOR, SIMULATED, (NO_KEY_NOTE,), why="no key")
BAD_KEY = Chosen(SIMULATOR, SIMULATED, ("ANTHROPIC_API_KEY is empty", NO_KEY_NOTE), why="no key")
BY_NAME = Chosen(SIMULATOR, SIMULATED, why="--endpoint")
KEYLESS = Chosen(reaching("https://example.com").endpoint, problem=keys.NO_OFFICIAL_KEY)


@pytest.mark.parametrize(
    ("chosen", "says", "not_"),
    [
        (NO_KEY, ("No API key was found", "export ANTHROPIC_API_KEY=sk-ant-…"), "usable"),
        (BAD_KEY, ("No usable API key was found",), "nothing"),
        (BY_NAME, ("The bundled simulator answers",), "No API key"),
        (KEYLESS, ("Set ANTHROPIC_API_KEY",), "simulator"),
        (reaching("https://example.com"), ("Type a prompt",), "simulat"),
    ],
)
async def test_the_welcome_says_who_answers_and_why(
    start: Start, chosen: Chosen, says: tuple[str, ...], not_: str
) -> None:
    async with start("usual", chosen=chosen) as user:
        user.reads(*says)
        assert not_ not in user.screen


@pytest.mark.parametrize("size", ["small", "usual", "large"])
async def test_no_word_of_the_welcome_is_cut(start: Start, size: str) -> None:
    async with start(size) as user:
        assert user.screen  # it is wrapped where it is drawn
        shown = " ".join("".join(text for text, _ in line) for line in user.chat.view.empty)
        assert " ".join(shown.split()) == " ".join(" ".join(user.chat.view.said).split())
        for line in user.chat.view.empty:
            user.reads("".join(text for text, _ in line).rstrip())


async def test_a_short_key_is_not_shown_as_if_it_were_cut(start: Start) -> None:
    chosen = reaching("https://example.com", "short")
    async with start("usual", chosen=chosen) as user:
        user.reads("key set")
    assert Key("short", "the test").masked == "…"
    async with start("usual", chosen=reaching("https://example.com")) as user:
        user.reads("key …0001")


async def test_a_long_title_leaves_the_mark_of_what_is_unsaved(start: Start) -> None:
    async with start("small") as user:
        user.chat.change(type(user.chat.session)(title="A title that is much longer than its line can be, and more"))
        user.reads("… ●", "simulated")


@pytest.mark.parametrize("size", ["usual", "small"])
async def test_a_long_value_leaves_its_label(start: Start, size: str) -> None:
    async with start(size, config=Config()) as user:
        session = user.chat.session.with_variable("order_id", "a very long value " * 9)
        user.chat.change(session.with_param(session.lane(), "model", "a-model-" * 9))
        await user.does("tune")
        for label in ("model", "order_id"):
            user.chat.panel.at = f"variable:{label}" if label == "order_id" else "param:model"
            await user.pilot.pause()
            assert any(label in line and "…" in line for line in user.screen.splitlines()), label


async def test_a_terminal_that_becomes_wide_has_its_outline(start: Start) -> None:
    async with start("small") as user:
        await user.asks("Hello there.")
        await user.pilot.resize_terminal(200, 60)
        await user.until(lambda: "SAVED" in user.screen)
        user.reads("SESSION", "▎Hello there.")


async def test_chips_can_be_jumped_to_and_open_the_drawer(start: Start) -> None:
    async with start("small") as user:
        session = user.chat.session.with_variable("tone", "warm")
        user.chat.change(session.with_param(session.lane(), "temperature", 0.5))
        for chip, row in (("param:temperature", "param:temperature"), ("variables", "variable:tone")):
            await user.does("jump")
            await user.until(lambda: user.app.screen is not user.chat)
            labels = {target.id: label for label, target in user.app.screen.targets.items()}  # type: ignore[attr-defined]  # the jump screen
            spots = {target.id: target.x for target in user.app.screen.targets.values()}  # type: ignore[attr-defined]  # the jump screen
            chips = user.screen.splitlines()[user.chat.query_one("#chips").region.y]
            assert chips[spots[chip] :].lstrip().startswith(labels[chip])
            await user.presses(*labels[chip])
            assert user.chat.panel.has_focus
            assert user.chat.panel.at == row
            user.reads("temperature" if chip != "variables" else "tone")
            await user.does("back")
