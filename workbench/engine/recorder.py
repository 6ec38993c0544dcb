"""An answer as a recording: the bytes of its events, for `--replay` to play again."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from workbench.core.problem import Problem
from workbench.engine import files, names
from workbench.engine.files import StoreError
from workbench.engine.replay import LARGEST
from workbench.engine.wire import Wire

SUFFIX: Final = ".sse"


def place(beside: Path | None, folder: Path, run_id: str) -> Path:
    """A free name for a run's recording: beside its session's file, else in the folder."""
    home = beside.parent if beside is not None else folder
    stem = beside.stem if beside is not None else "run"
    name = f"{stem}.{names.slug(run_id)}"
    path = home / f"{name}{SUFFIX}"
    number = 2
    while path.is_symlink() or path.exists():
        path = home / f"{name}-{number}{SUFFIX}"
        number += 1
    return path


def save(path: Path, wire: Wire, *, overwrite: bool = False) -> Path:
    """Write what came, exactly; mode 0600. Raises ChangedOnDisk for a file in the way, and StoreError.

    Only an answer that was a stream can be played again; one that was cut off ends there when it is replayed.
    """
    title = f"{path.name} is not saved"
    if (reason := refusal(wire)) is not None:
        raise StoreError(Problem(title, reason, "Copy what came instead."))
    files.write(path, body_of(wire), overwrite=overwrite, follow=False)
    return path


def body_of(wire: Wire) -> bytes:
    """The body of the answer, unpacked, as far as it came."""
    return b"".join(piece for _, piece in wire.pieces)


def refusal(wire: Wire) -> str | None:
    """Why an answer can't be played again, or None."""
    if wire.status is None:
        return "no answer came"
    if not 200 <= wire.status < 300:
        return f"the server answered HTTP {wire.status}, and a recording holds the events of an answer"
    if wire.response_headers.get("content-type", "").partition(";")[0].strip().lower().endswith("json"):
        return "the answer came whole, not as a stream of events"
    body = body_of(wire)
    if not body.strip():
        return "no event came, or the events were not kept"
    if len(body) > LARGEST:
        return f"the answer is larger than {LARGEST // 2**20} MiB, the most that is replayed"
    return None
