"""How many tokens a request's parts weigh."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, cast

from workbench.core import media
from workbench.simulator import tokens

if TYPE_CHECKING:
    from workbench.core.models import Model
    from workbench.simulator.shape import Block

MESSAGE: Final = 3
"""What a message costs beside its content."""
ANSWER: Final = 4
"""What opening the answer costs."""
HIDDEN_TOOLS: Final = {True: 346, False: 313}
"""The system prompt about tools that the API adds when there are some, by `forced`."""


def block(value: Block, model: Model) -> int:
    """One content block of any type."""
    new = model.new_tokenizer
    match value:
        case {"type": "text", "text": str(text)}:
            return tokens.count(text, new=new)
        case {"type": "image", "source": dict()}:
            return media.of(value)[0].tokens(model)
        case {"type": "document", "source": dict(source)}:
            return _document(value, cast("Block", source), model)
        case {"type": "thinking", "thinking": str(text)}:
            return tokens.count(text, new=new)
        case {"type": "tool_result", "content": list(content)}:
            return 8 + sum(block(cast("Block", inner), model) for inner in content)
        case {"type": "tool_result"}:
            return 8 + tokens.count(str(value.get("content") or ""), new=new)
        case _:
            return tokens.count(_dump({k: v for k, v in value.items() if k != "cache_control"}), new=new)


def hidden_for_tools(choice: Block) -> int:
    return HIDDEN_TOOLS[choice.get("type") in {"any", "tool"}]


def _document(value: Block, source: Block, model: Model) -> int:
    match source:
        case {"type": "text", "data": str(data)}:
            return tokens.count(data, new=model.new_tokenizer)
        case {"type": "content", "content": list(content)}:
            return sum(block(cast("Block", inner), model) for inner in content)
        case _:
            return media.of(value)[0].tokens(model)


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
