"""A model in words: how it stands, what it takes, what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workbench.core.figures import grouped

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from workbench.core.model import Model

FEATURES: Final = {"image_input": "images", "pdf_input": "PDFs"}
"""What of the listed features tells one model from another."""
SOON: Final = 60
"""Days before a model retires, from which they are counted."""


def status(model: Model, today: date | None = None) -> str:
    """`active`, `retires 2026-11-30 (in 8 days), use claude-sonnet-5-5`."""
    if model.retires is None or model.lifecycle == "retired":
        found = model.lifecycle
    else:
        days = None if today is None else (model.retires - today).days
        found = f"retires {model.retires}"
        if days is not None and days < 0:
            found = f"was to retire on {model.retires}"
        elif days is not None and days <= SOON:
            found += " (today)" if days == 0 else f" (in {days} day{'' if days == 1 else 's'})"
    leaving = model.lifecycle in {"deprecated", "retired"} or model.retires is not None
    return f"{found}, use {model.successor}" if leaving and model.successor else found


def takes(model: Model) -> str:
    """`1M context, 128k out · effort low…max · cache from 512 · images, PDFs`; only what is known."""
    sizes = []
    if model.context is not None:
        sizes.append(f"{_round(model.context)} context")
    if model.max_output is not None:
        sizes.append(f"{_round(model.max_output)} out")
    found = [", ".join(sizes)] if sizes else []
    if model.listed:
        if model.sampling:
            found.append("temperature")
        if model.efforts:
            found.append(f"effort {model.efforts[0]}…{model.efforts[-1]}")
        if model.cache_minimum:
            found.append(f"cache from {grouped(model.cache_minimum)}")
    words = [word for name, word in FEATURES.items() if model.features is not None and name in model.features]
    return " · ".join([*found, *([", ".join(words)] if words else [])])


def price(model: Model) -> str:
    """`$4.00 in · $20.00 out`, per million tokens."""
    prices = model.prices
    return "price unknown" if prices is None else f"${_usd(prices.input)} in · ${_usd(prices.output)} out"


def _usd(price: Decimal) -> str:
    """Two places, or all that there are."""
    plain = format(price.normalize(), "f")
    return f"{price:.2f}" if len(plain.partition(".")[2]) <= 2 else plain


def _round(tokens: int) -> str:
    """`1M`, `200k`, `40 960`."""
    if tokens % 1000 or tokens < 1000:
        return grouped(tokens)
    return f"{tokens / 1e6:g}M" if tokens >= 1_000_000 else f"{tokens // 1000}k"
