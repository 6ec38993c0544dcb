"""Amazon Bedrock's own way: the model in the address, the version in the body, frames of AWS instead of events.

The body is shaped in `core/shape.py`, the frames are read by `core/eventstream.py`; `bedrock-mantle` needs neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from workbench.core.endpoint import Endpoint
from workbench.engine.dialects.anthropic import common, proof
from workbench.engine.dialects.dialect import Call, Dialect, UnsayableError
from workbench.engine.keys import Key
from workbench.engine.veiled import Veiled

FRAMES: Final = "application/vnd.amazon.eventstream"


def url(endpoint: Endpoint, call: Call, model: str = "") -> str:
    """Everything in an id is quoted: an ARN has slashes in it."""
    if not model.strip() or model in (".", ".."):
        raise UnsayableError(f"{model!r} can't stand in an address")
    return f"{endpoint.base_url.rstrip('/')}/model/{quote(model, safe='')}/invoke-with-response-stream"


def headers(endpoint: Endpoint, key: Key | None, version: str, extra: Mapping[str, str]) -> Veiled:
    """The version stands in the body."""
    made = common({}, extra)
    return Veiled({**made, "accept": f"{FRAMES}, application/json", **proof(endpoint, key)})


DIALECT: Final = Dialect(url, headers)
