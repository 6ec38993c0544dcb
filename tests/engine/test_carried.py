"""Files of canned results, where their session goes on in another folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.core.canned import CannedResult
from workbench.core.session import Session
from workbench.engine import carried


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    made = (tmp_path / "home" / "before", tmp_path / "home" / "after")
    for each in made:
        each.mkdir(parents=True)
    return made


def named(*names: str) -> Session:
    return Session(tool_results=tuple(CannedResult("look", file=each) for each in names))


def test_what_is_not_there_is_copied_with_its_folder_and_bytes_and_only_that(folders: tuple[Path, Path]) -> None:
    before, after = folders
    (before / "deep").mkdir()
    (before / "deep" / "page.txt").write_bytes(b"a page\r\n\xc3\xa9")
    (before / "same.txt").write_text("same")
    (after / "same.txt").write_text("same")
    session = named("deep/page.txt", "same.txt", "deep/page.txt", "never was.txt", "")
    left = carried.left(session, before, after)
    assert left == carried.Left(("deep/page.txt",))
    assert carried.copy(left.names, before, after) == ()
    assert (after / "deep" / "page.txt").read_bytes() == b"a page\r\n\xc3\xa9"
    assert {each.name for each in after.rglob("*")} == {"deep", "page.txt", "same.txt"}
    assert carried.left(session, before, after) == carried.Left()
    assert carried.left(session, before, before) == carried.Left()


def test_what_a_copy_would_not_bring_back_is_said_and_nothing_is_overwritten(folders: tuple[Path, Path]) -> None:
    before, after = folders
    for name in ("other.txt", "folder", "link.txt", ".hidden.txt"):
        (before / name).write_text("mine")
    (after / "other.txt").write_text("theirs")
    (after / "folder").mkdir()
    (after / "link.txt").symlink_to(before / "link.txt")
    left = carried.left(named("other.txt", "folder", "link.txt", ".hidden.txt", "../before/other.txt"), before, after)
    assert left.names == ()
    assert [each.partition(" ")[0] for each in left.mistakes] == [
        "other.txt",
        "folder",
        "link.txt",
        "../before/other.txt",
    ]
    assert len(carried.copy(("other.txt", "link.txt"), before, after)) == 2
    assert (after / "other.txt").read_text() == "theirs"
    assert (after / "link.txt").is_symlink()
    home = before.parent
    assert "whole home" in carried.left(named("other.txt"), before, home).mistakes[0]
