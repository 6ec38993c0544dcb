"""One `workbench run`, from its start to its exit, against the official SDK doing the same.

`python -m tests.benchmarks.bench_headless`: both ask the same simulator, by turns, so that a busy machine is
unfair to both; medians. httpx on asyncio alone takes 28 of the SDK's 89 MB, so that the aim for memory is not met.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.benchmarks import report
from tests.benchmarks.process import Use, measured, server
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


def uses(folder: Path) -> dict[str, list[Use]]:
    with server("-m", "workbench", "simulate", "--speed", "0", "--limits", "none") as address:
        environ = sealed(folder, ANTHROPIC_API_KEY="sk-test-0123456789", ANTHROPIC_BASE_URL=address)
        found: dict[str, list[Use]] = {case: [] for case in CASES}
        for _ in range(TURNS):
            for case, words in CASES.items():
                found[case].append(measured([sys.executable, *words], environ, folder))
    return {case: each[1:] for case, each in found.items()}  # the first turn compiles


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
