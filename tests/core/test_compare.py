"""What lanes share and in what they differ, and which of them share a prompt to be cached."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.samples import SAMPLES, sample
from workbench.core import lanes
from workbench.core.compare import Comparison, compare
from workbench.core.models import Catalogue
from workbench.core.params import FIELDS, Param, Params
from workbench.core.request import Request, Turn
from workbench.core.session import Lane, Session, System
from workbench.core.warming import shared_prefixes

SHARED = Session(params=Params(model="claude-sonnet-4-6", max_tokens=1024, temperature=0.5))


def told(found: Comparison) -> list[str]:
    return [f"{row.label}: {', '.join(f'{each.shown} {each.lanes}' for each in row.groups)}" for row in found.differs]


def test_one_lane_differs_from_nobody() -> None:
    found = compare(SHARED, SHARED.lanes)
    assert [(row.label, row.shown) for row in found.same] == [
        ("model", "sonnet-4-6"),
        ("max", "1 024"),
        ("T", "0.50"),
    ]
    assert found.differs == ()


def test_equal_values_are_told_together_in_the_order_of_the_lanes() -> None:
    session = lanes.one_per_value(SHARED, SHARED.lanes[0], "temperature", [0.7, 0.5, 0.7, None])
    found = compare(session, session.lanes)
    assert told(found) == ["T: 0.70 (0, 2), 0.50 (1,), — (3,)"]
    assert [row.key for row in found.same] == ["model", "max_tokens"]
    assert [found.differs[0].shown(at) for at in range(4)] == ["0.70", "0.50", "0.70", "—"]


def test_system_prompts_are_told_by_their_version_and_others_by_how_they_begin() -> None:
    session = replace(
        SHARED,
        systems=(System("s1", "Be brief."), System("s2", "Be kind.")),
        lanes=(Lane("A", system="s1"), Lane("B", system="s2"), Lane("C", params=Params(system="Be odd and long."))),
    )
    assert told(compare(session, session.lanes)) == ["sys: s1 (0,), s2 (1,), Be odd and long. (2,)"]


@pytest.mark.parametrize("row", FIELDS, ids=lambda row: row.key)
def test_every_parameter_is_told_where_it_differs(row: Param) -> None:
    session = Session(lanes=(Lane("A", params=sample(row.key)), Lane("B")))
    (differing,) = compare(session, session.lanes).differs
    assert differing.key == row.key
    assert differing.shown(0)
    assert differing.shown(1) == "—"
    same = Session(params=sample(row.key), lanes=(Lane("A"), Lane("B")))
    assert [each.key for each in compare(same, same.lanes).same] == [row.key]
    assert row.key in SAMPLES


def request(text: str = "word " * 8000, **params: object) -> Request:
    made = Params(model="claude-sonnet-4-6", cache_control="auto")
    for key, value in params.items():
        made = made.set(key, value)
    return Request(made, (Turn("user", text),))


@pytest.mark.parametrize(
    ("requests", "groups"),
    [
        ([request(), request()], [(0, 1)]),
        ([request(temperature=0.1), request(temperature=0.9)], [(0, 1)]),
        ([request(), request(model="claude-haiku-4-5"), request()], [(0, 2)]),
        ([request(), request(system="Other.")], []),
        ([request(), request("word " * 8001)], []),
        ([request(thinking="adaptive"), request()], []),
        ([request("short"), request("short")], []),
        ([request(cache_control=None), request(cache_control=None)], []),
        ([request()], []),
    ],
)
def test_who_could_read_what_another_writes(requests: list[Request], groups: list[tuple[int, ...]]) -> None:
    found = shared_prefixes(requests, Catalogue.builtin())
    assert [each.places for each in found] == groups
    assert all(each.tokens > 1024 for each in found)
