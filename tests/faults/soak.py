"""`python -m tests.faults.soak --minutes 60`: runs, stops and every fault of the network, for as long as is said.

Nothing may pile up: memory grows by less than 50 MB after the first laps, descriptors and tasks not at all.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import gc
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final, TextIO

from tests.engine.behaviours import CASES, WHOLE_TEXTS
from tests.engine.cancelling import descriptors
from tests.engine.certificates import Authority
from tests.engine.fault_server import FaultServer, Talk, answers, serving
from tests.engine.running import KEY, REQUEST, agreed, endpoint, new_run
from workbench.core.retry import Wait
from workbench.core.run import Run, State
from workbench.engine.runner import Runner
from workbench.engine.timeouts import Timeouts
from workbench.engine.wire import Wire

WIDE: Final = 12
LAP: Final = 20 * WIDE
"""Runs between two looks at the memory."""
WARM: Final = 3
"""Laps before the look that the others are compared with."""
FASTER: Final = 10_000
"""By which waits are shorter than they are."""
GROWTH: Final = 50 * 2**20
SLOW: Final = frozenset({"S17 a byte a second"})
LARGE: Final = {"S16 huge event": 0.05, "N13 endless header": 0.2, "S17 one-byte chunks": 0.2}
"""How likely a behaviour that moves megabytes is, against the others."""


def memory() -> int:
    """Bytes that this process holds; 0 where the system does not tell.

    What the allocator keeps of what was given back is given up first: after a 16 MiB event it can be 60 MB.
    """
    gc.collect(1)
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


@dataclass
class Soak:
    """What was driven, and what was seen at the end of each lap."""

    chance: Random
    lap: int = LAP
    states: Counter[str] = field(default_factory=Counter)
    stops: int = 0
    memories: list[int] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)
    tasks: list[int] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """What is wrong by itself, whatever the numbers say."""

    @property
    def growth(self) -> int:
        """Of the memory, at its most, since the laps that warm up."""
        return max(self.memories[WARM:], default=0) - self.memories[WARM - 1] if len(self.memories) > WARM else 0

    @property
    def bad(self) -> list[str]:
        """What there must not be."""
        found = list(self.complaints)
        if self.growth >= GROWTH:
            found.append(f"memory grew by {self.growth / 2**20:.0f} MB")
        for what, seen in (("descriptors", self.descriptors), ("tasks", self.tasks)):
            if len(set(seen[WARM - 1 :])) > 1:
                found.append(f"{what} were not flat: {seen[WARM - 1 :]}")
        return found

    async def over(self, goes_on: Callable[[], bool], authority: Authority) -> None:
        """Lap after lap while that says so; plain and over TLS in turns."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: self.complaints.append(str(context)))
        async with serving(self._any) as plain, serving(self._any, tls=authority.server()) as secure:
            runner = Runner(
                clock=lambda: loop.time() * FASTER,
                sleep=lambda seconds: asyncio.sleep(seconds / FASTER),
                timeouts=Timeouts(connect=2.0, read=0.3),
                confirmed=agreed(endpoint(plain.base_url)) | agreed(endpoint(secure.base_url)),
            )
            while goes_on():
                await self._lap(runner, plain, secure)
            await self._good(runner, plain)
            await runner.aclose()

    async def _any(self, talk: Talk) -> None:
        names = [name for name in CASES if name not in SLOW]
        (name,) = self.chance.choices(names, [LARGE.get(name, 1.0) for name in names])
        await CASES[name].behave(talk)

    async def _lap(self, runner: Runner, plain: FaultServer, secure: FaultServer) -> None:
        for _ in range(self.lap // WIDE):
            await asyncio.gather(*(self._one(runner, self.chance.choice((plain, secure))) for _ in range(WIDE)))
            plain.requests.clear()
            secure.requests.clear()
        await runner.source.aclose()
        for _ in range(2000):
            if not (plain.open or secure.open):
                break
            await asyncio.sleep(0.001)
        self.memories.append(memory())
        self.descriptors.append(descriptors())
        self.tasks.append(len(asyncio.all_tasks()))

    async def _one(self, runner: Runner, server: FaultServer) -> None:
        run = new_run()
        task = runner.start(run, REQUEST, endpoint(server.base_url), KEY, ask=self._ask, wire=Wire())
        if self.chance.random() < 0.6:
            for _ in range(self.chance.randrange(60)):
                await asyncio.sleep(0)
            self.stops += not task.done()
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        self._look(run, task)

    async def _ask(self, run: Run, wait: Wait) -> bool:
        await asyncio.sleep(0)
        return self.chance.random() < 0.5

    def _look(self, run: Run, task: asyncio.Task[None]) -> None:
        self.states[str(run.state)] += 1
        if run.state is None or not any(whole.startswith(run.text) for whole in WHOLE_TEXTS):
            self.complaints.append(f"ended as {run.state} with {run.text!r}")
        if not task.cancelled() and (error := task.exception()) is not None:
            self.complaints.append(f"raised {error!r}")

    async def _good(self, runner: Runner, server: FaultServer) -> None:
        """After all that, a run that nothing happens to."""
        server.behaviours = (answers,)
        await runner.stream(run := new_run(), REQUEST, endpoint(server.base_url), KEY)
        if run.state is not State.COMPLETE:
            self.complaints.append(f"the run after it ended as {run.state}: {run.problem}")


def told(soak: Soak, seconds: float, out: TextIO) -> None:
    """The verdict."""
    ends = ", ".join(f"{count} {state}" for state, count in soak.states.most_common())
    first, last = soak.memories[WARM - 1] / 2**20, soak.memories[-1] / 2**20
    rows = (
        f"{sum(soak.states.values())} runs in {seconds:.0f} s, {soak.stops} of them stopped: {ends}",
        f"memory {first:.1f} MB after {WARM} laps, {last:.1f} at the end, {soak.growth / 2**20:+.1f} at most",
        f"descriptors {min(soak.descriptors)} to {max(soak.descriptors)}, tasks {min(soak.tasks)} to {max(soak.tasks)}",
        *(f"BAD: {each}" for each in soak.bad),
        "FAILED" if soak.bad else "held",
    )
    out.write("\n".join(rows) + "\n")


def main(words: Sequence[str] | None = None) -> int:
    """Drive it, print the verdict; 1 where something piled up."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(words)
    soak, authority = Soak(Random(options.seed)), Authority()
    begun = time.monotonic()
    until = begun + options.minutes * 60
    with TemporaryDirectory(prefix="soak-") as folder:
        os.environ["SSL_CERT_FILE"] = str(authority.written(Path(folder)))
        asyncio.run(soak.over(lambda: time.monotonic() < until or len(soak.memories) <= WARM, authority))
    told(soak, time.monotonic() - begun, sys.stdout)
    return 1 if soak.bad else 0


if __name__ == "__main__":
    sys.exit(main())
