"""What the stories of sweeps do: define one, send it, wait for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from tests.engine.fault_server import Talk, head
from tests.ui.acts import Held
from tests.ui.story import NOON, User
from workbench.core.params import Params
from workbench.core.sweep import Sweep, read_axis
from workbench.simulator import Simulator
from workbench.ui.screens.confirm import Confirm
from workbench.ui.sweep.screen import SweepScreen
from workbench.ui.sweep.sweeping import Sweeping

MODELS: Final = "model=claude-opus-4-6,claude-sonnet-4-6,claude-haiku-4-5"
HEATS: Final = "temperature=0,0.25,0.5,0.75,1"
PROMPT: Final = "Answer the customer about order 88231, a broken lamp, in a warm tone."
AMPLE: Final = (4000, 20_000_000, 20_000_000)
"""Limits of the simulator that nobody reaches."""


def defined(user: User, *axes: str, repeats: int = 3, prompt: str | None = PROMPT) -> None:
    """The session has this sweep, and nothing else was done."""
    sweep = Sweep("w1", tuple(map(read_axis, axes or (MODELS, HEATS))), repeats, prompt=prompt)
    params = Params(model="claude-sonnet-4-6", max_tokens=1024)
    user.chat.change(replace(user.chat.session, title="refund-triage", params=params, sweeps=(sweep,)))


async def looks(user: User) -> SweepScreen:
    """Go to the Sweep screen, with what its file holds."""
    user.chat.view.focus()
    await user.does("sweep")
    await user.until(lambda: isinstance(user.app.screen, SweepScreen))
    await done(user)
    screen = user.app.screen
    assert isinstance(screen, SweepScreen)
    return screen


async def done(user: User) -> None:
    """Commands have done what they do."""
    await user.until(lambda: all(each.is_finished for each in user.app.workers if each.group == "commands"))
    await user.pilot.pause()


async def asked(user: User) -> Confirm:
    """The question before a sweep."""
    await user.until(lambda: isinstance(user.app.screen, Confirm))
    await user.pilot.pause()
    screen = user.app.screen
    assert isinstance(screen, Confirm)
    return screen


async def sends(user: User) -> None:
    """Run, agree to what it takes, and see it begin."""
    before = user.chat.sweeping
    await user.does("run")
    await agrees(user)
    await user.until(lambda: user.chat.sweeping is not before or sweeping(user).active or sweeping(user).records)


async def agrees(user: User) -> None:
    """Send it, knowing what it takes."""
    await asked(user)
    await user.presses("s")


async def ends(user: User) -> None:
    """The sweep has ended, and its end is drawn."""
    await user.until(lambda: not user.chat.sweeping_now)
    await user.app.workers.wait_for_complete([each for each in user.app.workers if each.group == "sweep"])
    screen = user.app.screen
    if isinstance(screen, SweepScreen):
        screen.show_all()
    await user.pilot.pause()


def sweeping(user: User) -> Sweeping:
    assert user.chat.sweeping is not None
    return user.chat.sweeping


def results(user: User) -> list[str]:
    """The lines of the file of results."""
    path = user.chat.document.path
    assert path is not None
    return lines(path)


def lines(session_file: Path) -> list[str]:
    kept = session_file.with_name(f"{session_file.stem}.runs.jsonl")
    return kept.read_text().splitlines() if kept.exists() else []


def one_at_a_time(user: User) -> None:
    """Send no two at the same time, so that a picture is the same however quick the machine is."""
    sweeping(user).sweeper._concurrency = 1


def simulated(**settings: object) -> Simulator:
    """A server of its own, as quick as it can be; it remembers what it received."""

    async def at_once(seconds: float) -> None:
        del seconds

    usual = {"speed": 0.0, "limits": AMPLE, "clock": lambda: 0.0, "now": lambda: NOON, "sleep": at_once}
    return Simulator(**(usual | settings))  # type: ignore[arg-type]  # any setting


class Counted(Held):
    """Counts at once, and answers as far as it is held."""

    async def __call__(self, talk: Talk) -> None:
        if b"/count_tokens" in talk.head.partition(b"\r\n")[0]:
            body = b'{"input_tokens": 12}'
            await talk.send(head(kind="application/json", content_length=len(body)), body)
        else:
            await super().__call__(talk)
