"""The official SDK, loaded when a test first uses it: two seconds that most of the workers need not spend."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import anthropic
else:

    class _Official:
        def __getattr__(self, name: str) -> Any:
            return getattr(import_module("anthropic"), name)

    anthropic = _Official()

__all__ = ["anthropic"]
