"""Stories at the Chat screen."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual import app, pilot
from textual._compositor import Compositor

from tests.ui.resting import wait_for_idle
from tests.ui.story import User, story


async def all_done(person: pilot.Pilot[object], seconds: float = 30.0) -> bool:
    """In place of a message to every widget: what is handed on within the loop is done when the loop rests."""
    await wait_for_idle(max_sleep=seconds)
    return person.app._exception is None


for module in (app, pilot):
    vars(module)["wait_for_idle"] = wait_for_idle
setattr(pilot.Pilot, "_wait_for_screen", all_done)  # noqa: B010  # the class is generic, and the function not


@pytest.fixture
def drawn_when_looked_at(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames that no terminal shows take half of a story's time: only those it reads are made; with `--whole` all."""
    if request.config.getoption("--whole"):
        return
    draw = Compositor.render_update

    def drawn(self: Compositor, *, simplify: bool = False, **others: Any) -> object:
        if simplify:
            return draw(self, simplify=True, **others)
        self._dirty_regions.clear()
        return None

    monkeypatch.setattr(Compositor, "render_update", drawn)


@pytest.fixture
def start(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, drawn_when_looked_at: None
) -> Callable[..., AbstractAsyncContextManager[User]]:
    """Starts a program: `async with start("usual") as user`."""
    monkeypatch.setenv("COLORTERM", "truecolor")
    return partial(story, tmp_path / "home", update=request.config.getoption("--update"))
