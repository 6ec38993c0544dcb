"""Stories at the Chat screen."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import pytest

from tests.ui.story import User, story


@pytest.fixture
def start(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., AbstractAsyncContextManager[User]]:
    """Starts a program: `async with start("usual") as user`."""
    monkeypatch.setenv("COLORTERM", "truecolor")
    return partial(story, tmp_path / "home", update=request.config.getoption("--update"))
