"""A batch of a thousand cells against a simulator of its own process: interrupted, killed, and collected."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tomllib
import urllib.request
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_process import COMMAND

CELLS = (
    *("--axis", f"max_tokens={','.join(map(str, range(20, 219)))},100000", "--axis", "user_id=a,b,c,d,e"),
    *("--prompt", "Name a colour.", "--set", "model=claude-haiku-4-5"),
)
KEY = "sk-test-0123456789"


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """`workbench simulate` as a person starts it; its batches take three seconds."""
    command = [*COMMAND, "simulate", "--batch-seconds", "3", "--limits", "none"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        base_url = process.stdout.readline().decode().strip()
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", base_url)
        try:
            yield base_url
        finally:
            process.kill()


def started(*words: str) -> subprocess.Popen[bytes]:
    command = [*COMMAND, "sweep", "s.toml", "--batch", "--json", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ))


def until(process: subprocess.Popen[bytes], said: bytes) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if said in line:
            return
    raise AssertionError(f"{said!r} was not said")


def batches(base_url: str) -> list[dict[str, Any]]:
    """All that the server was ever sent."""
    headers = {"x-api-key": KEY, "anthropic-version": "2026-10-21"}
    request = urllib.request.Request(f"{base_url}/v1/messages/batches", headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: list[dict[str, Any]] = json.load(answer)["data"]
    return found


def test_interrupted_and_killed_a_batch_of_a_thousand_cells_is_collected_once(simulator: str) -> None:
    with started(*CELLS) as process:
        until(process, b"1,000 requests are with anthropic")
        process.send_signal(signal.SIGINT)
        _, talk = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"b1 goes on without this program: workbench batch results s.toml" in talk
    assert tomllib.loads(Path("s.toml").read_text())["batches"][0]["status"] == "in_progress"
    with started("--set", "model=claude-haiku-4-5") as process:
        until(process, b"b1 is on its way already: nothing more is sent")
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
    with started("--set", "model=claude-haiku-4-5") as process:
        out, talk = process.communicate(timeout=60)
    assert (process.returncode, b"995 of 1,000 answers are there" in talk) == (1, True), talk
    assert b"5 failed: Request not accepted" in talk
    records = [json.loads(line) for line in out.splitlines()]
    kept = [json.loads(line) for line in Path("s.runs.jsonl").read_text().splitlines()]
    assert len({each["id"] for each in kept}) == len(kept) == len(records) == 1000
    failed = [each for each in kept if each["state"] != "complete"]
    assert [each["cell"]["max_tokens"] for each in failed] == [100000] * 5
    assert [(each["state"], each["problem"]["status"], each["cost_usd"]) for each in failed] == [
        ("rejected", 400, "0")
    ] * 5
    for each in kept:
        if each["state"] == "complete":
            tokens = each["usage"]
            whole = Decimal(tokens["input_tokens"]) + 5 * Decimal(tokens["output_tokens"])
            assert Decimal(each["cost_usd"]) == whole / 2 / 1_000_000
    assert len(batches(simulator)) == 1
    saved = tomllib.loads(Path("s.toml").read_text())
    (row,) = saved["batches"]
    assert (row["status"], row["counts"]) == ("collected", {"succeeded": 995, "errored": 5})
    assert Decimal(row["cost_usd"]) == sum(Decimal(each["cost_usd"]) for each in kept)
    assert not list(Path().glob("*.batch.jsonl"))
