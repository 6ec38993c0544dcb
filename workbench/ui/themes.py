"""Finds theme files and reads them; only the theme that is asked for is read."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Final, NamedTuple

import workbench
from workbench.core import theme, theme_file
from workbench.core.theme import PLAIN, Theme

DEFAULT: Final = "nightshift"
LIGHT: Final = "paper"
SUFFIX_256: Final = "-256"
LARGEST_FILE: Final = 64 * 1024
"""Bytes; a theme takes about two thousand."""
FEW_COLOURS: Final = frozenset({"256", "eight_bit", "standard", "windows"})
"""Rich's names for terminals that would bend our tints to colours of their own choice."""


class Loaded(NamedTuple):
    """A theme that can be used, whatever became of the one asked for."""

    theme: Theme
    notes: tuple[str, ...]
    """At most one line a file, naming file and key."""


class Themes:
    """The theme files of a person and of the program; a person's win by name."""

    def __init__(self, own: Path | None = None, shipped: Path | None = None) -> None:
        self.folders = tuple(folder for folder in (own, shipped or shipped_folder()) if folder)

    def names(self) -> tuple[str, ...]:
        """Every theme there is a file for, by name, reading none of them; twins aren't listed."""
        stems = {file.stem for folder in self.folders for file in _files(folder)}
        return tuple(sorted(stem for stem in stems if not (_is_twin(stem) and stem.removesuffix(SUFFIX_256) in stems)))

    def load(self, name: str = DEFAULT, color_system: str | None = "truecolor") -> Loaded:
        """The theme, or its twin for few colours; the default theme with a note where it can't be had.

        `color_system` is `app.console.color_system`. A theme without a twin is rounded to 256 colours.
        """
        found, notes = self._read(self.twin(name, color_system))
        if found is None and _is_twin(self.twin(name, color_system)):
            found, more = self._read(name)
            notes += more
        if found is None and name != DEFAULT:
            found, more = self._read(self.twin(DEFAULT, color_system))
            notes += more
        found = found or PLAIN
        return Loaded(theme.rounded(found) if color_system in FEW_COLOURS and not found.indexed else found, notes)

    def twin(self, name: str, color_system: str | None) -> str:
        """The name of the theme made for these few colours, where there is one; else the name itself."""
        twin = name + SUFFIX_256
        return twin if color_system in FEW_COLOURS and self._file(twin) else name

    def _file(self, name: str) -> Path | None:
        if not theme_file.NAME.fullmatch(name):
            return None
        files = (folder / f"{name}.toml" for folder in self.folders)
        return next((file for file in files if file.is_file()), None)

    def _read(self, name: str) -> tuple[Theme | None, tuple[str, ...]]:
        file = self._file(name)
        if file is None:
            near = difflib.get_close_matches(name, self.names(), 1) or [DEFAULT]
            return None, (f"theme: no theme is called {name!a}; {near[0]} would be one",)
        try:
            if file.stat().st_size > LARGEST_FILE:
                return None, (f"{file}: is too large for a theme; up to {LARGEST_FILE // 1024} kB would be right",)
            tables = tomllib.loads(file.read_text("utf-8-sig"))
        except OSError as error:
            return None, (f"{file}: can't be read: {error.strerror}",)
        except UnicodeDecodeError:
            return None, (f"{file}: is no text; UTF-8 would be right",)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            return None, (f"{file}: is no TOML: {error}",)
        parsed = theme_file.parse(tables, name)
        return parsed.theme, _one_line(file, parsed.notes)


def shipped_folder() -> Path:
    """The folder inside the installed package, or the one beside the package in a checkout."""
    package = Path(workbench.__file__).parent
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def _files(folder: Path) -> tuple[Path, ...]:
    try:
        return tuple(file for file in folder.glob("*.toml") if theme_file.NAME.fullmatch(file.stem))
    except OSError:
        return ()


def _is_twin(name: str) -> bool:
    return name.endswith(SUFFIX_256)


def _one_line(file: Path, notes: tuple[str, ...]) -> tuple[str, ...]:
    if not notes:
        return ()
    more = f" (and {len(notes) - 1} more)" if len(notes) > 1 else ""
    return (f"{file}: {notes[0]}{more}",)
