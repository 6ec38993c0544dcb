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
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation

from tests.ui.resting import wait_for_idle
from tests.ui.story import User, story


async def all_done(person: pilot.Pilot[object], seconds: float = 30.0) -> bool:
    """In place of a message to every widget: what is handed on within the loop is done when the loop rests."""
    await wait_for_idle(max_sleep=seconds)
    return person.app._exception is None


for module in (app, pilot):
    vars(module)["wait_for_idle"] = wait_for_idle
setattr(pilot.Pilot, "_wait_for_screen", all_done)  # noqa: B010  # the class is generic, and the function not


parse_rules = Stylesheet._parse_rules
SHEETS: dict[tuple[object, ...], list[RuleSet]] = {}


def parsed_once(
    sheet: Stylesheet,
    css: str,
    read_from: CSSLocation,
    is_default_rules: bool = False,
    tie_breaker: int = 0,
    scope: str = "",
) -> list[RuleSet]:
    """The rules of a source, parsed once a process: they are the same for every program with the same colours."""
    source = (css, read_from, is_default_rules, tie_breaker, scope)
    if source not in sheet._parse_cache:
        key = (frozenset(sheet._variables.items()), *source)
        if key not in SHEETS:
            SHEETS[key] = parse_rules(sheet, *source)
        sheet._parse_cache[source] = SHEETS[key]
    return sheet._parse_cache[source]


setattr(Stylesheet, "_parse_rules", parsed_once)  # noqa: B010


@pytest.fixture(autouse=True)
def disks_are_quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody pulls the plug in a story: nothing waits until the disk has it."""
    if not request.config.getoption("--whole"):
        monkeypatch.setattr("os.fsync", lambda _: None)
        monkeypatch.setattr("os.fdatasync", lambda _: None)


@pytest.fixture(autouse=True)
def drawn_when_looked_at(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames that no terminal shows take half of a story's time: only those it reads are made; with `--whole` all.

    A test that is about drawing says so: `pytest.mark.drawn`.
    """
    if request.config.getoption("--whole") or "drawn" in request.keywords:
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
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., AbstractAsyncContextManager[User]]:
    """Starts a program: `async with start("usual") as user`."""
    monkeypatch.setenv("COLORTERM", "truecolor")
    return partial(story, tmp_path / "home", update=request.config.getoption("--update"))
