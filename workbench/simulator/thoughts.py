"""What stands in a thinking block: a few steps towards the answer, more of them with more effort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workbench.simulator import prose_tables as tables
from workbench.simulator import topic
from workbench.simulator.phrasing import Phrasing
from workbench.simulator.voice import Voice

if TYPE_CHECKING:
    from workbench.simulator.ask import Ask

SENTENCES: Final = {"low": 2, "medium": 4, "high": 6, "xhigh": 8, "max": 11}


def write(ask: Ask, seed: int, ordinal: int) -> str:
    """In the order of the table, which is the order of a train of thought."""
    voice = Voice.of(ask, seed, ordinal).part("thinking")
    words = Phrasing(voice.part("words"), topic.read(ask.question))
    count = SENTENCES[ask.effort] + voice.between(0, 1)
    chosen = set(voice.several(tables.THOUGHTS, count))
    return " ".join(words.say(thought) for thought in tables.THOUGHTS if thought in chosen)
