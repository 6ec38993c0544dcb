"""File and journal cut, damaged and changed at every place: what was reported saved is there, and the rest is told."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.kept import (
    Kept,
    a_day,
    holds,
    journal_of,
    put,
)
from tests.engine.test_store import SESSION
from workbench.core import journal as journal_lines
from workbench.engine import recovery, store


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return a_day(tmp_path / "kept.toml")


@pytest.mark.fault("F04")
def test_a_journal_cut_at_any_byte_gives_every_turn_that_was_saved_by_then(
    kept: Kept, rounds: Callable[[int, int], int]
) -> None:
    ends_at = [end for _, end in journal_lines.records(io.BytesIO(kept.journal).read)]
    for at in range(0, len(kept.journal) + 1, rounds(13, 1)):
        put(kept, records=kept.journal[:at])
        found = recovery.read(kept.path)
        saved = [session for end, session in kept.reported if end <= at][-1]
        assert holds(found.session, saved), at
        torn = at - max([end for end in ends_at if end <= at], default=0)
        told = f"the journal of kept.toml is damaged: its last {torn} bytes are dropped" in found.recovered
        assert told == bool(torn)
        assert (journal_of(kept.path) in found.damaged) == bool(torn)
        assert bool(found.recovered) == (found.session != kept.reported[0][1] or bool(torn))


@pytest.mark.fault("F05")
def test_a_flipped_bit_or_a_tail_of_nuls_in_a_journal_loses_nothing_before_it(
    kept: Kept, rounds: Callable[[int, int], int]
) -> None:
    generator = random.Random(7)
    for _ in range(rounds(60, 3000)):
        at = generator.randrange(len(kept.journal))
        damaged = bytearray(kept.journal)
        if generator.random() < 0.5:
            damaged[at] ^= 1 << generator.randrange(8)
        else:
            damaged[at:] = bytes(len(damaged) - at)
        put(kept, records=bytes(damaged))
        found = recovery.read(kept.path)
        assert holds(found.session, [session for end, session in kept.reported if end <= at][-1])
        whole = found.session == store.load(kept.path).session
        assert whole
        assert journal_of(kept.path) in found.damaged or bytes(damaged).lower() == kept.journal


@pytest.mark.fault("F04")
def test_a_file_cut_at_any_byte_gives_its_whole_turns_and_those_of_its_journal(
    kept: Kept, rounds: Callable[[int, int], int]
) -> None:
    session = kept.reported[0][1]
    later = [run.id for run in store.load(kept.path).session.runs[len(session.runs) :]]
    for at in range(0, len(kept.toml) - 1, rounds(11, 1)):
        put(kept, toml=kept.toml[:at])
        found = recovery.read(kept.path)
        texts = [each.text for each in found.session.messages]
        before = max(kept.toml[:at].count(b"[[messages]]") - 1, 0)
        assert texts[:before] == [each.text for each in session.messages[:before]]
        assert [run.id for run in found.session.runs if run.id in later] == later
        assert "Answer é 4" in texts
        assert found.recovered
        assert found.damaged[0] == kept.path


@pytest.mark.fault("F04")
def test_no_part_of_a_saved_file_opens_without_a_word(tmp_path: Path, rounds: Callable[[int, int], int]) -> None:
    path = tmp_path / "alone.toml"
    store.save(path, SESSION)
    data = path.read_bytes()
    for at in range(0, len(data) - 1, rounds(9, 1)):
        path.write_bytes(data[:at])
        loaded = store.load(path)
        assert loaded.recovered or loaded.notes == ("alone.toml is empty",)
        assert loaded.session != SESSION or "just before its last line" in loaded.recovered[0]
