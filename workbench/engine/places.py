"""Where things are kept on this machine: configuration, data and state."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

APP: Final = "workbench"
VARIABLES: Final = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of this user; none of them need be there yet."""

    config: Path
    """What a person writes: the program only reads it."""
    data: Path
    """What must not be lost."""
    state: Path
    """What may be lost."""
    notes: tuple[str, ...] = ()
    """A sentence for each folder that isn't where it should be, or can't be written."""
    cache: Path = Path()
    """What can be had again."""

    @property
    def config_file(self) -> Path:
        return self.config / "config.toml"

    @property
    def themes(self) -> Path:
        return self.config / "themes"

    @property
    def sessions(self) -> Path:
        return self.data / "sessions"

    @property
    def prompts(self) -> Path:
        """Earlier prompts, one JSON line each."""
        return self.state / "prompts.jsonl"

    @property
    def origins(self) -> Path:
        """Addresses that the user agreed to send a key to."""
        return self.state / "origins.json"

    @property
    def copies(self) -> Path:
        """Which sessions have a copy elsewhere, because their own file could not be written."""
        return self.state / "copies.json"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @classmethod
    def under(cls, folder: Path) -> Places:
        """All in one folder: for tests, and for a program that travels."""
        return cls(folder / "config", folder / "data", folder / "state", cache=folder / "cache")


def find() -> Places:
    """`XDG_*` where they hold a full path, else what the platform says; without a home, a private temporary folder."""
    import platformdirs

    notes = [
        f"{variable} is {given!r:.80}, which is no full path: it is left out"
        for variable in VARIABLES
        if (given := os.environ.get(variable, "")) and not Path(given).is_absolute()
    ]
    try:
        dirs = platformdirs.PlatformDirs(APP, appauthor=False)
        found = Places(dirs.user_config_path, dirs.user_data_path, dirs.user_state_path, cache=dirs.user_cache_path)
    except RuntimeError:  # platformdirs found no home; older ones return a path that begins with ~
        found = Places(Path(), Path(), Path())
    empty = os.environ.get("HOME") == "" and not all(
        map(os.environ.get, VARIABLES[:3])
    )  # taken for the root folder else
    if empty or not all(folder.is_absolute() for folder in (found.config, found.data, found.state)):
        shelter = Path(tempfile.mkdtemp(prefix=f"{APP}-"))
        found = Places.under(shelter)
        notes.append(f"there is no home folder: all is kept in {shelter}; set HOME to keep it for good")
    for folder, kept, variable in (
        (found.data, "untitled sessions", "XDG_DATA_HOME"),
        (found.state, "earlier prompts", "XDG_STATE_HOME"),
    ):
        if not can_write(folder):
            remedy = f"change its permissions, or set {variable}"
            notes.append(f"{folder} can't be written: {kept} are not kept; {remedy}")
    return replace(found, notes=tuple(notes))


def can_write(folder: Path) -> bool:
    """Whether the folder can be written or, where it is missing, made."""
    at = folder
    try:
        while not at.exists() and at != at.parent:
            at = at.parent
        return at.is_dir() and os.access(at, os.W_OK | os.X_OK)
    except OSError:
        return False
