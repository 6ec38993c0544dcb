"""Paths as a note shows them: short enough that a name isn't broken over lines."""

from __future__ import annotations

from pathlib import Path
from typing import Final

LONGEST: Final = 48
"""Characters of a path that is shown whole."""


def shown(path: Path, home: Path | None = None) -> str:
    """`~` for the home folder; of a long path the folder and the name."""
    home = home or Path.home()
    whole = "~" if path == home else f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
    return whole if len(whole) <= LONGEST else f"…/{path.parent.name}/{path.name}"
