"""The recorded streams of `tests/recordings`: read, cut, and played into a run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from workbench.core import events
from workbench.core.params import Params
from workbench.core.run import Run
from workbench.core.sse import Decoder, Frame

FOLDER: Final = Path(__file__).parent.parent / "recordings"
NAMES: Final = tuple(sorted(path.stem for path in FOLDER.glob("*.sse")))


def load(name: str) -> bytes:
    return (FOLDER / f"{name}.sse").read_bytes()


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def frames(parts: Iterable[bytes]) -> list[Frame]:
    decoder = Decoder()
    return [frame for part in parts for frame in decoder.feed(part)]


def recorded(name: str) -> list[events.Event]:
    return [events.parse(frame) for frame in frames([load(name)])]


def new_run() -> Run:
    started = datetime(2026, 11, 22, 14, 3, 11, tzinfo=UTC)
    return Run("r1", "A", "m1", "anthropic", Params(), "claude-sonnet-4-6", started)


def played(stream: Iterable[events.Event]) -> Run:
    run = new_run()
    for event in stream:
        run.apply(event)
    return run


def replayed(name: str) -> Run:
    return played(recorded(name))
