"""What is said of the turns of a request before it is sent."""

from __future__ import annotations

import pytest

from workbench.core import turn_cautions
from workbench.core.models import builtin
from workbench.core.params import Params
from workbench.core.request import Request, Turn

LEGACY, OLD, NEW = "claude-sonnet-5", "claude-sonnet-4-6", "claude-opus-5-5"
FOLLOW = "A system turn must follow one of yours and come before the answer: turn"


def said(model: str, roles: str) -> list[str]:
    names = {"u": "user", "a": "assistant", "s": "system"}
    request = Request(Params(model=model), tuple(Turn(names[role], "Hi") for role in roles))
    return [each.text for each in turn_cautions.cautions(request, builtin().find(model))]


@pytest.mark.parametrize(
    ("model", "roles", "words"),
    [
        (NEW, "uau", []),
        (NEW, "us", []),
        (NEW, "usau", []),
        (NEW, "au", ["The first turn must be yours, and here it is one of role assistant."]),
        (NEW, "usu", [f"{FOLLOW} 2."]),
        (NEW, "uasu", [f"{FOLLOW} 3."]),
        (NEW, "su", ["The first turn must be yours, and here it is one of role system."]),
        (LEGACY, "us", ["claude-sonnet-5 passes over system turns: turn 2 has no effect; use the system prompt."]),
        (OLD, "uausa", ["claude-sonnet-4-6 takes no system turns, as turn 4 is; use the system prompt."]),
        ("llama3", "as", []),
        (NEW, "", []),
    ],
)
def test_turns_that_the_api_would_refuse_or_pass_over_are_told(model: str, roles: str, words: list[str]) -> None:
    assert said(model, roles) == words
