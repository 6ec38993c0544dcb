"""The filter of the list of runs: small, and forgiving."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.test_run_list import record
from workbench.core import run_filter
from workbench.core.problem import Problem
from workbench.core.record import Timings
from workbench.core.run_list import Row
from workbench.core.state import State

ROWS = (
    Row(record(1), prompt="Why are there tides?", answer="The Moon pulls.", session="Tides"),
    Row(
        record(
            2,
            lane="B",
            state=State.INTERRUPTED,
            model="claude-haiku-4-5",
            params={"model": "claude-haiku-4-5", "temperature": 0.7, "system": "Be BRIEF.", "top_k": 40},
        ),
        prompt="Why are there tides?",
        answer="Because of the moon",
        session="Tides",
    ),
    Row(
        record(
            3,
            lane="AB",
            state=State.REJECTED,
            cost_usd=Decimal("0.5"),
            usage={"input_tokens": 90_000, "output_tokens": 1200},
            timings=Timings(first_token_s=1.5, total_s=9.0),
            params={},
            attempts=3,
            problem=Problem("Rate limited", "No tokens left."),
            extra={"sweep": "w1", "repeat": 0},
        ),
        prompt="a=b http://x",
        answer="",
        session="Other",
    ),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [1, 2, 3]),
        ("   ", [1, 2, 3]),
        ("moon", [1, 2]),
        ("MOON because", [2]),
        ('"the moon"', [1, 2]),
        ('"the moon', [1, 2]),
        ("-moon", [3]),
        ("-", [1, 2, 3]),
        ("state:interrupted", [2]),
        ("state:comp", [1]),
        ("-state:complete", [2, 3]),
        ("model:haiku", [2]),
        ("lane:b", [2]),
        ("lane:A", [1]),
        ("lane=AB", [3]),
        ("sweep:w1", [3]),
        ("session:tides moon", [1, 2]),
        ('answer:"moon pulls"', [1]),
        ("prompt:moon", []),
        ("cost>0.02", [3]),
        ("cost>=0.02", [2, 3]),
        ("cost<$0.02", [1]),
        ("out>1k", [3]),
        ("in>=90k", [3]),
        ("ttft>500ms", [3]),
        ("ttft<1s", [1, 2]),
        ("tries>1", [3]),
        ("temperature=0.7", [2]),
        ("temperature>0.5", [2]),
        ("temperature:0.1", [1]),
        ("temperature>.5", [2]),
        ("top_k<1k", [2]),
        ("tries:3", [3]),
        ("temperature=", [3]),
        ("system=brief", [2]),
        ("top_k=40 lane:B", [2]),
        ("a=b", [3]),
        ('"rate limited"', [3]),
        ("http://x", [3]),
    ],
)
def test_what_a_filter_keeps(text: str, expected: list[int]) -> None:
    found = run_filter.read(text)
    assert found.mistakes == ()
    assert [int(row.record.id[1:]) for row in found.of(ROWS)] == expected


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("cost>much", "cost>much: a number belongs there, like cost>0.5"),
        ("cost>", "cost>: a number belongs there, like cost>0.5"),
        ("cost>1.2.3", "cost>1.2.3: a number belongs there, like cost>0.5"),
        ("temprature=1", "temprature=: did you mean temperature=1?"),
        ("temperature>warm", "temperature>warm: a number belongs there, like temperature>0.5"),
        ("temperature>.", "temperature>.: a number belongs there, like temperature>0.5"),
        ("temperature>1.2.3", "temperature>1.2.3: a number belongs there, like temperature>0.5"),
        ("cost>\u0663", "cost>\u0663: a number belongs there, like cost>0.5"),
        ("modle:haiku", "modle: did you mean model:haiku?"),
        ("state:", "state: something belongs behind the colon, like state:interrupted"),
        (
            "state:lost",
            f"no run ends lost: the states are {', '.join(State)}",
        ),
    ],
)
def test_a_bad_term_is_a_sentence_and_filters_nothing(text: str, mistake: str) -> None:
    found = run_filter.read(f"{text} moon")
    assert found.mistakes == (mistake,)
    assert [int(row.record.id[1:]) for row in found.of(ROWS)] == [1, 2]


NAMES = st.sampled_from(
    (*run_filter.NUMBERS, *run_filter.WORDS, "temperature", "system", "tool_choice", "stop_sequences")
)
SIGNS = st.sampled_from((":", "=", "<", ">", "<=", ">=", "==", "!="))
VALUES = st.text(alphabet='0159.$ksm"-{[ ]}=<>:aé\u0663', max_size=6)


@given(st.lists(st.tuples(st.sampled_from(("", "-", '"')), NAMES, SIGNS, VALUES).map("".join), max_size=3))
def test_whatever_is_being_typed_is_a_filter_or_a_sentence(terms: list[str]) -> None:
    text = " ".join(terms)
    for end in range(len(text) + 1):
        found = run_filter.read(text[:end])
        assert all(mistake.strip() for mistake in found.mistakes)
        assert found.tests or found.of(ROWS) == [*ROWS]
        assert len(found.of(ROWS)) <= len(ROWS)
