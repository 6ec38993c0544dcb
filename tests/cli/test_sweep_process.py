"""A sweep as a process of its own: killed half way, stopped by signals, watched on a terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import tomllib
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Served
from tests.cli.test_process import COMMAND, imported

GRID = (
    *("--axis", "model=claude-haiku-4-5,claude-sonnet-4-6", "--axis", "temperature=0,0.3,0.7,1"),
    *("--repeat", "8", "--prompt", "Tell me a story.", "--set", "max_tokens=30"),
)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Answers that take a twentieth of a second, with limits that are told and not met."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test-0123456789")
    with Served(speed=600.0, limits=(60_000, 6_000_000, 6_000_000)) as served:
        yield served


def started(served: Served, *words: str) -> subprocess.Popen[bytes]:
    """The command as a process, with the simulator in the place of the vendor's API."""
    environ = {**os.environ, "ANTHROPIC_BASE_URL": served.base_url}
    command = [*COMMAND, "sweep", "s.toml", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ)


def asked(served: Served) -> Counter[str]:
    """Requests for an answer, by what they say."""
    streamed = (each.body for each in served.simulator.received if each.target.partition("?")[0] == "/v1/messages")
    return Counter(sha256(body).hexdigest() for body in streamed)


def started_again() -> tuple[bytes, bytes, Counter[str]]:
    """What it prints, and what it sends to a server that knows nothing of the first time: what was on its way to that
    one when it was killed may arrive late."""
    with Served() as other, started(other, "--set", "max_tokens=30", "--json") as process:
        out, talk = process.communicate(timeout=60)
        assert process.returncode == 0
        return out, talk, asked(other)


def results() -> list[dict[str, Any]]:
    """The whole lines of the results."""
    found: list[dict[str, Any]] = []
    for line in Path("s.runs.jsonl").read_bytes().split(b"\n"):
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def test_killed_half_way_and_started_again_exactly_the_missing_are_sent(slow: Served) -> None:
    with started(slow, *GRID, "--json") as process:
        assert process.stdout is not None
        for _ in range(25):
            assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    kept = results()
    assert 25 <= len(kept) < 64
    whole = Counter(each["request_sha256"] for each in kept)
    out, talk, sent = started_again()
    assert f"64 requests · {len(kept)} done".encode() in talk
    records = [json.loads(line) for line in out.splitlines()]
    assert len(records) == len({each["id"] for each in records}) == 64
    assert records[: len(kept)] == sorted(kept, key=records.index)
    everything = Counter(dict.fromkeys({each["request_sha256"] for each in records}, 8))
    assert len(everything) == 8
    assert sent == everything - whole
    assert {(each["request_sha256"], each["repeat"]) for each in results()} == {
        (body, repeat) for body in everything for repeat in range(8)
    }
    assert len({each["id"] for each in results()}) == len(results()) == 64


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_it_keeps_what_came_and_that_is_missing(
    number: signal.Signals, status: int, slow: Served
) -> None:
    with started(slow, *GRID, "--json", "--concurrency", "4") as process:
        assert process.stdout is not None
        for _ in range(6):
            assert process.stdout.readline()
        process.send_signal(number)
        _, talk = process.communicate(timeout=60)
    assert process.returncode == status
    assert b"Traceback" not in talk
    states = Counter(each["state"] for each in results())
    assert set(states) == {"complete", "cancelled"}
    assert states["cancelled"] <= 4
    assert sum(started_again()[2].values()) == 64 - states["complete"]
    assert tomllib.loads(Path("s.toml").read_text())["sweeps"][0]["repeats"] == 8


def test_a_terminal_shows_how_far_it_is(slow: Served) -> None:
    ours, theirs = pty.openpty()
    command = [*COMMAND, "sweep", "s.toml", *GRID]
    environ = {**os.environ, "TERM": "xterm", "ANTHROPIC_BASE_URL": slow.base_url}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env=environ) as process:
        os.close(theirs)
        drawn = bytearray()
        try:
            while piece := os.read(ours, 65536):
                drawn += piece
        except OSError:
            pass  # the terminal's end
        out, _ = process.communicate(timeout=60)
    os.close(ours)
    text = drawn.decode()
    assert process.returncode == 0
    assert re.search(r"\[━*╸?─*\] [0-9]+/64 · [0-9]+ live · \$0\.0[0-9]+ of ≈\$0\.0[0-9]+ simulated", text)
    assert re.search(r" · ≈[0-9]+s left", text)
    assert "64 of 64 answers are there" in text
    assert out.decode().startswith("out tokens, median of 8 answers each")


def test_a_sweep_never_loads_the_screen(served: Served) -> None:
    assert imported("sweep", "s.toml", "--axis", "temperature=0,1", "--prompt", "hi") == {"asyncio", "httpx"}


def test_nothing_is_paid_for_when_the_reader_left_and_nobody_keeps_the_answers(slow: Served) -> None:
    with started(slow, *GRID, "--json", "--no-save", "--concurrency", "1") as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr is not None
        talk = process.stderr.read()
        process.wait(timeout=60)
    assert process.returncode == 1
    assert b"Traceback" not in talk
    assert sum(asked(slow).values()) < 10
