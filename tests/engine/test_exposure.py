"""Who else may look into a session: a file of another program's making may be wider than ours."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.core.session import Session
from workbench.engine import store


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may pass through, as the folder of a test is not."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.mark.fault("F10")
@pytest.mark.parametrize(
    ("file", "folder", "note"),
    [
        (0o600, 0o755, ""),
        (0o644, 0o755, "other users may read s.toml: chmod go-r s.toml"),
        (0o640, 0o755, "other users may read s.toml: chmod go-r s.toml"),
        (0o644, 0o700, ""),
        (0o640, 0o701, ""),
        (0o666, 0o755, "other users may change s.toml: chmod go-w s.toml"),
    ],
)
def test_a_file_that_is_wider_than_ours_is_said_where_others_reach_it(
    file: int, folder: int, note: str, open_folder: Path
) -> None:
    path = open_folder / "s.toml"
    store.save(path, Session(title="x"))
    path.chmod(file)
    open_folder.chmod(folder)
    assert store.load(path).notes == ((note,) if note else ())


@pytest.mark.fault("F10")
def test_of_many_files_it_is_said_in_one_sentence(open_folder: Path) -> None:
    paths = [open_folder / f"{at} x.toml" for at in range(10)]
    for path in paths:
        path.touch(0o644)
        path.chmod(0o644)
    paths[0].chmod(0o600)
    assert store.exposed(paths[:1]) == ""
    assert store.exposed(paths[:2]) == "other users may read 1 x.toml: chmod go-r '1 x.toml'"
    said = store.exposed([*paths, open_folder / "gone.toml"])
    assert said.startswith(f"other users may read 9 of these files: chmod go-r '{paths[1]}' '{paths[2]}'")
    assert said.endswith(f" '{paths[8]}' …")
