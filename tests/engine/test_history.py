from __future__ import annotations

import errno
import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from workbench.engine import history
from workbench.engine.files import StoreError
from workbench.engine.history import History

NOW = datetime(2026, 11, 22, 14, 3, 11, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "prompts.jsonl"


def keep(path: Path, *prompts: str) -> None:
    for prompt in prompts:
        History(path).add(prompt, NOW)


def test_the_newest_comes_first_and_each_once(path: Path) -> None:
    keep(path, "one", "two", "one", "three", "two")
    assert History(path).recent() == ("two", "three", "one")


def test_it_is_private(path: Path) -> None:
    keep(path, "one")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("prompt", ["two\nlines\r\n", "\x00\x1b", "\u2028 é 👩", "\ud800", '{"prompt": 1}', " x "])
def test_a_prompt_comes_back_exactly(path: Path, prompt: str) -> None:
    keep(path, prompt)
    assert History(path).recent() == (prompt,)


def test_the_same_again_nothing_and_the_endless_are_not_kept(path: Path) -> None:
    log = History(path)
    for prompt in ("same", "same", "", " \n", "x" * (history.LONGEST + 1)):
        log.add(prompt, NOW)
    assert len(path.read_bytes().splitlines()) == 1


@pytest.mark.parametrize(
    "bad", [b"\xff\xfe\n", b"{\n", b"[]\n", b"null\n", b'{"prompt": 5}\n', b"\n\n", b"[" * 9999 + b"\n"]
)
def test_a_bad_line_costs_no_other(path: Path, bad: bytes) -> None:
    keep(path, "before")
    with path.open("ab") as file:
        file.write(bad)
    keep(path, "after")
    assert History(path).recent() == ("after", "before")


def test_a_line_cut_by_a_crash_does_not_take_the_next_with_it(path: Path) -> None:
    keep(path, "before", "cut")
    path.write_bytes(path.read_bytes()[:-5])
    keep(path, "after")
    assert History(path).recent() == ("after", "before")


def test_only_so_many_come_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(path, "prompt 0")
    path.write_text("".join(json.dumps({"prompt": f"prompt {n}"}) + "\n" for n in range(history.MOST + 50)))
    recent = History(path).recent()
    assert len(recent) == history.MOST
    assert recent[0] == f"prompt {history.MOST + 49}"


def test_only_the_end_of_a_huge_file_is_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST_BYTES", 200)
    keep(path, *(f"prompt {n}" for n in range(20)))
    recent = History(path).recent()
    assert recent[0] == "prompt 19"
    assert 1 < len(recent) < 5


def test_nothing_there_is_no_prompts(path: Path, tmp_path: Path) -> None:
    assert History(path).recent() == ()
    assert History(tmp_path).recent() == ()


def test_what_cannot_be_kept_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StoreError, match="the disk is full"):
        keep(path, "one")


def test_a_planted_link_is_not_written_through(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to(tmp_path / "victim")
    with pytest.raises(StoreError):
        keep(path, "one")
    assert not (tmp_path / "victim").exists()
