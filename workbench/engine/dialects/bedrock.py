"""Amazon Bedrock's own way: the model in the address, the version in the body, frames of AWS instead of events.

The body is shaped in `core/shape.py`, the frames are read by `core/eventstream.py`; `bedrock-mantle` needs neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from workbench.core import cloud_urls, eventstream
from workbench.core.cloud_urls import Call
from workbench.core.endpoint import Endpoint
from workbench.engine.dialects.anthropic import common, proof
from workbench.engine.dialects.dialect import Dialect
from workbench.engine.keys import Key
from workbench.engine.veiled import Veiled

FRAMES: Final = eventstream.CONTENT_TYPE


def url(endpoint: Endpoint, call: Call, model: str = "") -> str:
    """Whether it streams is said by the address."""
    return cloud_urls.bedrock(endpoint, model)


def headers(endpoint: Endpoint, key: Key | None, version: str, extra: Mapping[str, str]) -> Veiled:
    """The version stands in the body."""
    made = common({}, extra)
    return Veiled({**made, "accept": f"{FRAMES}, application/json", **proof(endpoint, key)})


DIALECT: Final = Dialect(url, headers)
