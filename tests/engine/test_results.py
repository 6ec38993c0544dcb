"""Results of sweeps on disk: appended, read back whatever a crash or a stranger left, and private."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.record import RunRecord
from workbench.core.state import State
from workbench.engine import files
from workbench.engine.files import StoreError
from workbench.engine.results import Results, results_path


def record(name: str = "w1-1", text: str = "héllo\r\n\u2028 😀") -> RunRecord:
    return RunRecord(
        id=name,
        lane="A",
        state=State.COMPLETE,
        text=text,
        content=({"type": "text", "text": text},),
        cost_usd=Decimal("0.0010"),
        request_sha256="ab" * 32,
        started=datetime(2026, 11, 22, tzinfo=UTC),
        extra={"sweep": "w1", "cell": {"temperature": 0.5, "system": ""}, "repeat": 0},
    )


@pytest.mark.parametrize(
    ("session", "results"),
    [("s.toml", "s.runs.jsonl"), ("a.b.toml", "a.b.runs.jsonl"), ("plain", "plain.runs.jsonl")],
)
def test_they_stand_beside_the_session(session: str, results: str, tmp_path: Path) -> None:
    assert results_path(tmp_path / session) == tmp_path / results


def test_two_names_of_one_session_share_them(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/s.toml").write_text("")
    (tmp_path / "link.toml").symlink_to(tmp_path / "real/s.toml")
    assert results_path(tmp_path / "link.toml") == tmp_path / "real/s.runs.jsonl"


def test_what_is_appended_is_read_back_in_order(tmp_path: Path) -> None:
    results = Results(tmp_path / "s.runs.jsonl")
    assert results.load() == ([], ())
    wanted = [record("w1-1"), record("w1-2", "\ud83d"), record("w1-3", "")]
    for each in wanted:
        results.append(each)
    found, notes = Results(results.path).load()
    assert notes == ()
    assert [found[0], found[2]] == [wanted[0], wanted[2]]
    assert found[1].text == "\ufffd"  # half of a surrogate pair, which UTF-8 can't say
    assert found[0].extra == wanted[0].extra


def test_a_new_file_is_private_and_an_old_one_keeps_its_mode(tmp_path: Path) -> None:
    results = Results(tmp_path / "s.runs.jsonl")
    results.append(record())
    assert stat.S_IMODE(results.path.stat().st_mode) == 0o600
    results.path.chmod(0o640)
    results.append(record())
    assert stat.S_IMODE(results.path.stat().st_mode) == 0o640


def test_a_line_torn_at_any_byte_loses_that_answer_alone(tmp_path: Path) -> None:
    path = tmp_path / "s.runs.jsonl"
    Results(path).append(record("w1-1"))
    whole = path.read_bytes()
    Results(path).append(record("w1-2"))
    both = path.read_bytes()
    for cut in range(len(whole), len(both) + 1):
        path.write_bytes(both[:cut])
        results = Results(path)
        found, notes = results.load()
        kept = ["w1-1", "w1-2"] if cut >= len(both) - 1 else ["w1-1"]
        assert [each.id for each in found] == kept
        torn = len(whole) < cut < len(both) - 1
        assert notes == (("s.runs.jsonl: its last line was cut off; that answer counts as missing",) if torn else ())
        results.append(record("w1-3"))
        assert [each.id for each in results.load()[0]] == [*kept, "w1-3"]


FOREIGN = [
    b"",
    b"# a remark",
    b"{}",
    b"[1]",
    b"null",
    b'{"state": "complete"}',
    b"\xff\xfe",
    b"[" * 5000,
    b'{"a": NaN}',
]


@given(st.lists(st.sampled_from(FOREIGN) | st.just(b"record"), max_size=8))
def test_lines_of_others_are_kept_and_told_once(tmp_path_factory: pytest.TempPathFactory, kinds: list[bytes]) -> None:
    path = tmp_path_factory.mktemp("results") / "s.runs.jsonl"
    mine = record().to_json().encode()
    before = b"".join((mine if kind == b"record" else kind) + b"\n" for kind in kinds)
    path.write_bytes(before)
    results = Results(path)
    found, notes = results.load()
    assert len(found) == kinds.count(b"record")
    odd = [at for at, kind in enumerate(kinds, 1) if kind not in {b"", b"record"}]
    assert len(notes) == min(len(odd), 1)
    if odd:
        more = f" and {len(odd) - 1} more" if len(odd) > 1 else ""
        assert notes[0].startswith(f"s.runs.jsonl: line {odd[0]}{more} can't be read")
    results.append(record("new"))
    assert path.read_bytes().startswith(before)
    assert results.load()[0][-1].id == "new"


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_is_refused_with_a_sentence(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "s.runs.jsonl"
    path.mkdir() if kind == "folder" else os.mkfifo(path)
    for act in (lambda: Results(path).append(record()), lambda: Results(path).load()):
        with pytest.raises(StoreError, match=r"s\.runs\.jsonl (is not written|can't be read) · it is "):
            act()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_file_that_may_not_be_written_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "s.runs.jsonl"
    path.touch(mode=0o400)
    with pytest.raises(StoreError, match="permission is denied"):
        Results(path).append(record())


def test_a_full_disk_is_a_sentence() -> None:
    with pytest.raises(StoreError, match="no ordinary file"):
        Results(Path("/dev/full")).append(record())


def test_lines_that_come_fast_share_an_fsync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now, synced = 0.0, 0

    def fsync(descriptor: int) -> None:
        nonlocal synced
        synced += 1

    monkeypatch.setattr(os, "fsync", fsync)
    (tmp_path / "s.runs.jsonl").touch()
    results = Results(tmp_path / "s.runs.jsonl", clock=lambda: now)
    for _ in range(10):
        results.append(record())
    assert (synced, len(results.load()[0])) == (1, 10)
    results.sync()
    assert synced == 2
    results.sync()
    assert synced == 2
    for _ in range(3):
        now += 0.25
        results.append(record())
    assert synced == 5
    results.sync()
    assert synced == 5


def test_one_program_sends_into_it_at_a_time_and_anybody_reads(tmp_path: Path) -> None:
    mine, other = Results(tmp_path / "s.runs.jsonl"), Results(tmp_path / "s.runs.jsonl")
    mine.hold()
    mine.hold()  # once more is no quarrel with itself
    mine.append(record())
    with pytest.raises(StoreError, match="another program is sending a sweep"):
        other.hold()
    assert other.load()[0] == [record()]
    assert other.size == mine.path.stat().st_size > 0
    mine.release()
    other.hold()
    other.release()
    assert Results(tmp_path / "none.runs.jsonl").size == 0


def test_what_another_file_holds_is_taken_once_and_as_it_stands(tmp_path: Path) -> None:
    first, second = Results(tmp_path / "a.runs.jsonl"), Results(tmp_path / "b.runs.jsonl")
    second.take(first.path)
    assert not second.path.exists()
    for name in ("w1-1", "w1-2"):
        first.append(record(name))
    first.path.write_bytes(first.path.read_bytes() + b'{"a stranger": 1}\n{"torn')
    second.append(record("w1-9"))
    for _ in range(2):
        second.take(first.path)
        assert [each.id for each in second.load()[0]] == ["w1-9", "w1-1", "w1-2"]
    assert second.path.read_bytes().endswith(b'{"a stranger": 1}\n')
    first.take(second.path)
    assert [each.id for each in first.load()[0]] == ["w1-1", "w1-2", "w1-9"]


@pytest.mark.fault("F06")
def test_a_new_file_outlasts_a_power_cut_as_its_lines_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(files, "sync_folder", synced.append)
    results = Results(tmp_path / "new" / "s.runs.jsonl")
    results.append(record("w1-1"))
    assert synced == [tmp_path / "new"]
    results.append(record("w1-2"))
    assert synced == [tmp_path / "new"]
