"""Fuzzy matching: what is typed, in order, somewhere in the text; the more it looks meant, the higher it ranks.

Textual's own search tries every combination of places, which takes minutes on a long prompt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

MOST_STARTS: Final = 4
"""How many places a term may begin at before the rest isn't tried."""
LEAST_MEANT: Final = 0.6
"""The share of letters that must follow one another or begin a word; below it a match over several words is chance."""
INSIDE: Final = 0.3
"""What a term counts that is found in another field than the first."""


class Hit(NamedTuple):
    """Where a term was found, and how well."""

    score: float
    at: tuple[int, ...]
    """The places of its letters."""


def fold(text: str) -> str:
    """The text in lower case, letter for letter: its places are the places of the original."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def terms(query: str) -> tuple[str, ...]:
    """The words of a query; each must be found, in any order."""
    return tuple(fold(query).split())


def score(wanted: Sequence[str], fields: Sequence[str]) -> float | None:
    """How well folded fields match: the first fuzzily, the others where a term stands in them; None if not at all."""
    total = 0.0
    for term in wanted:
        hit = find(term, fields[0])
        if hit is not None:
            total += hit.score
        elif any(term in field for field in fields[1:]):
            total += INSIDE
        else:
            return None
    return total


def places(wanted: Sequence[str], text: str) -> list[int]:
    """The letters of a text to point out."""
    folded = fold(text)
    hits = [find(term, folded) for term in wanted]
    return sorted({at for hit in hits if hit for at in hit.at})


def find(term: str, text: str) -> Hit | None:
    """The best place of one folded term in one folded text."""
    at = text.find(term)
    if at >= 0:
        return _whole(term, text, at)
    if not _in_order(term, text):
        return None
    walks = (walk for start in _starts(term[0], text) for walk in _walks(term, text, start))
    hits = [hit for walk in walks if (hit := _scattered(text, walk))]
    return max(hits, key=lambda hit: hit.score, default=None)


def _whole(term: str, text: str, at: int) -> Hit:
    begins = at
    while begins >= 0 and not _begins_word(text, begins):
        begins = text.find(term, begins + 1)
    if begins >= 0:
        at = begins
    kind = 3.0 if at == 0 else 2.0 if begins >= 0 else 1.0
    closeness = len(term) / len(text)
    return Hit(kind + closeness - min(at, 999) / 10_000, tuple(range(at, at + len(term))))


def _in_order(term: str, text: str) -> bool:
    at = -1
    return all((at := text.find(letter, at + 1)) >= 0 for letter in term)


def _starts(letter: str, text: str) -> list[int]:
    found: list[int] = []
    at = text.find(letter)
    while at >= 0 and len(found) < 8 * MOST_STARTS:
        found.append(at)
        at = text.find(letter, at + 1)
    return sorted(found, key=lambda at: not _begins_word(text, at))[:MOST_STARTS]


def _walks(term: str, text: str, start: int) -> list[list[int]]:
    """The two ways on from a start: the nearest letters, and the ones that begin a word."""
    walks = (_walk(term, text, start, by_words=by_words) for by_words in (False, True))
    return [walk for walk in walks if walk]


def _walk(term: str, text: str, start: int, *, by_words: bool) -> list[int]:
    taken = [start]
    for letter in term[1:]:
        near = at = text.find(letter, taken[-1] + 1)
        if at < 0:
            return []
        while by_words and at >= 0 and at != taken[-1] + 1 and not _begins_word(text, at):
            at = text.find(letter, at + 1)
        taken.append(at if at >= 0 else near)
    return taken


def _scattered(text: str, walk: Sequence[int]) -> Hit | None:
    begun = [_begins_word(text, at) for at in walk]
    meant = sum(begins or (n > 0 and walk[n - 1] == walk[n] - 1) for n, begins in enumerate(begun)) / len(walk)
    if meant < LEAST_MEANT and not text[walk[0] : walk[-1] + 1].isalnum():
        return None
    tightness = len(walk) / (walk[-1] - walk[0] + 1)
    return Hit(1.5 + tightness / 10 if all(begun) else (meant + tightness) / 2 - 0.1, tuple(walk))


def _begins_word(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalnum()
