"""A simulator beside the tests, and the program called as a person calls it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from workbench.__main__ import main
from workbench.simulator import Simulator


class Served:
    """A simulator on a thread and loop of its own, so that a command can have the main one."""

    def __init__(self, **settings: Any) -> None:
        self._settings = {"speed": 0.0, "limits": None, **settings}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.simulator = Simulator(**self._settings)

    def __enter__(self) -> Served:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.simulator.__aenter__(), self._loop).result(5)
        return self

    def __exit__(self, *reason: object) -> None:
        asyncio.run_coroutine_threadsafe(self.simulator.close(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    @property
    def base_url(self) -> str:
        return self.simulator.base_url

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """The JSON bodies that arrived, oldest first."""
        return [json.loads(request.body) for request in self.simulator.received if request.body]


@dataclass(frozen=True)
class Result:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.split("\n") if line]


class Program:
    """Calls `main` in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *words: str | Path, stdin: bytes = b"") -> Result:
        self._monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(stdin)))
        try:
            status = main([str(word) for word in words])
        except SystemExit as left:
            status = int(str(left.code))
        printed = self._capsys.readouterr()
        return Result(status, printed.out, printed.err)


@pytest.fixture
def program(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Program:
    return Program(capsys, monkeypatch)


@pytest.fixture(scope="session")
def _served() -> Iterator[Served]:
    with Served() as served:
        yield served


@pytest.fixture
def served(_served: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """A quick simulator without limits that the program takes for the real API."""
    _served.simulator.received.clear()
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test-0123456789")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", _served.base_url)
    return _served
