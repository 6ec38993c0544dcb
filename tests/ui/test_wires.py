"""The wires of a start: kept by run, and the oldest let go."""

from __future__ import annotations

import pytest

from workbench.engine.wire import Wire
from workbench.ui.chat import wires
from workbench.ui.chat.wires import Wires
from workbench.ui.sweep import sweeping


def wire(size: int) -> Wire:
    made = Wire(request_body=b"x" * 10)
    made.add(0.1, b"y" * (size - 10))
    return made


def test_of_too_much_the_oldest_goes_and_the_newest_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "MOST_BYTES", 360)
    kept = Wires()
    for number in range(5):
        kept.keep(f"r{number}", wire(40))
    assert [*kept] == ["r3", "r4"]
    kept.keep("r5", wire(500))
    assert [*kept] == ["r5"], "one that is too large by itself is still the one that was asked for last"


def test_the_same_run_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "MOST_BYTES", 360)
    kept = Wires()
    for _ in range(5):
        kept.keep("r1", wire(60))
    kept.keep("r2", wire(30))
    assert [*kept] == ["r1", "r2"]


def test_a_sweep_keeps_no_more_of_its_requests_than_memory_has_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "MOST_BYTES", 100)
    kept: dict[str, Wire] = {}
    wires = sweeping.Wires(kept)
    for number in range(9):
        wires(f"r{number}").request_body = b"x" * 40
    assert list(kept) == ["r6", "r7", "r8"]
