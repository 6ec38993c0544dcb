"""What a lane would send, and what is said before it does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from workbench.core import conversation, gathered
from workbench.core.kinds import Json
from workbench.core.models import Catalogue
from workbench.core.params import Params
from workbench.core.session import Lane, Message, Session, System

CATALOGUE = Catalogue.builtin()
GOOD = Params(model="claude-haiku-4-5", max_tokens=1024)
THOUGHT = {"type": "thinking", "thinking": "hm", "signature": "s"}
HIDDEN = {"type": "redacted_thinking", "data": "x"}
SAID = {"type": "text", "text": "{{who}} said"}
CALL = {"type": "tool_use", "id": "t1", "name": "f", "input": {}}


def session(*messages: tuple[str, str | list[dict[str, Any]]], **more: Any) -> Session:
    """A conversation without branches, the lane at its end."""
    made = [
        Message(
            f"m{at}", role, content if isinstance(content, str) else Json.of(content), f"m{at - 1}" if at > 1 else None
        )
        for at, (role, content) in enumerate(messages, 1)
    ]
    tip = made[-1].id if made else None
    return Session(
        **{"params": GOOD, "variables": (("who", "Ada"),), **more}, messages=tuple(made), lanes=(Lane(tip=tip),)
    )


def sent(of: Session, draft: str | None = None) -> list[dict[str, Any]]:
    lane = of.lane()
    return conversation.request_of(of, lane, lane.tip, draft).body()["messages"]  # type: ignore[return-value]  # JSON


def said(of: Session, draft: str | None = "hi", **more: Any) -> list[str]:
    lane = of.lane()
    cautions = conversation.check(of, lane, lane.tip, draft, catalogue=CATALOGUE, **more)
    return [f"{'✗ ' if each.blocking else ''}{each.key}: {each.text}" for each in cautions]


def test_variables_go_into_what_the_user_wrote_and_never_into_answers() -> None:
    of = session(
        ("user", "I am {{who}} \\{{who}} {{what}} "),
        ("assistant", "{{who}}!"),
        ("user", [{"type": "text", "text": "{{who}}"}, {"type": "image", "source": "{{who}}"}]),
        ("assistant", [SAID, {"type": "text", "text": "."}]),
        ("system", "{{who}}"),
    )
    assert sent(of, "{{who}}\r\n") == [
        {"role": "user", "content": "I am Ada {{who}} {{what}} "},
        {"role": "assistant", "content": "{{who}}!"},
        {"role": "user", "content": [{"type": "text", "text": "Ada"}, {"type": "image", "source": "{{who}}"}]},
        {"role": "assistant", "content": [SAID, {"type": "text", "text": "."}]},
        {"role": "system", "content": "Ada"},
        {"role": "user", "content": "Ada\r\n"},
    ]
    assert gathered.asked_names(of, of.lane(), "m5", "{{new}} {{who}}") == ("who", "what", "new")


def test_variables_go_into_the_system_prompt_of_the_lane() -> None:
    of = session(systems=(System("s1", "Serve {{who}} and {{whom}}."),))
    lane = Lane(system="s1")
    assert conversation.request_of(of, lane, None, "hi").params.system == "Serve Ada and {{whom}}."
    assert gathered.asked_names(of, lane, None) == ("who", "whom")


@pytest.mark.parametrize(
    ("answer", "turn"),
    [
        ("", None),
        ([], None),
        ([THOUGHT], None),
        ([THOUGHT, SAID], [SAID]),
        ([THOUGHT, HIDDEN, SAID], [SAID]),
        ([THOUGHT, HIDDEN, CALL], [THOUGHT, HIDDEN, CALL]),  # a tool's answer needs what led to the call
        ([THOUGHT, SAID, CALL], [THOUGHT, SAID, CALL]),
        ([{"type": ["thinking"]}, THOUGHT], [{"type": ["thinking"]}]),  # a server's own idea of a type
        ([{"type": {}}], [{"type": {}}]),
        ("text", "text"),
    ],
)
def test_an_answer_goes_back_without_thoughts_it_doesnt_need(answer: Any, turn: Any) -> None:
    expected = [{"role": "user", "content": "a"}]
    if turn is not None:
        expected.append({"role": "assistant", "content": turn})
    assert sent(session(("user", "a"), ("assistant", answer))) == expected


def test_nothing_to_say_about_a_good_request() -> None:
    assert said(session()) == []


@pytest.mark.parametrize(
    ("draft", "cautions"),
    [
        ("", ["✗ prompt: The prompt is empty: there is nothing to send."]),
        (" \n", ["✗ prompt: The prompt is empty: there is nothing to send."]),
        (None, []),
        ("{{who}}", []),
        ("\\{{x}}", []),
        (
            "{{x}} {{x}} {{y}}",
            [
                "✗ variables: {{x}} has no value: add the variable x, or write \\{{x}} to send it as it is.",
                "✗ variables: {{y}} has no value: add the variable y, or write \\{{y}} to send it as it is.",
            ],
        ),
    ],
)
def test_what_makes_no_sense_to_send_is_blocked(draft: str | None, cautions: list[str]) -> None:
    assert said(session(), draft) == cautions


@pytest.mark.parametrize(
    ("params", "about"),
    [
        (Params(max_tokens=5), ["model"]),
        (Params(model="local"), ["model", "max_tokens"]),
        (Params(model="claude-haiku-4-5"), ["max_tokens"]),
        (Params(), ["model", "max_tokens"]),
        (GOOD.merge(Params(max_tokens=10**9)), ["max_tokens"]),
        (GOOD.merge(Params(max_tokens=-1)), ["max_tokens"]),
        (GOOD.merge(Params(temperature=7)), ["temperature"]),
        (GOOD.merge(Params(top_k=-3)), ["top_k"]),
        (Params(model="local", max_tokens=10**9, temperature=7), ["model", "max_tokens", "temperature"]),
        (GOOD.merge(Params(model="claude-haiku-45")), ["model"]),
        (GOOD.merge(Params(effort="low")), ["effort"]),
    ],
)
def test_each_mistake_is_said_once(params: Params, about: list[str]) -> None:
    lines = said(session(params=params))
    assert [line.partition(":")[0] for line in lines] == about


def test_a_misspelt_model_names_the_nearest() -> None:
    (line,) = said(session(params=GOOD.merge(Params(model="claude-haiku-45"))))
    assert line == "model: claude-haiku-45 is not in the table of models; did you mean claude-haiku-4-5?"


def test_a_model_like_none_is_not_given_another_name() -> None:
    (line,) = said(session(params=GOOD.merge(Params(model="claude-nope-9"))))
    assert line == "model: claude-nope-9 is not in the table of models; workbench models lists them."
    assert said(session(params=GOOD.merge(Params(model="claude-nope-9"))), vendor=False) == []


def test_a_length_that_is_missing_has_one_wording() -> None:
    texts = {said(session(params=Params(model=model)))[-1] for model in ("claude-haiku-4-5", "claude-nope-9")}
    assert texts == {"max_tokens: max_tokens is required: say how long the answer may be"}


@pytest.mark.parametrize(
    ("role", "content", "line"),
    [
        ("user", "", "✗ prompt: messages, row 2: has no text; write some, or remove it."),
        ("user", " \n", "✗ prompt: messages, row 2: has no text; write some, or remove it."),
        ("user", [], "✗ prompt: messages, row 2: has no text; write some, or remove it."),
        ("system", "", "✗ prompt: messages, row 2: has no text; write some, or remove it."),
        ("assistant", "", "prompt: messages, row 2: has no text, so it is left out."),
        ("assistant", [THOUGHT], None),
        ("user", [{"type": "image"}], None),
    ],
)
def test_a_message_without_anything_in_it_is_named(role: str, content: Any, line: str | None) -> None:
    found = [each for each in said(session(("user", "a"), (role, content))) if "takes no system turns" not in each]
    assert found == ([line] if line else [])


def test_going_on_from_an_answer_depends_on_the_model() -> None:
    ends = (("user", "a"), ("assistant", "Sure"))
    prefilling = next(model for model in CATALOGUE.choices if model.prefill)
    refusing = next(model for model in CATALOGUE.choices if not model.prefill)
    for model, count in ((prefilling, 0), (refusing, 1)):
        of = session(*ends, params=Params(model=model.id, max_tokens=4096))
        lines = [line for line in said(of, None) if "last turn must be yours" in line]
        assert len(lines) == count
        assert not [line for line in said(of, "more") if "last turn must be yours" in line]


def test_the_day_and_the_version_are_passed_on() -> None:
    model = next(each for each in CATALOGUE.models if each.retires is not None and each.lifecycle != "retired")
    assert model.retires is not None
    of = session(params=Params(model=model.id, max_tokens=4096))
    assert set(said(of, today=model.retires)) != set(said(of, today=date(2020, 1, 1)))
    warm = session(params=GOOD.merge(Params(temperature=0.5)))
    assert said(warm, configured_version="auto") == []
    assert [line.partition(":")[0] for line in said(warm, configured_version="2026-10-21")] == ["temperature"]
