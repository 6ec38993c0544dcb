"""A session of 10,000 messages and 12 MB: what keeping it costs, and how late an event loop is meanwhile.

`python -m tests.benchmarks.bench_store [--turns 5000]`. Seconds are of the CPU; `late` is the longest that a timer of
5 ms on the loop was overdue while a thread did the work, which is what a key press would have waited: in seconds of
this process, so that others on a busy machine don't count.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Final

from tests.benchmarks import report, stream
from workbench.core.record import RunRecord, Timings
from workbench.core.session import Lane, Message, Session
from workbench.core.state import State
from workbench.engine import store
from workbench.engine.open_session import OpenSession

AIM_MS: Final = 50.0
BEAT_S: Final = 0.005
TIMES: Final = 5
PIECE: Final = b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{}}\n\n' * 40


def long(turns: int) -> Session:
    """So many questions and answers, of the size of ordinary ones."""
    chance = random.Random(12)
    words = list(islice(stream.words(chance), 20_000))
    messages: list[Message] = []
    runs: list[RunRecord] = []
    now = datetime(2026, 11, 22, 14, 3, 11, tzinfo=UTC)
    for number in range(1, turns + 1):
        asked, answer, run = f"m{2 * number - 1}", f"m{2 * number}", f"r{number}"
        messages.append(Message(asked, "user", _text(chance, words, 80), messages[-1].id if messages else None))
        text = _text(chance, words, 340)
        messages.append(Message(answer, "assistant", text, asked, run))
        runs.append(
            RunRecord(
                run,
                "A",
                asked,
                "anthropic",
                State.COMPLETE,
                "claude-sonnet-4-6",
                text,
                ({"type": "text", "text": text},),
                "end_turn",
                usage={"input_tokens": 1200, "output_tokens": 340},
                cost_usd=Decimal("0.0087"),
                cost_basis="exact",
                params={"model": "claude-sonnet-4-6", "max_tokens": 1024},
                request_sha256="0" * 64,
                started=now,
                attempts=1,
                timings=Timings(0.1, 0.4, 0.5, 6.0),
            )
        )
    return Session("long", now, messages=tuple(messages), runs=tuple(runs), lanes=(Lane("A", tip=messages[-1].id),))


def _text(chance: random.Random, words: list[str], count: int) -> str:
    at = chance.randrange(len(words) - count)
    return "".join(words[at : at + count])


async def late(work: Callable[[], object]) -> tuple[float, float]:
    """How long the work took in a thread, and how late the loop was at worst."""
    overdue: list[float] = []
    done = asyncio.Event()

    async def beat() -> None:
        while not done.is_set():
            before = time.process_time()
            await asyncio.sleep(BEAT_S)
            overdue.append(max(time.process_time() - before - BEAT_S, 0.0))

    beating = asyncio.create_task(beat())
    await asyncio.sleep(10 * BEAT_S)
    overdue.clear()
    began = time.process_time()
    await asyncio.to_thread(work)
    took = time.process_time() - began
    done.set()
    await beating
    return took, max(overdue, default=0.0)


def measured(name: str, work: Callable[[], object], times: int = TIMES, aim: float | None = AIM_MS) -> None:
    found = [asyncio.run(late(work)) for _ in range(times)]
    report.figure(f"{name}: seconds", report.middle([took for took, _ in found]), "s")
    report.figure(
        f"{name}: loop late, median of the worst", 1000 * report.middle([each for _, each in found]), "ms", aim
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=5000)
    session = long(parser.parse_args().turns)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.toml"
        held = OpenSession.create(path, session)
        size = path.stat().st_size / 2**20
        report.heading(f"A session of {len(session.messages)} messages, {size:.1f} MB")
        measured("counting in plain Python", lambda: [each for each in range(3 * 10**6) if each < 0], aim=None)
        measured("opened", lambda: store.load(path), aim=None)
        steps = iter(range(1000))

        def grown() -> Session:
            nonlocal session
            session = session.say(session.lanes[0], f"More {next(steps)}", parent=session.lanes[0].tip)
            return session

        measured("written for the first time", lambda: store.save(path, session, overwrite=True))
        held.fold(session, overwrite=True)
        measured("saved again with a message more", lambda: held.fold(grown()))
        measured("one more message noted and synced", lambda: (held.note(grown()), held.sync()))  # type: ignore[func-returns-value]
        run = {"id": "r0", "lane": "A", "parent": None}
        held.started(run, session)
        measured("4 KB of an answer journalled and synced", lambda: (held.came("r0", 1, PIECE), held.sync()))  # type: ignore[func-returns-value]
        held.close()


if __name__ == "__main__":
    main()
