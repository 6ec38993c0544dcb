"""A person at the Chat screen: does commands by name, types, and sees; the simulator answers over a real socket.

Time is what the events make it: every answer takes as long as it has events, so that a screenshot is the same
on every machine.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any, Final

import pytest
from textual._context import visible_screen_stack
from textual.pilot import Pilot

import workbench
from tests.ui.resting import LOOK_S
from workbench.core.config import Config
from workbench.engine.endpoints import NO_KEY_NOTE, SIMULATOR, Chosen
from workbench.engine.keys import SIMULATED
from workbench.engine.places import Places
from workbench.engine.runner import Runner
from workbench.engine.simulated import Simulated
from workbench.ui import rescue
from workbench.ui.app import Workbench
from workbench.ui.chat.screen import Chat
from workbench.ui.commands import BY_ID
from workbench.ui.desk import Desk

SCREENSHOTS: Final = Path(workbench.__file__).parent.parent / "screenshots"
NOON: Final = datetime(2026, 11, 22, 14, 3, 11, tzinfo=UTC)
FIRST_TOKEN_S: Final = 0.62
EVENT_S: Final = 0.0108
LATE_S: Final = 20.0
"""Seconds after which what was to come by itself will not."""
SIZES: Final = {"small": (80, 24), "usual": (120, 40), "large": (200, 60), "tiny": (40, 10)}
FONT: Final = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


class Still:
    """In place of the frame timer: frames are drawn when the story says so."""

    def resume(self) -> None: ...

    def pause(self) -> None: ...


class Clock:
    """Seconds as the events make them: runs that go on at once each have their own, and the screen the latest.

    Of runs that are no lane's, as a sweep's are, every event counts.
    """

    def __init__(self, app: Callable[[], Workbench], runner: Callable[[], Runner]) -> None:
        self._app = app
        self._runner = runner
        self._now = 100.0
        self._begun: dict[str, float] = {}
        self._counted = 0

    def __call__(self) -> float:
        chat = next((screen for screen in self._app().screen_stack if isinstance(screen, Chat)), None)
        lives = chat.lives if chat is not None else []
        task = asyncio.current_task()
        live = next((each for each in lives if each.task is task and task is not None), None)
        if live is not None:
            begun = self._begun.setdefault(live.run.id, self._now)
            own = begun + (FIRST_TOKEN_S if live.run.events else 0.0) + EVENT_S * live.run.events
            self._now = max(self._now, own)
            self._counted = self._runner().events
            return own
        if not lives:
            self._now += EVENT_S * (self._runner().events - self._counted)
            self._counted = self._runner().events
        return self._now


class User:
    """One person and one program."""

    def __init__(self, app: Workbench, pilot: Pilot[None], *, update: bool) -> None:
        self.app = app
        self.pilot = pilot
        self.update = update
        self.time = 1000.0
        """Seconds, for what happens by itself after a while."""
        self.said: tuple[str, ...] = ()
        """What the terminal is told when the program has ended."""

    @property
    def chat(self) -> Chat:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, Chat))

    async def presses(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.rests()

    async def rests(self) -> None:
        """Let everything be drawn, and the estimate be made that waits for a pause in typing."""
        await self.pilot.pause()
        if self.chat.is_attached and self.chat.typing is not None:
            self.chat.typing.stop()
            self.chat.typing = None
            self.chat.show_panel()
            await self.pilot.pause()

    async def does(self, *commands: str) -> None:
        """Press the first key of each command; one without a key is called as the palette does."""
        for command in commands:
            if command == "jump":
                assert self.screen  # a place is where it was drawn
            keys = BY_ID[command].keys
            if keys:
                await self.presses(*keys[:1])
            else:
                await self.chat.do(command)
                await self.pilot.pause()

    async def types(self, text: str) -> None:
        """Type into whatever has the focus."""
        insert: Callable[[str], Any] | None = getattr(self.app.focused, "insert", None)
        if insert is not None:
            insert(text)
            await self.rests()
        else:
            await self.presses(*text)

    async def asks(self, prompt: str) -> None:
        """Type a prompt, run it, and wait for its answer."""
        self.chat.prompt.focus()
        await self.types(prompt)
        await self.does("run")
        await self.settles()

    async def settles(self) -> None:
        """Wait until nothing runs and everything is drawn."""
        await self.until(lambda: not self.chat.lives)
        await self.app.workers.wait_for_complete(
            [worker for worker in self.app.workers if worker.group in {"runs", "clipboard"}]
        )
        await self.rests()

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for something that will come by itself."""
        late = monotonic() + LATE_S
        while not holds():
            if monotonic() > late:
                raise AssertionError("it did not come")
            await self.pilot.pause()
            await asyncio.sleep(LOOK_S)

    def draws(self, frames: int = 1) -> None:
        from workbench.ui.chat import streaming

        for _ in range(frames):
            streaming.draw_new(self.chat)

    @property
    def screen(self) -> str:
        """What the terminal shows, as text."""
        visible_screen_stack.set(self.app._background_screens)  # as a frame would: what lies under a dialog shows
        rows = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in row) for row in rows)

    def reads(self, *texts: str) -> None:
        """Each text is on the screen."""
        screen = self.screen
        for text in texts:
            assert text in screen, f"{text!r} is not on the screen:\n{screen}"

    async def sees(self, name: str) -> None:
        """The screen is the picture of that name in `screenshots/`."""
        self.app.clear_notifications()
        await self.pilot.pause()
        await self.shows(name)

    async def shows(self, name: str) -> None:
        """As `sees`, with whatever notes are up."""
        if keeping := [worker for worker in self.app.workers if worker.group == "keeping"]:
            await self.app.workers.wait_for_complete(keeping)
        await self.pilot.pause()
        drawn = FONT.sub("", self.app.export_screenshot(title="Workbench", simplify=True))
        file = SCREENSHOTS / f"{name}.svg"
        if self.update:
            file.write_text(drawn)
        elif not file.exists() or file.read_text() != drawn:
            file.with_suffix(".new.svg").write_text(drawn)
            pytest.fail(f"screenshots/{name}.svg differs from the screen: see {name}.new.svg, or pytest --update")


@asynccontextmanager
async def story(
    folder: Path,
    size: str = "usual",
    *,
    update: bool = False,
    config: Config | None = None,
    file: Path | None = None,
    chosen: Chosen | None = None,
    notes: tuple[str, ...] = (),
    sleep: Callable[[float], Any] | None = None,
    counts: bool = False,
    **settings: object,
) -> AsyncIterator[User]:
    """A program in a folder of its own; `settings` go to the simulator."""
    app: Workbench
    runner: Runner

    clock = Clock(lambda: app, lambda: runner)

    async def at_once(seconds: float) -> None:
        del seconds

    simulated = Simulated(**{"speed": 0.0, "clock": lambda: 0.0, "now": lambda: NOON, "sleep": at_once, **settings})
    runner = Runner(clock=clock, sleep=sleep or at_once, chance=lambda: 0.5, now=lambda: NOON, simulated=simulated)
    desk = Desk(
        Places.under(folder),
        config or Config(),
        chosen=chosen or Chosen(SIMULATOR, SIMULATED, (NO_KEY_NOTE,), why="no key"),
        notes=notes,
        file=file,
        environ={},
        folder=folder,
        now=lambda: NOON,
        make_runner=lambda: runner,
        counts=counts,
    )
    app = Workbench(desk)
    async with app.run_test(size=SIZES[size], notifications=True) as pilot:
        user = User(app, pilot, update=update)
        user.chat.frames = Still()  # type: ignore[assignment]  # the part of a timer that is used
        user.chat.beats.stop()
        user.chat.prompt.cursor_blink = False
        await pilot.pause()
        yield user
    user.said = rescue.keep(app)
