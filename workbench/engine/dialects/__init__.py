"""How each kind of endpoint addresses, signs and frames; a table, so that a further kind is a further row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from workbench.engine.dialects import anthropic, aws, bedrock, foundry, vertex
from workbench.engine.dialects.dialect import Dialect

DIALECTS: Final[Mapping[str, Dialect]] = {
    "anthropic": anthropic.DIALECT,
    "bedrock": bedrock.DIALECT,
    "bedrock-mantle": anthropic.DIALECT,
    "vertex": vertex.DIALECT,
    "foundry": foundry.DIALECT,
    "aws": aws.DIALECT,
    "google-cloud": anthropic.DIALECT,
}
