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

for module in (app, pilot):
    vars(module)["wait_for_idle"] = wait_for_idle


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
