"""Guesses before sending: tokens of a text, and the price range of a request. Nothing here is a count."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from workbench.core.model import Model
from workbench.core.usage import cost

ASCII_PER_TOKEN: Final = 4.0
SHORT_PER_TOKEN: Final = 2.2
"""Letters that take two bytes: accented Latin, Greek, Cyrillic, Hebrew, Arabic."""
LONG_PER_TOKEN: Final = 0.9
"""Characters that take three: Chinese, Japanese, Korean, symbols."""
EMOJI_PER_TOKEN: Final = 0.4
NEW_TOKENIZER: Final = 1.3
"""The same text is about 30 % more tokens from Opus 4.7 on."""
SAMPLE: Final = 20_000
"""Characters of a text that are looked at: a guess is made with each key press, of the whole conversation."""
MESSAGE_OVERHEAD: Final = 4
"""Tokens around each message: its role and its borders."""
TOOLS_OVERHEAD: Final = 346
"""Tokens of the prompt that the API adds where there are tools: 286 to 804, by model (claude-api §6.6)."""


def estimate_tokens(text: str, model: Model | None = None) -> int:
    """About how many tokens a text is, by the width of its characters; off by a third at times."""
    return tokens_of((weight(text),), newer=is_newer(model))


def is_newer(model: Model | None) -> bool:
    """Whether the model has the newer tokenizer; of one that isn't known it is taken for granted."""
    return model is None or model.new_tokenizer


def tokens_of(weights: Iterable[float], *, newer: bool) -> int:
    """The tokens of texts of these weights."""
    factor = NEW_TOKENIZER if newer else 1.0
    return sum(max(1, round(each * factor)) for each in weights if each)


def weight(text: str) -> float:
    """What an older tokenizer would make of a text; 0 for none."""
    if text.isascii():
        return len(text) / ASCII_PER_TOKEN
    if len(text) <= SAMPLE:
        return _weigh(text)
    sample = "".join(text[at : at + SAMPLE // 10] for at in range(0, len(text), len(text) // 10))
    return _weigh(sample) * len(text) / len(sample)


def _weigh(text: str) -> float:
    plain = len(text.encode("ascii", "ignore"))
    wide = len(text.encode("utf-16-le", "surrogatepass")) // 2 - len(text)
    narrow_bytes = len(text.encode("utf-8", "surrogatepass")) - plain - 4 * wide
    others = len(text) - plain - wide
    long = narrow_bytes - 2 * others
    return plain / ASCII_PER_TOKEN + (others - long) / SHORT_PER_TOKEN + long / LONG_PER_TOKEN + wide / EMOJI_PER_TOKEN


def preview(
    input_tokens: int,
    max_tokens: int | None,
    model: Model | None,
    *,
    speed: str | None = None,
    geo: str | None = None,
    cached: tuple[int, int] = (0, 0),
    batch: bool = False,
) -> tuple[Decimal, Decimal] | None:
    """The least and the most a request can cost, in USD, or None where a price is missing.

    `cached` are the input tokens to be cached for 5 minutes and for 1 hour. Least: no output, and all of those read.
    Most: `max_tokens` (else the model's own maximum) of output, and all of those written.
    """
    if model is None:
        return None
    most = max_tokens if max_tokens is not None else model.max_output
    if most is None:
        return None
    fast = speed == "fast" and model.fast_mode in {"ga", "beta"}
    shared: dict[str, object] = {"speed": "fast" if fast else "standard", "inference_geo": geo}
    five, hour = cached
    rest = input_tokens - five - hour
    least: dict[str, object] = {"input_tokens": rest, "cache_read_input_tokens": five + hour, "output_tokens": 0}
    written = {"ephemeral_5m_input_tokens": five, "ephemeral_1h_input_tokens": hour}
    dearest: dict[str, object] = {"input_tokens": rest, "cache_creation": written, "output_tokens": most}
    low = cost(shared | least, model, batch=batch)
    high = cost(shared | dearest, model, batch=batch)
    return None if low is None or high is None else (low, high)
