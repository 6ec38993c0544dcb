"""`workbench sweep` of 1,000 requests to a server that answers each after 20 ms: CPU a request, beside others.

`python -m tests.benchmarks.bench_sweep [--requests 1000] [--turns 3] [--promptfoo PATH]`: all send the same 20
temperatures, 16 requests at once, and get the same 50 tokens. What one request costs is the CPU of all, user and
system, less that of a run with one request a temperature, so that nobody's start counts; by turns, medians.
Workbench also writes each answer to disk, and so does promptfoo, which asks for whole messages and no streams;
the other two keep nothing. promptfoo is measured where it is installed: with --promptfoo, or on the PATH.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.benchmarks import loopback, report
from tests.benchmarks.process import FailedError, Use, measured, server
from tests.benchmarks.sweep_clients import BODY, TEMPERATURES
from tests.benchmarks.terminal import sealed

AT_ONCE: Final = 16
PROMPT: Final = BODY["messages"][0]["content"]
NOWHERE: Final = "http://127.0.0.1:9"
QUIET: Final = {
    "PROMPTFOO_DISABLE_TELEMETRY": "1",
    "PROMPTFOO_DISABLE_UPDATE": "1",
    "PROMPTFOO_DISABLE_REMOTE_GENERATION": "1",
    "PROMPTFOO_DISABLE_DEBUG_LOG": "1",
    "PROMPTFOO_DISABLE_ERROR_LOG": "1",
    "HTTP_PROXY": NOWHERE,
    "HTTPS_PROXY": NOWHERE,
    "NO_PROXY": "127.0.0.1",
}
"""promptfoo stays on this machine, and keeps no log: closing that ends it with an error now and then."""


@dataclass(frozen=True, slots=True)
class Client:
    """One way of sending: its name, and the command for an address, so many repeats and an empty folder."""

    name: str
    command: Callable[[str, int, Path], list[str]]


def workbench(address: str, repeats: int, folder: Path) -> list[str]:
    """A session made anew: what is done already would not be sent."""
    (folder / "sweep.toml").write_text(
        f'format = 1\n[params]\nmodel = "{BODY["model"]}"\nmax_tokens = {BODY["max_tokens"]}\n'
        f'[[lanes]]\nid = "A"\ntip = "m1"\n[[messages]]\nid = "m1"\nrole = "user"\ntext = "{PROMPT}"\n',
        "utf-8",
    )
    axis = f"temperature={','.join(map(str, TEMPERATURES))}"
    options = ["--axis", axis, "--repeat", str(repeats), "--concurrency", str(AT_ONCE), "--base-url", address]
    return [sys.executable, "-m", "workbench", "sweep", "sweep.toml", *options]


def other(name: str) -> Callable[[str, int, Path], list[str]]:
    def command(address: str, repeats: int, _: Path) -> list[str]:
        numbers = [str(repeats * len(TEMPERATURES)), str(AT_ONCE)]
        return [sys.executable, "-m", f"{__package__}.sweep_clients", name, address, *numbers]

    return command


def promptfoo(program: str) -> Callable[[str, int, Path], list[str]]:
    """One provider a temperature, and no cache."""

    def command(address: str, repeats: int, folder: Path) -> list[str]:
        settings = {"apiKey": "sk-test", "apiBaseUrl": address, "max_tokens": BODY["max_tokens"]}
        providers = [
            {
                "id": f"anthropic:messages:{BODY['model']}",
                "label": f"temperature {temperature}",
                "config": {**settings, "temperature": temperature},
            }
            for temperature in TEMPERATURES
        ]
        config = {"prompts": [PROMPT], "providers": providers, "tests": [{"vars": {"nothing": "is varied"}}]}
        (folder / "config.json").write_text(json.dumps(config), "utf-8")
        quiet = ["--no-cache", "--no-share", "--no-table", "--no-progress-bar"]
        return [program, "eval", "-c", "config.json", *quiet, "--repeat", str(repeats), "-j", str(AT_ONCE)]

    return command


CLIENTS: Final = (
    Client("workbench sweep", workbench),
    Client("httpx, one client a slot", other("httpx")),
    Client("the SDK, messages.stream", other("sdk")),
    Client("the SDK, create(stream=True)", other("sdk-events")),
)


def use(client: Client, address: str, repeats: int) -> Use:
    """Raises FailedError where not every request was answered."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        environ = sealed(folder, ANTHROPIC_API_KEY="sk-test", PYTHONPATH=str(Path(__file__).parents[2]), **QUIET)
        before = loopback.number(f"{address}/answered")
        found = measured(client.command(address, repeats, folder), environ, folder)
        sent, wanted = loopback.number(f"{address}/answered") - before, repeats * len(TEMPERATURES)
    if sent != wanted:
        raise FailedError(f"{client.name} had {sent} answers, not {wanted}")
    return found


def turn(client: Client, address: str, repeats: int) -> tuple[float, Use]:
    """Milliseconds of CPU a request, and the whole sweep. Raises FailedError."""
    start, full = use(client, address, 1), use(client, address, repeats)
    return (full.cpu - start.cpu) / ((repeats - 1) * len(TEMPERATURES)) * 1000, full


def show(name: str, turns: list[tuple[float, Use]]) -> float:
    """Prints the medians; returns the CPU a request."""
    cost = report.middle([each for each, _ in turns])
    report.figure(f"{name}: CPU a request", cost, "ms")
    report.figure(f"{name}: whole sweep", report.middle([full.seconds for _, full in turns]), "s")
    report.figure(f"{name}: memory", report.middle([full.memory for _, full in turns]), "MB")
    return cost


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--requests", type=int, default=1000)
    arguments.add_argument("--turns", type=int, default=3)
    arguments.add_argument("--promptfoo", metavar="PATH", default=shutil.which("promptfoo"))
    given = arguments.parse_args()
    repeats = max(given.requests // len(TEMPERATURES), 2)
    requests = repeats * len(TEMPERATURES)
    report.heading(f"A sweep of {requests:,} requests, {AT_ONCE} at once, a server that takes 20 ms (bench_sweep)")
    with server("-m", f"{__package__}.sweep_server") as address:
        for client in CLIENTS:
            use(client, address, 1)  # compiles
        turns = [[turn(client, address, repeats) for client in CLIENTS] for _ in range(given.turns)]
        ours, bare, sdk, events = (
            show(client.name, list(found)) for client, found in zip(CLIENTS, zip(*turns, strict=True), strict=True)
        )
        report.figure("CPU a request, over httpx", ours / bare, "×", 1.5)
        report.figure("CPU a request, over the SDK's messages.stream", ours / sdk, "×", 0.5)
        report.figure("CPU a request, over the SDK's create(stream=True)", ours / events, "×")
        if not given.promptfoo:
            report.note("promptfoo: not installed")
            return
        last = Client("promptfoo, without streaming", promptfoo(str(Path(given.promptfoo).absolute())))
        try:
            cost = show(last.name, [turn(last, address, repeats) for _ in range(given.turns)])
        except FailedError as error:  # it is not ours to mend
            report.note(f"promptfoo: {error}")
        else:
            report.figure("CPU a request, over promptfoo", ours / cost, "×")


if __name__ == "__main__":
    main()
