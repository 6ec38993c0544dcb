from __future__ import annotations

from pathlib import Path

import pytest

from workbench.engine import files
from workbench.engine.files import StoreError

NEW = b"new\n" * 200


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "folder"
    path.mkdir()
    return path


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.mark.fault("F15")
@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_an_impossible_name_is_a_sentence(folder: Path, name: str) -> None:
    with pytest.raises(StoreError):
        files.read(folder / name)
    with pytest.raises(StoreError):
        files.write(folder / name, NEW)
    assert names(folder) == []


@pytest.mark.fault("F15")
@pytest.mark.parametrize(
    "name", ["é" * 125 + ".toml", "👩" * 60 + ".toml", "-rf.toml", "a b\nc.toml", "x" * 250 + ".toml"]
)
def test_the_longest_and_strangest_names_work(folder: Path, name: str) -> None:
    files.write(folder / name, NEW)
    assert names(folder) == [name]
