"""The Chat screen with 10,000 messages and 12 MB while its session is kept: how late everything else on its loop is.

`python -m tests.benchmarks.bench_kept [--turns 5000] [--times 5]`. A timer of 5 ms runs on the loop of the screen;
`late` is the longest that it was overdue, which is what a key press would have waited, the median of some tries. What
keeping does is measured alone, at a screen that is left alone; a step and a run are what the screen does by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.benchmarks import report
from tests.benchmarks.bench_store import long
from tests.benchmarks.terminal import sealed
from tests.engine.fault_server import serving
from tests.ui.acts import Held, beats, on, reaching
from tests.ui.story import User, story
from workbench.engine import store
from workbench.ui.chat import filing, running

AIM_MS: Final = 50.0
PROBE_S: Final = 0.005


class Probe:
    """Says how late the loop was since it was asked last."""

    def __init__(self) -> None:
        self.worst = 0.0
        self._task = asyncio.create_task(self._beat())

    async def _beat(self) -> None:
        while True:
            due = time.perf_counter() + PROBE_S
            await asyncio.sleep(PROBE_S)
            self.worst = max(self.worst, time.perf_counter() - due)

    async def during(self, act: Callable[[], Awaitable[object]]) -> float:
        """The longest that the loop was late while this was done, in milliseconds."""
        await asyncio.sleep(10 * PROBE_S)
        self.worst = 0.0
        await act()
        await asyncio.sleep(2 * PROBE_S)
        return self.worst * 1000

    def stop(self) -> None:
        self._task.cancel()


@contextmanager
def sealed_off(folder: Path) -> Iterator[None]:
    """In an environment of its own."""
    before = {**os.environ}
    os.environ.clear()
    os.environ.update(sealed(folder))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


async def measured(name: str, probe: Probe, times: int, act: Callable[[], Awaitable[object]]) -> None:
    found = [await probe.during(act) for _ in range(times)]
    report.figure(f"{name}: late", report.middle(found), "ms", AIM_MS)


async def kept(user: User, probe: Probe, times: int, held: Held) -> None:
    chat, values = user.chat, count(2)

    async def rests() -> None:
        await asyncio.sleep(0.5)

    async def steps() -> None:
        on(user, "param:top_k")
        await user.does("more")

    async def changed() -> None:
        """By no key: what is drawn for a step is not keeping."""
        chat.document.change(chat.session.with_param(chat.lane, "top_k", next(values)))
        await beats(user)

    async def idles() -> None:
        await changed()
        await beats(user, 6.0)

    async def saves() -> None:
        await filing.write(chat, quietly=True)

    async def noted() -> None:
        """A run on its way: two looks at what came, each noted and synced."""
        for live in chat.lives:
            live.wire.add(0.0, b'event: ping\ndata: {"type":"ping"}\n\n' * 100)
        await beats(user, 0.4)

    async def begins() -> None:
        chat.prompt.insert("More.")
        running.run(chat)
        await user.until(lambda: any(live.run.text for live in chat.lives))

    await measured("nothing at all", probe, times, rests)
    await measured("a change noted", probe, times, changed)
    await measured("the file written anew by itself", probe, times, idles)
    await measured("saved by hand", probe, times, saves)
    await measured("a parameter stepped and drawn", probe, times, steps)
    await measured("a run begun", probe, 1, begins)
    await measured("an answer journalled while it comes", probe, times, noted)
    held.go_on.set()
    await user.settles()


async def measure(folder: Path, turns: int, times: int) -> None:
    file = folder / "long.toml"
    store.save(file, long(turns))
    held = Held()
    async with serving(held) as server, story(folder, "large", file=file, chosen=reaching(server.base_url)) as user:
        await user.rests()
        chat = user.chat
        chat.document.change(chat.session.with_param(chat.lane, "top_k", 1))
        size = file.stat().st_size / 2**20
        report.heading(f"The screen of a session of {len(chat.session.messages)} messages, {size:.1f} MB (bench_kept)")
        probe = Probe()
        try:
            await kept(user, probe, times, held)
        finally:
            probe.stop()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--turns", type=int, default=5000)
    arguments.add_argument("--times", type=int, default=5)
    given = arguments.parse_args()
    with TemporaryDirectory() as name, sealed_off(Path(name)):
        asyncio.run(measure(Path(name), given.turns, given.times))


if __name__ == "__main__":
    main()
