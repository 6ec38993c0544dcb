"""One `workbench run`, from its start to its exit, against the official SDK doing the same.

`python -m tests.benchmarks.bench_headless`: both ask the same simulator, by turns, so that a busy machine is
unfair to both; medians. httpx on asyncio alone takes 28 of the SDK's 89 MB, so that the aim for memory is not met.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.benchmarks import report
from tests.benchmarks.terminal import sealed

AIM: Final = 0.3
TURNS: Final = 7
SDK: Final = """
import anthropic
client = anthropic.Anthropic()
with client.messages.stream(
    model="claude-sonnet-4-6", max_tokens=1024, messages=[{"role": "user", "content": "hi"}]
) as stream:
    for text in stream.text_stream:
        print(text, end="", flush=True)
"""
CASES: Final = {
    "the SDK": ["-c", SDK],
    "workbench run": ["-m", "workbench", "run", "--prompt", "hi"],
}


@dataclass(frozen=True, slots=True)
class Use:
    """What one process took."""

    seconds: float
    cpu: float
    """Seconds."""
    memory: float
    """MB resident at most."""


def measured(words: Sequence[str], environ: Mapping[str, str], folder: Path) -> Use:
    """Raises SystemExit where the process fails: a figure of a failure would be a lie."""
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *words], env=environ, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        answer = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or not answer:
        raise SystemExit(f"{words[:3]} failed with status {process.returncode}")
    return Use(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def uses(folder: Path) -> dict[str, list[Use]]:
    serve = [sys.executable, "-m", "workbench", "simulate", "--speed", "0", "--limits", "none"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().decode().strip()
            environ = sealed(folder, ANTHROPIC_API_KEY="sk-test-0123456789", ANTHROPIC_BASE_URL=address)
            found: dict[str, list[Use]] = {case: [] for case in CASES}
            for _ in range(TURNS):
                for case, words in CASES.items():
                    found[case].append(measured(words, environ, folder))
            return {case: each[1:] for case, each in found.items()}  # the first turn compiles
        finally:
            server.terminate()


def main() -> None:
    report.heading("One request without a screen, start to exit")
    with TemporaryDirectory() as folder:
        found = uses(Path(folder))
    middles = {
        case: Use(*(report.middle([getattr(use, name) for use in each]) for name in Use.__slots__))
        for case, each in found.items()
    }
    for case, use in middles.items():
        report.figure(f"{case}: time", use.seconds, "s")
        report.figure(f"{case}: CPU", use.cpu, "s")
        report.figure(f"{case}: memory", use.memory, "MB")
    sdk, ours = middles["the SDK"], middles["workbench run"]
    report.figure("time, against the SDK", ours.seconds / sdk.seconds, "×", AIM)
    report.figure("CPU, against the SDK", ours.cpu / sdk.cpu, "×", AIM)
    report.figure("memory, against the SDK", ours.memory / sdk.memory, "×", AIM)


if __name__ == "__main__":
    main()
