"""All protections and reasons, from the modules that hold them."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

from tests.faults import protections
from tests.faults.protection import Protection

ROOT: Final = Path(__file__).parent.parent.parent
MODULES: Final = [
    import_module(f"{protections.__name__}.{each.name}") for each in pkgutil.iter_modules(protections.__path__)
]
PROTECTIONS: Final[Sequence[Protection]] = [each for module in MODULES for each in module.PROTECTIONS]
REASONS: Final[Mapping[str, str]] = {
    row: reason for module in MODULES for row, reason in getattr(module, "REASONS", {}).items()
}
"""Why a row has no test here, or a test but nothing that could be taken out."""
