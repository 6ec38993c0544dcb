"""The `usage` object of messages, and where its parts travel in a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.simulator.ask import Ask
    from workbench.simulator.cache import Split
    from workbench.simulator.reply import Reply


def _input(split: Split) -> dict[str, object]:
    return {
        "input_tokens": split.uncached,
        "cache_creation_input_tokens": split.written_5m + split.written_1h,
        "cache_read_input_tokens": split.read,
    }


def at_start(ask: Ask, split: Split, output_tokens: int, tier: str = "standard") -> dict[str, object]:
    """What `message_start` says; its output count is a placeholder."""
    return {
        **_input(split),
        "cache_creation": {
            "ephemeral_5m_input_tokens": split.written_5m,
            "ephemeral_1h_input_tokens": split.written_1h,
        },
        "output_tokens": output_tokens,
        "service_tier": tier,
        "speed": "fast" if ask.fast else "standard",
        "inference_geo": ask.geo,
    }


def at_end(split: Split, reply: Reply) -> dict[str, object]:
    """What `message_delta` says: totals."""
    return {
        **_input(split),
        "output_tokens": reply.output_tokens,
        "output_tokens_details": {"thinking_tokens": reply.thinking_tokens},
        **_served(reply),
    }


def _served(reply: Reply) -> dict[str, object]:
    """The uses of the server's own tools, where there were some."""
    counts = {f"{name}_requests": reply.served(name) for name in ("web_search", "web_fetch")}
    return {"server_tool_use": counts} if any(counts.values()) else {}


def whole(ask: Ask, split: Split, reply: Reply, tier: str = "standard") -> dict[str, object]:
    """What a message that isn't streamed says."""
    return {**at_start(ask, split, reply.output_tokens, tier), **at_end(split, reply)}
