"""Paths that are no files, or too large ones."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from workbench.engine import files
from workbench.engine.files import MissingFile, StoreError

OLD = b"old\n" * 100
NEW = b"new\n" * 200


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "folder"
    path.mkdir()
    return path


@pytest.fixture
def file(folder: Path) -> Path:
    path = folder / "mine.toml"
    path.write_bytes(OLD)
    return path


def test_what_is_no_file_is_named(folder: Path) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    for path, what in ((folder, "a folder"), (pipe, "no ordinary file"), (Path("/dev/null"), "no ordinary file")):
        for act in (lambda path=path: files.read(path), lambda path=path: files.write(path, NEW, overwrite=True)):
            with pytest.raises(StoreError, match=what):
                act()
    with pytest.raises(MissingFile, match=r"no\.toml can't be read · there is no such file"):
        files.read(folder / "no.toml")


def test_a_file_where_a_folder_should_be_is_named(file: Path) -> None:
    with pytest.raises(StoreError, match="is a file, not a folder"):
        files.write(file / "deeper" / "mine.toml", NEW)


def test_a_file_over_the_limit_is_not_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with file.open("r+b") as large:
        large.truncate(files.MAX_BYTES + 1)
    started = time.process_time()
    with pytest.raises(StoreError, match="64 MB is the most"):
        files.read(file)
    assert files.read(file, most=8)[0] == OLD[:8]
    assert time.process_time() - started < 0.1
