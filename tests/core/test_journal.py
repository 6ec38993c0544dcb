from __future__ import annotations

import io
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.sessions import TOML
from workbench.core import journal

RECORDS: list[dict[str, Any]] = [
    {"journal": 1, "base": "0" * 64},
    {"set": {"session": {"title": "refund — 👩‍👩‍👧"}}, "unset": ["params"]},
    {"came": {"run": "r1", "attempt": 1, "text": "data: \udcff\udcfe\n\n"}},
    {"add": {"messages": [{"id": "m1", "text": 'a\nb\r\n"\\\x00\u2028'}]}},
]
WRITTEN = b"".join(map(journal.line, RECORDS))
ENDS = [sum(len(journal.line(each)) for each in RECORDS[: at + 1]) for at in range(len(RECORDS))]


def read(data: bytes) -> list[dict[str, Any]]:
    return [record for record, _ in journal.records(io.BytesIO(data).read)]


@given(st.dictionaries(st.text(max_size=5) | st.sampled_from(["$time", "$$date", "$"]), TOML, max_size=4))
def test_a_record_comes_back_as_it_was(record: dict[str, Any]) -> None:
    (found,) = read(journal.line(record))
    assert journal.text(found) == journal.text(record)
    assert found == record


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 11, 22, 14, 3, 11, 5, tzinfo=UTC),
        datetime(2026, 11, 22, 14, 3, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
        datetime(2026, 11, 22),
        date(26, 1, 2),
        time(1, 2, 3, 4),
        {"$time": "2026-01-01"},
        {"$$time": 1, "$clock": [{"$": {}}]},
        {"$date": "no date", "more": 1},
        "half \ud83d",
        float("inf"),
        -0.0,
        2**70,
    ],
)
def test_what_toml_can_say_a_journal_can_say(value: object) -> None:
    (found,) = read(journal.line({"v": [value]}))
    assert repr(found) == repr({"v": [value]})


def test_what_toml_cannot_say_is_a_bug_that_shows() -> None:
    with pytest.raises(TypeError, match="a journal can't say bytes"):
        journal.line({"v": b"x"})


@pytest.mark.fault("F04")
def test_a_journal_cut_anywhere_gives_the_records_that_are_whole() -> None:
    for at in range(len(WRITTEN) + 1):
        whole = sum(end <= at for end in ENDS)
        assert read(WRITTEN[:at]) == RECORDS[:whole]


@pytest.mark.fault("F05")
def test_no_flipped_bit_and_no_nul_is_taken_for_a_record() -> None:
    for at in range(len(WRITTEN)):
        whole = sum(end <= at for end in ENDS)
        for data in (*(_flipped(at, bit) for bit in range(8)), WRITTEN[:at] + bytes(len(WRITTEN) - at)):
            found = read(data)
            assert found[:whole] == RECORDS[:whole]
            assert len(found) == whole or found == RECORDS[: len(found)]


def _flipped(at: int, bit: int) -> bytes:
    return WRITTEN[:at] + bytes([WRITTEN[at] ^ 1 << bit]) + WRITTEN[at + 1 :]


@pytest.mark.parametrize(
    "payload",
    [
        b'{"a": [' + b"[]," * 4_000_000 + b"1]}",
        b"[1]",
        b"{",
        b'{"a": "\xff"}',
        b"[" * 100_000,
        b'{"v": {"$time": "no time"}}',
        b'{"v": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_line_with_its_checksum_that_is_no_record_ends_the_reading(payload: bytes) -> None:
    forged = b"%08x %08x %b\n" % (len(payload), crc32(payload), payload)
    assert read(WRITTEN + forged + WRITTEN) == RECORDS


def test_a_length_that_is_too_large_takes_no_memory() -> None:
    asked: list[int] = []

    def counted(size: int) -> bytes:
        asked.append(size)
        return b"ffffffff 00000000 "[:size]

    assert list(journal.records(counted)) == []
    assert asked == [journal.HEAD]
