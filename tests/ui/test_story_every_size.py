"""Every screen and dialog at sizes that no terminal should have: nothing falls over, and all is there again after."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ui.acts import Start
from tests.ui.lane_acts import clones
from tests.ui.story import SIZES, User

ODD = ((1, 1), (2, 1), (0, 0), (1, 40), (200, 1), (3, 3), (20, 6))
OVER: dict[str, tuple[str, ...]] = {
    "the chat": (),
    "the parameters": ("tune",),
    "the palette": ("palette",),
    "the keys": ("help",),
    "letters to jump to": ("jump",),
    "earlier prompts": ("recall",),
    "a line to find": ("find",),
    "themes": ("theme",),
    "sessions": ("open",),
    "a question": ("title",),
    "something to confirm": ("quit",),
    "the sweep": ("sweep",),
    "the batches": ("batches",),
    "the runs": ("runs",),
    "the wire": ("runs", "wire"),
    "a diff": ("diff",),
}
"""What is done to get there from Compare, where two lanes have an answer."""
USUAL = ("the parameters", "something to confirm", "the sweep", "the wire", "a diff")


@pytest.mark.fault("P07")
async def test_no_screen_and_no_dialog_falls_over_at_any_size(
    start: Start, rounds: Callable[[int, int], int], tmp_path: Path
) -> None:
    places = OVER if rounds(0, 1) else dict.fromkeys(USUAL, ())
    async with start("usual") as user:
        await user.does("compare")
        user.chat.lanes.focus()
        await clones(user)
        await user.asks("Write **two** words.")
        user.chat.change(user.chat.session.with_system(user.chat.lane, "Answer in **two** words, never in three."))
        user.chat.document.path = tmp_path / "away" / "mine.toml"  # so that leaving asks
        for place in places:
            await _goes(user, OVER[place])
            here = user.app.screen
            before = user.screen
            for size in (*ODD[: rounds(3, len(ODD))], SIZES["usual"]):
                await user.pilot.resize_terminal(*size)
                await user.pilot.pause()
                assert user.screen is not None
            assert user.app.screen is here, place
            assert _words(user.screen) >= _words(before) - {""}, place
            await _leaves(user)
        assert len(user.chat.session.lanes) == 2


def _words(screen: str) -> set[str]:
    """What stands there, less what counts or blinks."""
    return {word for word in screen.split() if word.isalpha()}


async def _goes(user: User, commands: tuple[str, ...]) -> None:
    if commands == ("quit",):
        user.chat.change(user.chat.session.with_variable("x", "1"))
    await user.does(*commands)
    await user.pilot.pause()
    await user.rests()


async def _leaves(user: User) -> None:
    while user.app.screen is not user.chat:
        await user.presses("escape")
        await user.pilot.pause()
    await user.presses("escape")
    user.chat.remove_class("-drawer")
    user.chat.lanes.focus()
    await user.pilot.pause()
