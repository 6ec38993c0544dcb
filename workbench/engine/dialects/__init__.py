"""How each kind of endpoint addresses, signs and frames; a table, so that a further kind is a further row."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from workbench.engine.dialects.dialect import Dialect

DIALECTS: Final[Mapping[str, str]] = {
    "anthropic": "anthropic",
    "bedrock": "bedrock",
    "bedrock-mantle": "anthropic",
    "vertex": "vertex",
    "foundry": "foundry",
    "aws": "aws",
    "google-cloud": "anthropic",
}
"""The module beside this one that has it."""


def of(kind: str) -> Dialect:
    """That of an endpoint of this kind; loaded with the first of them."""
    found: Dialect = import_module(f"{__name__}.{DIALECTS[kind]}").DIALECT
    return found
