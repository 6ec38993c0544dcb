"""Pages of a list, as the API cuts them: `limit`, `after_id`, `before_id`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workbench.simulator.errors import invalid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

USUAL: Final = 20
MOST: Final = 1000


def page(items: Sequence[Mapping[str, object]], query: Mapping[str, list[str]]) -> dict[str, object]:
    """One page of things that have an `id`. Raises ApiError 400."""
    limit = _limit(query)
    ids = [item["id"] for item in items]
    after, before = _cursor(query, "after_id", ids), _cursor(query, "before_id", ids)
    if after is not None and before is not None:
        raise invalid("after_id: cannot be given together with before_id")
    if before is not None:
        chosen, more = items[max(0, before - limit) : before], before > limit
    else:
        start = 0 if after is None else after + 1
        chosen, more = items[start : start + limit], start + limit < len(items)
    return {
        "data": list(chosen),
        "has_more": more,
        "first_id": chosen[0]["id"] if chosen else None,
        "last_id": chosen[-1]["id"] if chosen else None,
    }


def _limit(query: Mapping[str, list[str]]) -> int:
    text = query.get("limit", [str(USUAL)])[-1]
    if not (text.isascii() and text.lstrip("-").isdigit()):
        raise invalid("limit: Input should be a valid integer, unable to parse string as an integer")
    limit = int(text)
    if limit < 1:
        raise invalid("limit: Input should be greater than or equal to 1")
    if limit > MOST:
        raise invalid(f"limit: Input should be less than or equal to {MOST}")
    return limit


def _cursor(query: Mapping[str, list[str]], name: str, ids: Sequence[object]) -> int | None:
    if name not in query:
        return None
    wanted = query[name][-1]
    if wanted not in ids:
        raise invalid(f"{name}: no object has the id {wanted!r}")
    return ids.index(wanted)
