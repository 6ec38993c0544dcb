"""A prompt that a rate limit has no room for, however long anybody waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from workbench.core import errors, limits
from workbench.core.figures import grouped
from workbench.core.limiter_bucket import WEIGHTS

if TYPE_CHECKING:
    from workbench.core.problem import Problem

BUCKETS: Final = ("input_tokens", "fast_input_tokens")
"""What a prompt is taken from."""
TITLE: Final = "Prompt larger than the rate limit"


def refused(problem: Problem, headers: Mapping[str, str], input_tokens: int) -> Problem | None:
    """The problem in words that fit, where a 429 came although all of a limit was left that is below the prompt.

    `input_tokens` is our guess. It alone says nothing; that a full bucket was not enough for it does. Where another
    bucket is empty, or the server names another reason, that may be why.
    """
    told = limits.parse(headers)
    if told is None or problem.status != 429 or problem.title != errors.STATUSES[429].title:
        return None
    if any(told[name].remaining == 0 for name in WEIGHTS.keys() & told.keys()):
        return None
    for row in (told[name] for name in BUCKETS if name in told):
        if row.limit is not None and row.remaining is not None and input_tokens > row.limit <= row.remaining:
            hint = (
                f"It has about {grouped(input_tokens)} tokens, and the limit is {grouped(row.limit)} a minute, all of "
                "them left: waiting won't help. Shorten it, take a model with a larger limit, or have this one raised."
            )
            return replace(problem, title=TITLE, hint=hint, retry=False)
    return None
