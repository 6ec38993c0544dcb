"""What is sent: system prompt, messages and parameters as a body (claude-api §2.1)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from workbench.core import accepts, attached, estimate, shape, thoughts
from workbench.core.accepts import SAMPLERS
from workbench.core.digest import sha256
from workbench.core.kinds import Json
from workbench.core.models import builtin
from workbench.core.param import LAST
from workbench.core.params import Params
from workbench.core.safe import encodable
from workbench.core.shape import MESSAGES, Shape

if TYPE_CHECKING:
    from workbench.core.attached import Sent
    from workbench.core.endpoint import Endpoint
    from workbench.core.media import Media

COUNTED: Final = (
    *("model", "system", "messages", "tools", "tool_choice"),
    *("thinking", "output_config", "cache_control", "speed"),
)
"""The fields that count_tokens takes (claude-api §6.2)."""
UNSENT: Final = frozenset({"role", "type", "media_type", "cache_control"})
"""Names whose text is structure, not prompt."""
UNREAD: Final = ("base64", "url", "file", "path")
"""The types of sources whose strings are no text: what they hold is weighed as a picture or a document."""


@dataclass(frozen=True)
class Turn:
    """One message as it is sent: text, or content blocks.

    A long conversation is sent again and again: what is made of a turn for that is made once.
    """

    role: str
    content: str | Json
    known: tuple[Media, ...] | None = field(default=None, compare=False, repr=False)
    """What its attachments are, where somebody looked at the files themselves."""

    @property
    def wire(self) -> dict[str, object]:
        return {
            "role": self.role,
            "content": self.content if isinstance(self.content, str) else self.content.value,
        }

    @cached_property
    def encoded(self) -> bytes:
        return encode(self.wire)

    @cached_property
    def said(self) -> bytes:
        """What it adds to the conversation, for the digest that thinking is bound to; nothing where it only thinks."""
        made = thoughts.said(self.content)
        return self.role.encode() + made if made else b""

    @cached_property
    def marks(self) -> tuple[tuple[int, str, bool], ...]:
        """Its cache breakpoints: the block's number, the lifetime, and whether such a block can carry one."""
        if isinstance(self.content, str) or '"cache_control"' not in self.content.text:
            return ()
        value = self.content.value
        blocks = [block for block in value if isinstance(block, dict)] if isinstance(value, list) else []
        return tuple(
            (at, str(control.get("ttl") or "5m"), block.get("type") not in thoughts.THOUGHTS)
            for at, block in enumerate(blocks)
            if isinstance(control := block.get("cache_control"), dict)
        )

    @cached_property
    def tokens(self) -> tuple[int, int]:
        """About how many its texts are: for an older tokenizer, and for a newer one."""
        weights = [estimate.weight(text) for text in texts(self.wire)]
        return estimate.tokens_of(weights, newer=False), estimate.tokens_of(weights, newer=True)

    @cached_property
    def names_files(self) -> bool:
        """Whether there are paths in it, to be replaced by files."""
        return (
            isinstance(self.content, Json) and '"path"' in self.content.text and any(attached.paths(self.content.value))
        )

    @cached_property
    def media(self) -> tuple[Media, ...]:
        """The images and documents in it."""
        if self.known is not None:
            return self.known
        if isinstance(self.content, str):
            return ()
        from workbench.core import media

        return media.of(self.content.value)


@dataclass(frozen=True)
class Request:
    """One request, whole: everything but the address and the key."""

    params: Params
    turns: tuple[Turn, ...]
    shape: Shape = MESSAGES
    """The form of the bytes that are sent; `at` gives it that of an endpoint."""
    files: tuple[Sent, ...] = field(default=(), compare=False, repr=False)
    """The files that it was made with."""

    def at(self, endpoint: Endpoint) -> Request:
        """The same request in the form that the endpoint takes."""
        form = shape.form_of(endpoint.kind)
        made = Shape(form, self.version(endpoint.version, endpoint.kind)) if form != "messages" else MESSAGES
        return self if made == self.shape else replace(self, shape=made)

    @cached_property
    def media(self) -> tuple[Media, ...]:
        """All images and documents in it."""
        return tuple(each for turn in self.turns for each in turn.media)

    @cached_property
    def cached(self) -> bool:
        """Whether it asks for anything to be cached."""
        params = self.params
        if params.cache_control is not None or params.cache_system is not None or params.cache_tools is not None:
            return True
        listed = params.tools is not None and "cache_control" in params.tools.text
        return listed or any(turn.marks for turn in self.turns)

    def body(self, *, stream: bool = True) -> dict[str, object]:
        """The JSON body: only what is set, in the order of the parameter table, then messages and `stream`."""
        made: dict[str, Any] = {}
        for row, value in self.params.items:
            if row.path:
                _put(made, row.path, row.on_wire(value))
        made["messages"] = [turn.wire for turn in self.turns]
        if stream:
            made["stream"] = True
        return made

    def count_body(self) -> dict[str, object]:
        """The body of the same request for `count_tokens`."""
        whole = self.body(stream=False)
        return self.shape.counted({key: whole[key] for key in COUNTED if key in whole})

    def version(self, configured: str = "auto", kind: str = "anthropic") -> str:
        """The API version: the parameter's, else the endpoint's, where `auto` follows the sampling parameters.

        `kind` is the endpoint's: a cloud that has the version in the body takes the newest for newer models only.
        """
        if self.params.version:
            return shape.said(kind, self.params.version)
        if configured != "auto":
            return configured
        sampled = any(self.params[key] is not None for key in SAMPLERS)
        model = builtin().recognise(self.params.model)
        return shape.version(kind, sampled=sampled, newer=model is not None and model.new_tokenizer)

    @cached_property
    def conversation_sha256(self) -> str:
        """Of all that the thinking of its answer is bound to: system prompt, tools and turns."""
        digest = thoughts.NOTHING
        for turn in self.turns:
            digest = thoughts.goes_on(digest, turn)
        return thoughts.conversation_sha256(thoughts.ground_of(self.params), digest)

    @property
    def betas(self) -> str:
        """The beta features that the parameters need on this model, as their header; empty where none (§1.3)."""
        return ",".join(accepts.betas(self.params, builtin().recognise(self.params.model)))

    @cached_property
    def encoded(self) -> bytes:
        """The exact bytes that are sent."""
        return b"".join(self.pieces())

    @property
    def digest(self) -> str:
        """The SHA-256 of those bytes, which need not all be put together for it."""
        made = sha256()
        for piece in self.pieces():
            made.update(piece)
        return made.hexdigest()

    def pieces(self) -> Iterator[bytes]:
        """The bytes in turn."""
        fields = self.shape.head(Request(self.params, ()).body(stream=False), self.betas)
        yield encode(fields).removesuffix(b"]}")
        for at, turn in enumerate(self.turns):
            if at:
                yield b","
            yield turn.encoded
        yield b'],"stream":true}' if self.shape.streams else b"]}"


def _put(body: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    """The value at its place; what has no last item to stand on is left out."""
    *tables, last = path
    at = body
    for table in tables:
        inner = _last_of(at, table.removesuffix(LAST)) if table.endswith(LAST) else at.setdefault(table, {})
        if inner is None:
            return
        at = inner
    at[last] = value


def _last_of(body: dict[str, Any], name: str) -> dict[str, Any] | None:
    """The last item of a list in the body, as a copy that may be changed; a text becomes a list of one block."""
    held = body.get(name)
    items = [{"type": "text", "text": held}] if isinstance(held, str) and held else held
    if not isinstance(items, list) or not items or not isinstance(items[-1], dict):
        return None
    body[name] = [*items[:-1], {**items[-1]}]
    last: dict[str, Any] = body[name][-1]
    return last


def encode(body: Mapping[str, object]) -> bytes:
    """JSON in UTF-8; halves of a surrogate pair are joined, and a lone one becomes U+FFFD."""
    return encodable(json.dumps(body, ensure_ascii=False, separators=(",", ":"))).encode()


def texts(value: object) -> list[str]:
    """Every text that a model reads in this part of a body."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        if value.get("type") in UNREAD:
            return []
        return [text for key, each in value.items() if key not in UNSENT for text in texts(each)]
    return [text for each in value for text in texts(each)] if isinstance(value, list) else []
