"""What a prompt is about and what form of answer it wants, from its words alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from workbench.simulator.prose_words import COMMON

WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9+#]*(?:['’-][A-Za-z]+)*|[.,;:!?()\n\"“”{}\[\]<>|/]|\d+")
FENCE: Final = re.compile(r"```.*?(```|\Z)|https?://\S+|\{\{.*?\}\}", re.DOTALL)
WISH: Final = re.compile(r"^[ \t]*x-simulate-\w+[ \t]*:.*$", re.MULTILINE)
"""A line that says how the answer shall end is not what it is about."""
LONGEST_PHRASE: Final = 4
MOST_PHRASES: Final = 12
READ: Final = 20_000
"""Characters of a prompt that are looked at."""

FORMS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (form, re.compile(pattern, re.IGNORECASE))
    for form, pattern in (
        ("echo", r"\A\s*(?:please )?(?:say|repeat|echo|reply with|respond with)\b(?! (?:a|an|one|the|in|your)\b)"),
        ("identity", r"\b(?:who|what) (?:are|r) (?:you|u)\b|\bwho made you\b|\b(?:which|what) (?:ai )?model are you\b"),
        ("greeting", r"\A\s*(?:hi|hello|hey|good (?:morning|evening|day))\b.{0,20}\Z"),
        ("pick", r"\b(?:name|pick|choose|give me|suggest|think of) (?:me )?(?:a|an|one|any|some) (?:\w+ )?(\w+)"),
        ("label", r"\b(?:classify|label|categori[sz]e|yes or no|true or false|positive or negative|which of)\b"),
        ("json", r"\b(?:as|in|only|valid|return|output) json\b|\bjson (?:object|only)\b"),
        ("poem", r"\b(?:poem|haiku|verse|limerick|lyrics|sonnet about)\b"),
        (
            "short",
            r"\b(?:one|a single|1) (?:word|sentence|line|phrase)\b|\bbriefly\b|\btl;?dr\b|\bsummar(?:y|ise|ize)\b",
        ),
        (
            "code",
            r"\b(?:code|function|script|class|regex|query|implement|python|javascript|typescript|sql|bash|rust)\b",
        ),
        ("table", r"\b(?:table|compare|comparison|versus|vs\.?|differences? between|pros and cons)\b"),
        ("steps", r"\b(?:steps?|how (?:do|can|to|would)|guide|plan|instructions|recipe|procedure)\b"),
        ("list", r"\b(?:list|ideas|examples|reasons|ways|tips|bullet|names for|suggestions)\b"),
    )
)
RELATIVE: Final = ("that", "which", "who")
"""What follows these is a verb, and no topic."""
KEPT: Final = ("a", "an", "the", "this", "these", "every", "each")
ARTICLES: Final = {**dict(zip(KEPT, KEPT, strict=True)), "my": "your", "our": "your", "your": "the"}
"""What stands before a phrase stays with it, seen from the other side."""
STARTS: Final = ("", ".", "!", "?", ":", "\n")
"""After these a capital says nothing; elsewhere it marks a name."""
LENGTH: Final = re.compile(r"\b(\d{1,3}(?:[, ]?\d{3})+|\d+)[ -]words?\b", re.IGNORECASE)
OPTIONS: Final = re.compile(r"((?:[\w-]+, )*[\w-]+,? or [\w-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Topic:
    main: str
    """The phrase that the prompt is about, or empty."""
    others: tuple[str, ...]
    form: str
    """One of FORMS, or `essay`."""
    words: int | None
    """How many words were asked for."""
    detail: str = ""
    """What the form is about: the thing to name, the text to say, the labels."""


def read(prompt: str) -> Topic:
    prompt = WISH.sub("", prompt[:READ])
    plain = FENCE.sub(" . ", prompt)
    found = phrases(plain)
    form, detail = _form(plain)
    length = LENGTH.search(plain)
    words = int(re.sub(r"\D", "", length[1])) if length else None
    return Topic(found[0] if found else "", tuple(found[1:]), form, words, detail)


def phrases(text: str) -> list[str]:
    """Runs of uncommon words with the article before them, the longest of the first ones first."""
    runs: list[str] = []
    run: list[str] = []
    article = before = ""
    for word in [*WORD.findall(text), "."]:
        verb, starts, last, before = before in RELATIVE, before in STARTS, before, word.lower()
        if verb or before in COMMON or not word[0].isalpha() or (len(word) < 3 and not word.isupper()):
            if run:
                runs.append(" ".join([*article.split(), *run[:LONGEST_PHRASE]]))
            run = []
            continue
        if not run:
            article = ARTICLES.get(last, "")
        named = word[0].isupper() and (not starts or any(map(str.isupper, word[1:])))
        run.append(word if named else before)
    unique = list(dict.fromkeys(runs))[:MOST_PHRASES]
    if unique:
        best = max(unique[:3], key=lambda each: (bare(each).count(" "), len(bare(each))))
        unique.remove(best)
        unique.insert(0, best)
    return unique


def bare(phrase: str) -> str:
    """The phrase without its article."""
    first, _, rest = phrase.partition(" ")
    return rest if rest and first in ARTICLES.values() else phrase


def _form(text: str) -> tuple[str, str]:
    for form, pattern in FORMS:
        found = pattern.search(text)
        if found is None:
            continue
        if form == "echo":
            return form, text[found.end() :].strip(" \n:\"“”'").removeprefix("exactly").strip(" :\"“”'")
        if form == "label":
            options = OPTIONS.search(text)
            return form, options[1] if options else "yes or no"
        return form, found[1].lower() if pattern.groups and found[1] else ""
    return "essay", ""
