"""What a process takes from its start to its exit, and a server that lives as long as it is needed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class FailedError(RuntimeError):
    """A process failed, or did less than was asked: a figure of it would be a lie."""


@dataclass(frozen=True, slots=True)
class Use:
    """What one process took, and those that it started."""

    seconds: float
    cpu: float
    """Seconds."""
    memory: float
    """MB resident at most."""


def measured(command: Sequence[str], environ: Mapping[str, str], folder: Path) -> Use:
    """From start to exit. Raises FailedError where the process fails or prints nothing."""
    began = time.perf_counter()
    with (folder / "complaints").open("w+", encoding="utf-8") as complaints:
        with subprocess.Popen(
            command, env=dict(environ), cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints
        ) as process:
            assert process.stdout is not None
            answer = process.stdout.read()
            _, status, used = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - began
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode or not answer:
            complaints.seek(0)
            raise FailedError(f"{command[:4]} ended with status {process.returncode}: {complaints.read()[-1000:]}")
    return Use(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


@contextmanager
def server(*words: str) -> Iterator[str]:
    """Runs `python …`; gives the first line it prints, which says where it listens."""
    with subprocess.Popen(
        [sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()
