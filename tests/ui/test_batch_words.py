"""What is said of a batch, and of its results where there is little room."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.ui.story import NOON
from workbench.core.batch import Batch, Counts, Status
from workbench.ui.batches.listing import results, room_in
from workbench.ui.batches.telling import left, sentences

KEYS = {"rerun": "r", "unset": "x", "answer": "c"}
SWEPT = Batch("b1", "anthropic", Status.COLLECTED, "msgbatch_1", sweep="w1", cost_usd=Decimal("1.42"))
ASKED = Batch("b1", "anthropic", Status.COLLECTED, "msgbatch_1", lanes=("A",))


def counted(batch: Batch, *counts: int) -> Batch:
    return Batch(
        batch.id, batch.endpoint, batch.status, batch.server_id, batch.sweep, batch.lanes, counts=Counts(*counts)
    )


@pytest.mark.parametrize(
    ("batch", "calls", "here", "said"),
    [
        (counted(SWEPT, 0, 12), 0, "anthropic", ""),
        (counted(SWEPT, 0, 12), 0, "simulator", "Sweep shows them while anthropic is chosen."),
        (counted(SWEPT, 0, 7, 5), 0, "anthropic", "5 failed: r in Sweep asks them again."),
        (counted(ASKED, 0, 7, 1), 0, "simulator", "1 failed: r in Chat asks again."),
        (
            counted(SWEPT, 0, 7, 0, 0, 1),
            0,
            "anthropic",
            "1 was not asked within 24 hours: it is missing, and costs nothing.",
        ),
        (
            counted(SWEPT, 0, 7, 0, 1200, 0),
            0,
            "anthropic",
            "1 200 were not asked before it was cancelled: they are missing, and cost nothing.",
        ),
        (counted(SWEPT, 0, 7), 2, "anthropic", "2 answers call tools: a cell is one answer, so nothing answers them."),
        (
            counted(ASKED, 0, 7),
            1,
            "anthropic",
            "1 answer calls tools: a batch goes no further by itself. c in Chat does, live and at the full price.",
        ),
    ],
)
def test_what_the_results_leave_to_do(batch: Batch, calls: int, here: str, said: str) -> None:
    assert " ".join(left(batch, calls, KEYS.__getitem__, here)) == said


def test_why_nobody_asks_stands_in_place_of_when_it_comes() -> None:
    waiting = Batch("b1", "gate", Status.IN_PROGRESS, "msgbatch_1", lanes=("A",))
    by_itself = [*sentences(waiting, NOON, KEYS.__getitem__, here="anthropic")]
    assert by_itself[1:] == [
        "Results come when all of it has ended, within 24 hours, usually within one. r asks now, x cancels."
    ]
    kept = [*sentences(waiting, NOON, KEYS.__getitem__, here="anthropic", why="No key. \x1b[31m")]
    assert kept[1].startswith("It is not asked about: No key.")
    assert "\x1b" not in kept[1]
    fetched = [*sentences(SWEPT, NOON, KEYS.__getitem__, here="simulator", why="No key.")]
    assert fetched[1] == (
        "Its answers stand in sweep w1: $1.42, half the price. Sweep shows them while anthropic is chosen. "
        "x takes it off this list."
    )


@pytest.mark.parametrize(
    ("counts", "width", "shown"),
    [
        ((0, 10, 2), 78, "10 answered · 2 errored"),
        ((0, 94_000, 5_000, 0, 1_000), 78, "✓94 000  ✗5 000  ·1 000"),
        ((0, 94_000, 5_000, 0, 1_000), 198, "94 000 answered · 5 000 errored · 1 000 expired"),
        ((), 78, "—"),
    ],
)
def test_many_results_are_read_whole(counts: tuple[int, ...], width: int, shown: str) -> None:
    assert results(counted(SWEPT, *counts), room_in(width)).plain == shown
