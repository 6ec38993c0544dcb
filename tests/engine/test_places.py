from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import platformdirs
import pytest

from workbench.engine import places
from workbench.engine.places import Places


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in places.VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    home = tmp_path / "a home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    return home


def test_everything_lies_below_the_home_folder(home: Path) -> None:
    found = places.find()
    assert all(folder.is_relative_to(home) for folder in (found.config, found.data, found.state))
    assert found.notes == ()
    assert list(home.iterdir()) == []


def test_xdg_variables_say_where(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in places.VARIABLES:
        monkeypatch.setenv(variable, str(home / variable))
    found = places.find()
    assert found.config_file == home / "XDG_CONFIG_HOME" / "workbench" / "config.toml"
    assert found.themes == home / "XDG_CONFIG_HOME" / "workbench" / "themes"
    assert found.sessions == home / "XDG_DATA_HOME" / "workbench" / "sessions"
    assert found.prompts == home / "XDG_STATE_HOME" / "workbench" / "prompts.jsonl"
    assert found.origins.parent == found.logs.parent == found.prompts.parent


def test_a_variable_that_is_no_full_path_is_left_out_with_a_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "here")
    found = places.find()
    assert found.data.is_relative_to(home)
    assert found.notes == ("XDG_DATA_HOME is 'here', which is no full path: it is left out",)


@pytest.mark.fault("F03")
@pytest.mark.parametrize("raises", [True, False], ids=["platformdirs raises", "platformdirs returns ~"])
def test_without_a_home_there_is_a_private_shelter_and_a_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch, *, raises: bool
) -> None:
    class Homeless:
        def __init__(self, *_: object, **__: object) -> None: ...

        def __getattr__(self, name: str) -> Path:
            if raises:
                raise RuntimeError("no home")
            return Path("~/.local/share/workbench")

    monkeypatch.setattr(platformdirs, "PlatformDirs", Homeless)
    monkeypatch.setattr(tempfile, "tempdir", str(home))
    found = places.find()
    assert found.data.is_relative_to(home)
    assert stat.S_IMODE(found.data.parent.stat().st_mode) == 0o700
    assert "set HOME" in found.notes[0]


@pytest.mark.fault("F03")
def test_an_empty_home_is_none(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (*places.VARIABLES, "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", "")
    monkeypatch.setattr(tempfile, "tempdir", str(home))
    found = places.find()
    assert found.config.is_relative_to(home)
    assert "set HOME" in found.notes[0]


@pytest.mark.fault("F03")
def test_a_home_that_cannot_be_written_is_said_at_the_start(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    found = places.find()
    assert len(found.notes) == 2
    assert str(found.data) in found.notes[0]
    assert "XDG_STATE_HOME" in found.notes[1]


def test_a_file_in_the_way_cannot_be_written(home: Path) -> None:
    (home / "file").touch()
    assert not places.can_write(home / "file" / "below")
    assert not places.can_write(home / "file")
    assert places.can_write(home / "new" / "below")


def test_tests_and_travellers_keep_all_in_one_folder(tmp_path: Path) -> None:
    assert Places.under(tmp_path).sessions == tmp_path / "data" / "sessions"


def test_importing_it_imports_no_platformdirs() -> None:
    code = "import sys, workbench.engine.places; sys.exit('platformdirs' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
