"""Which thinking of earlier answers goes back with the next request, and why the rest stays behind (claude-api §2.6).

A thinking block holds for the model that made it, after the conversation that it was made for. Each run with thinking
keeps a digest of that conversation; where the digest made now is another, something in it has changed.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from workbench.core.block import PARTIAL
from workbench.core.digest import sha256
from workbench.core.models import builtin
from workbench.core.params import Params, from_mapping

if TYPE_CHECKING:
    from workbench.core.kinds import Json
    from workbench.core.record import RunRecord
    from workbench.core.request import Turn

Wire = dict[str, Any]

THOUGHTS: Final = ("thinking", "redacted_thinking")
UNSAID: Final = frozenset({"cache_control"})
"""Members of a block that may change while the conversation stays what it was."""
FIXED: Final = ("system", "tools")
FILED: Final = ("base64", "path", "text")
"""Kinds of sources that are the bytes of a file, or stand for them."""
ABOUT: Final = ("context", "citations")
"""What is said of a document to the model beside its title, by which a file is known."""
REFUSED_ONE: Final = (
    "an earlier answer was refused: what came of it is left out, and its question goes along; "
    "edit that, or branch before it"
)
REFUSED_MORE: Final = (
    "{} earlier answers were refused: what came of them is left out, and their questions go along; "
    "edit those, or branch before them"
)
NOTHING: Final = bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
"""The digest of no turn at all."""


class Why(StrEnum):
    """Why thinking stays behind."""

    MODEL = "another model made it"
    ENDPOINT = "it was made at another endpoint"
    FIXED = "the system prompt or the tools are not what they were"
    TURNS = "a turn before it, or a variable in one, is not what it was"
    HAND = "no run tells what it was made for"
    UNSIGNED = "it was cut off"
    REFUSED = "refused"
    """The whole answer stays behind, whatever is in it: the API wants it out of the conversation."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a request's thinking depends on besides its turns."""

    model: str | None
    fixed: bytes
    """A digest of the system prompt and the tools."""
    endpoint: str | None = None
    """Whom it goes to; None where any may be meant."""


def ground_of(params: Params, endpoint: str | None = None) -> Ground:
    return Ground(params.model, _fixed(params.system, params.tools), endpoint)


@lru_cache(maxsize=64)
def _fixed(system: str | None, held: Json | None) -> bytes:
    tools = held.value if held is not None else None
    tools = [_said(tool) for tool in tools] if isinstance(tools, list) else tools
    return sha256(_encoded([system, tools])).digest()


def without(blocks: Iterable[Wire]) -> list[Wire]:
    return [block for block in blocks if block.get("type") not in THOUGHTS]


def of(blocks: Iterable[Wire]) -> list[Wire]:
    return [block for block in blocks if block.get("type") in THOUGHTS]


def has(blocks: Iterable[Wire]) -> bool:
    return any(block.get("type") in THOUGHTS for block in blocks)


def calls(blocks: Iterable[Wire]) -> bool:
    """Whether a tool was called, the server's own too: such a turn must give its thinking back."""
    return any(str(block.get("type")).endswith("tool_use") for block in blocks)


def goes_on(before: bytes, turn: Turn) -> bytes:
    """The digest of a conversation with one more turn; thinking is no part of it, and may be missing later."""
    said = turn.said
    return sha256(before + said).digest() if said else before


def conversation_sha256(ground: Ground, before: bytes) -> str:
    """What a run keeps of the conversation that it answers: all that its thinking is bound to."""
    return sha256(ground.fixed + before).hexdigest()


def held_back(blocks: list[Wire], record: RunRecord | None, ground: Ground, before: bytes) -> Why | None:
    """Why the thinking of an answer can't go back; None where it can.

    A turn that called a tool must give it back, so there only a known reason counts: thinking that was written by
    hand, or comes of a file from before the digest was kept, goes as it is.
    """
    if record is not None and ground.endpoint and record.endpoint and record.endpoint != ground.endpoint:
        return Why.ENDPOINT  # signatures hold for who signed, of some models for the account
    loops = calls(blocks)
    if record is None or not record.conversation_sha256:
        if loops:
            return None if record is None or same_model(record, ground) else Why.MODEL
        return Why.HAND
    if not same_model(record, ground):
        return Why.MODEL
    if record.conversation_sha256 != conversation_sha256(ground, before):
        return Why.TURNS if _fixed_of(record) == ground.fixed else Why.FIXED
    unsigned = any(block.get("type") == "thinking" and not block.get("signature") for block in blocks)
    whole = [block for block in blocks if PARTIAL not in block]
    return Why.UNSIGNED if (unsigned and not loops) or has(whole[-1:]) else None


def _fixed_of(record: RunRecord) -> bytes | None:
    """The digest of the system prompt and the tools that a run was sent with; None where its record can't tell."""
    known, _, mistakes = from_mapping({key: record.params[key] for key in FIXED if key in record.params})
    return None if mistakes else _fixed(known.system, known.tools)


def same_model(record: RunRecord, ground: Ground) -> bool:
    """Whether the answer's model is the one that is asked now, under whichever of its names; or may be, if unknown."""
    names = [name for name in (record.asked_model, record.model) if name]
    if ground.model in names or not names:
        return True
    asked = builtin().find(ground.model)
    return asked is not None and any(builtin().find(name) is asked for name in names)


def told(reasons: Iterable[Why]) -> Iterator[str]:
    """A sentence for each reason: `thinking of 2 earlier answers is left out: another model made it`."""
    for why, count in Counter(reasons).items():
        if why is Why.REFUSED:
            yield REFUSED_ONE if count == 1 else REFUSED_MORE.format(count)
        else:
            whose = "an earlier answer" if count == 1 else f"{count} earlier answers"
            yield f"thinking of {whose} is left out: {why}"


def said(content: str | Json) -> bytes:
    """A turn's content as the digest takes it, without thinking; empty where there is nothing else."""
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content.value
    if not isinstance(blocks, list):
        return _encoded(blocks)
    kept = [_said(block) for block in blocks if not (isinstance(block, dict) and block.get("type") in THOUGHTS)]
    return _encoded(kept) if kept else b""


def _said(block: object) -> object:
    """A block without what may change; a file is the same whether it stands there by its path or by its bytes."""
    if not isinstance(block, Mapping):
        return block
    source = block.get("source")
    if isinstance(source, Mapping) and source.get("type") in FILED:
        about = {key: block[key] for key in ABOUT if block.get(key) is not None}
        return [block.get("type"), _fingerprint(source), *([about] if about else ())]
    kept = {key: value for key, value in block.items() if key not in UNSAID}
    if isinstance(inner := kept.get("content"), list):  # files in the result of a tool
        kept["content"] = [_said(each) for each in inner]
    return kept


def _fingerprint(source: Mapping[str, object]) -> object:
    if source.get("type") == "path":
        return source.get("sha256")
    written = str(source.get("data", "")).encode("utf-8", "surrogatepass")
    if source.get("type") == "text":
        return sha256(written).hexdigest()
    try:
        return sha256(base64.b64decode(written, validate=True)).hexdigest()
    except (binascii.Error, ValueError):
        return dict(source)


def _encoded(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")
