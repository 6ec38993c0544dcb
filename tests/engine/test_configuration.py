from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from workbench.core.config import Config
from workbench.engine import configuration


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_no_file_means_the_defaults(file: Path) -> None:
    assert configuration.read(file) == (Config(), ())
    assert configuration.read(file / "below")[0] == Config()


def test_what_is_right_counts_and_each_mistake_is_one_line(file: Path) -> None:
    file.write_text('theme = 5\nbudget_usd = 5.00\nthem = "x"\n[editor]\nenter = "rum"\n')
    config, notes = configuration.read(file)
    assert config.budget_usd == Decimal("5.0")
    assert len(notes) == 3
    assert all(note.startswith("config.toml: ") and "\n" not in note for note in notes)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"theme = \n", "line 1, column 9"),
        ("theme = 'é'".encode("latin-1"), "UTF-8"),
        (b"a = " + b"[" * 999, "64 levels"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_note(file: Path, data: bytes, says: str) -> None:
    file.write_bytes(data)
    config, notes = configuration.read(file)
    assert config == Config()
    assert len(notes) == 1
    assert says in notes[0]
    assert notes[0].startswith("config.toml: ")


def test_a_folder_in_its_place_is_a_note(tmp_path: Path) -> None:
    assert "it is a folder" in configuration.read(tmp_path)[1][0]


def test_it_is_never_written(file: Path) -> None:
    file.write_text("theme = 5 # mine\n")
    before = file.stat()
    configuration.read(file)
    assert (file.read_text(), file.stat().st_mtime_ns) == ("theme = 5 # mine\n", before.st_mtime_ns)
