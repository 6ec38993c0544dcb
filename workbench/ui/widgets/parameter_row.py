"""One line of the parameter panel, as a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the panel."""

    id: str
    """`param:temperature`, `system`, `variable:name`, `preset:strict`, `more`; empty where nothing can be done."""
    label: str = ""
    value: str = ""
    heading: bool = False
    share: float | None = None
    """Where the value stands on its slider."""
    unset: bool = False
    changed: bool = False
    """Whether it differs from the preset."""
    reason: str = ""
    """Why the model takes no such parameter, or what is wrong with the value."""
    help: str = ""
    tone: str = ""
