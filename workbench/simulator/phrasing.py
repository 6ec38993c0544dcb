"""Sentences from the tables, filled with the prompt's phrases and with words that may stand for one another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from workbench.simulator import prose_tables as tables
from workbench.simulator.prose_words import ASPECTS, SYNONYMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.simulator.topic import Topic
    from workbench.simulator.voice import Voice

SLOT: Final = re.compile(r"\{(\w+)\}")
GENERIC: Final = ("the details", "the starting point", "the people involved", "the first result", "your own experience")
KEPT: Final = ("tool", "result")
"""Slots that are filled by others, later."""


class Phrasing:
    """Says things about one topic, and does not say the same thing twice while it has another."""

    def __init__(self, voice: Voice, topic: Topic) -> None:
        self._voice = voice
        self._deck: list[str] = []
        self.main = topic.main or "this"
        self._others = topic.others or GENERIC

    def say(self, template: str) -> str:
        """The template with its slots filled, beginning with a capital where it did."""
        first, second = self._voice.several(ASPECTS, 2)
        fixed = {"main": self.main, "other": self._other(), "aspect": first, "aspect2": second}

        def fill(slot: re.Match[str]) -> str:
            name = slot[1]
            if name in KEPT:
                return slot[0]
            small = name.lower()
            word = fixed.get(small) or self._voice.pick(SYNONYMS[small])
            return word[0].upper() + word[1:] if name != small or slot.start() == 0 else word

        return re.sub(r"\b([Aa])n? (?=([a-zA-Z]))", _article, SLOT.sub(fill, template))

    def choose(self, choices: Sequence[str]) -> str:
        return self._voice.pick(choices)

    def sentence(self, choices: Sequence[str]) -> str:
        return self.say(self._voice.pick(choices))

    def title(self, choices: Sequence[str]) -> str:
        return self.sentence(choices)

    def paragraph(self, sentences: int) -> str:
        """Different sentences, some of them linked to the one before."""
        said = []
        links = ["", *self._voice.several(tables.LINKS, sentences)]
        for link in links[:sentences]:
            if not self._deck:
                self._deck = list(tables.BODY)
            template = self._deck.pop(self._voice.pick(range(len(self._deck))))
            sentence = self.say(template)
            said.append(link + (_lowered(sentence, self.main) if link else sentence))
        return " ".join(said)

    def table(self, voice: Voice) -> str:
        rows = [voice.pick(tables.TABLE_HEADS)]
        aspects = voice.several(ASPECTS, voice.between(3, 4))
        gains, costs = voice.several(tables.GAINS, 4), voice.several(tables.COSTS, 4)
        rows += [(aspect.capitalize(), gain, cost) for aspect, gain, cost in zip(aspects, gains, costs, strict=False)]
        widths = [max(len(row[at]) for row in rows) for at in range(3)]
        lines = [
            "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
        ]
        lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
        return "\n".join(lines)

    def _other(self) -> str:
        return self._voice.pick(self._others)


def _article(found: re.Match[str]) -> str:
    """`a` or `an`, by the letter that follows."""
    article = "an" if found[2] in "aeioAEIO" else "a"
    return f"{article.capitalize() if found[1] == 'A' else article} "


def _lowered(sentence: str, main: str) -> str:
    """A sentence as it continues after a comma; names keep their capital."""
    if sentence.startswith((main, "I ")):
        return sentence
    return sentence[0].lower() + sentence[1:]
