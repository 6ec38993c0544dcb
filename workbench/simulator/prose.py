"""The words of an answer: readable, about the prompt's own topic, and always the same for the same choices."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from workbench.simulator import ask as asking
from workbench.simulator import code_samples, sights, topic
from workbench.simulator import prose_tables as tables
from workbench.simulator.phrasing import Phrasing
from workbench.simulator.prose_words import ASPECTS, NAMED
from workbench.simulator.voice import Voice

if TYPE_CHECKING:
    from workbench.simulator.ask import Ask
    from workbench.simulator.topic import Topic

EFFORTS: Final = {"low": 70, "medium": 150, "high": 230, "xhigh": 330, "max": 450}
"""Words of an essay by effort."""
LINES: Final = {"haiku": 0.65, "sonnet": 1.0, "opus": 1.15, "fable": 1.3, "mythos": 1.3}
"""How talkative each line of models is."""
TERSE: Final = re.compile(r"\b(?:terse|concise|brief|short|succinct)\b", re.IGNORECASE)
TECHNICAL: Final = re.compile(
    r"\b(?:api|async|algorithm|bucket|cache|code|data|database|function|http|json|loop|parser|program|python|rate|regex|"
    r"server|software|sort|string|thread|token|unix)s?\b",
    re.IGNORECASE,
)
BARE: Final = ("echo", "pick", "label", "json")
"""Answers that are only what was asked for."""
PLAIN: Final = ("list", "table", "steps")
LONGEST: Final = 200_000
RESULT_SHOWN: Final = 400


def write(ask: Ask, seed: int, ordinal: int) -> str:
    """The text of an answer that calls no tool."""
    voice = Voice.of(ask, seed, ordinal)
    about = topic.read(ask.question)
    words = Phrasing(voice.part("words"), about)
    results = asking.tool_results(ask.last)
    if results:
        return _findings(ask, results, words)
    if ask.prefill.strip() == "{":
        return json.dumps(_object(words, voice), indent=2, ensure_ascii=False)[1:]
    seen = sights.told(ask.last)
    text = _answer(ask, voice, about, words)
    return f"{seen}\n\n{text}" if seen and about.form not in BARE else text


def _answer(ask: Ask, voice: Voice, about: Topic, words: Phrasing) -> str:
    """The words themselves."""
    match about.form:
        case "identity":
            return voice.pick(tables.IDENTITY)
        case "greeting":
            return voice.pick(tables.GREETINGS)
        case "echo" if about.detail:
            return about.detail
        case "pick" if about.detail.removesuffix("s") in NAMED and about.words is None:
            return _sentence(voice.pick(NAMED[about.detail.removesuffix("s")]))
        case "label":
            return voice.pick([each for each in re.split(r",\s*|\s+or\s+", about.detail) if each]).strip(" ,")
        case "json":
            return json.dumps(_object(words, voice), indent=2, ensure_ascii=False)
        case "poem":
            return "\n".join(
                words.say(line) for line in voice.several(tables.VERSES, 3 if "haiku" in ask.question.lower() else 8)
            )
        case "short" if about.words is None:
            return words.sentence(tables.OPENERS[3:])
        case _:
            return _essay(ask, about, words, voice)


def length(ask: Ask, about: topic.Topic) -> int:
    """How many words the answer aims at."""
    if about.words is not None:
        return min(about.words, LONGEST)
    words = EFFORTS[ask.effort] * LINES.get(ask.model.line, 1.0)
    return round(words * (0.4 if TERSE.search(asking.text_of(ask.system)) else 1.0))


def _essay(ask: Ask, about: topic.Topic, words: Phrasing, voice: Voice) -> str:
    """Paragraphs with whatever else the prompt asks for or chance adds, up to the length aimed at."""
    aim = length(ask, about)
    parts: list[str] = []
    spent = 0

    def add(part: str) -> None:
        nonlocal spent
        parts.append(part)
        spent += len(part.split())

    later = sum(turn.role == "user" for turn in ask.turns) > 1
    if not ask.prefill:
        add(words.sentence(tables.FOLLOW_UPS if later else tables.OPENERS))
    extras = _extras(about, aim, voice.part("extras"))
    section = 0
    while spent < aim or (extras and spent < aim * 1.3 and about.words is None):
        section += 1
        own = voice.part(section)
        if section > 1 and aim >= 140 and own.pick((True, True, False)):
            add(f"## {words.title(tables.HEADINGS)}")
        if extras:
            kind = extras.pop(0)
            add(_extra(kind, ask, about, words, own))
            if spent >= aim:
                continue
        add(words.paragraph(min(own.between(3, 5), max(2, (aim - spent) // 14 + 1))))
    if aim >= 60:
        add(words.sentence(tables.CLOSERS))
    return _trimmed("\n\n".join(parts), about.words)


def _extras(about: topic.Topic, aim: int, voice: Voice) -> list[str]:
    wanted = [about.form] if about.form in {"code", "table", "steps", "list"} else []
    usual = ("list", "table", "steps", "code") if TECHNICAL.search(f"{about.main} {' '.join(about.others)}") else PLAIN
    room = max(0, aim // 130 - len(wanted))
    others = [kind for kind in (*usual, "list") if kind not in wanted]
    return wanted + voice.several(others, min(room, 3))


def _extra(kind: str, ask: Ask, about: topic.Topic, words: Phrasing, voice: Voice) -> str:
    match kind:
        case "code":
            return code_samples.sample(ask.question, about.main, voice)
        case "table":
            return words.table(voice)
        case "steps":
            chosen = [step for step in tables.STEPS if step in voice.several(tables.STEPS, voice.between(4, 6))]
            return "\n".join(f"{at}. {words.say(step)}" for at, step in enumerate(chosen, 1))
        case _:
            items = zip(voice.several(ASPECTS, voice.between(3, 5)), voice.several(tables.ITEMS, 5), strict=False)
            lines = [f"- **{aspect.capitalize()}**: {_lowered(words.say(item))}" for aspect, item in items]
            return "\n".join([words.say(voice.pick(tables.LIST_INTROS)), "", *lines])


def _findings(ask: Ask, results: tuple[dict[str, object], ...], words: Phrasing) -> str:
    """What tools said, passed on."""
    return "\n\n".join((*(_finding(ask, each, words) for each in results), words.paragraph(3)))


def _finding(ask: Ask, result: dict[str, object], words: Phrasing) -> str:
    calls = [block for turn in reversed(ask.turns) for block in turn.blocks if block.get("type") == "tool_use"]
    name = next((call["name"] for call in calls if call.get("id") == result.get("tool_use_id")), "the tool")
    said = asking.text_of(asking.as_blocks(result.get("content"))).strip()[:RESULT_SHOWN] or "nothing at all"
    table = tables.FAILURES if result.get("is_error") else tables.FINDINGS
    opening = words.say(words.choose(table)).replace("{tool}", f"`{name}`").replace("{result}", said)
    return _sentence(opening)


def _object(words: Phrasing, voice: Voice) -> dict[str, object]:
    aspects = voice.several(ASPECTS, 3)
    return {
        "topic": words.main,
        "summary": words.sentence(tables.BODY),
        "points": [{"aspect": aspect, "weight": voice.between(1, 5)} for aspect in aspects],
        "confident": voice.pick((True, True, False)),
    }


def _lowered(text: str) -> str:
    return text[0].lower() + text[1:]


def _sentence(text: str) -> str:
    return text if text[-1:] in ".!?`}" else f"{text}."


def _trimmed(text: str, words: int | None) -> str:
    """Not much longer than was asked for: ends with the sentence in which the count is reached."""
    if words is None:
        return text
    ends = [found.end() for found in re.finditer(r"\S+", text)]
    if len(ends) <= words:
        return text
    stop = re.compile(r"[.!?](?=\s|$)").search(text, ends[words - 1] - 1)
    return text[: stop.end()] if stop else text
