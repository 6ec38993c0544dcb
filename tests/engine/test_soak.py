"""The hour of runs, stops and faults in short; `python -m tests.faults.soak --minutes 60` is the whole of it."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from random import Random

import pytest

from tests.engine.certificates import Authority
from tests.faults import soak
from tests.faults.soak import GROWTH, WARM, WIDE, Soak


@pytest.mark.fault("C04")
def test_nothing_piles_up_over_runs_stops_and_faults_of_every_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority()
    authority.trusted(tmp_path, monkeypatch)
    monkeypatch.setattr(soak, "LARGE", dict.fromkeys(soak.LARGE, 0.0))
    driven = Soak(Random(7), lap=4 * WIDE)
    asyncio.run(driven.over(lambda: len(driven.memories) < WARM + 2, authority))
    assert driven.bad == []
    assert sum(driven.states.values()) == (WARM + 2) * 4 * WIDE
    assert driven.stops > 20
    assert {"cancelled", "complete", "rejected", "interrupted", "malformed", "unreachable"} <= driven.states.keys()


def test_what_piles_up_is_named() -> None:
    driven = Soak(Random(0))
    driven.memories = [1, 2, 3, 4, 5 + GROWTH]
    driven.descriptors, driven.tasks = [9, 9, 3, 3, 4], [1, 2, 1, 1, 1]
    said = io.StringIO()
    soak.told(driven, 7.0, said)
    assert driven.bad == ["memory grew by 50 MB", "descriptors were not flat: [3, 3, 4]"]
    assert said.getvalue().endswith("FAILED\n")
