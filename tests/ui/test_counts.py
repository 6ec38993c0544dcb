"""Which requests are counted again, and which leave for nothing but their count."""

from __future__ import annotations

import pytest

from workbench.core import attached
from workbench.core.endpoint import Endpoint
from workbench.core.kinds import Json
from workbench.core.media import Media
from workbench.core.params import Params
from workbench.core.problem import Problem
from workbench.core.request import Request, Turn
from workbench.ui.chat import counting

HERE = Endpoint("here", "http://127.0.0.1:1")
THERE = Endpoint("here", "http://127.0.0.1:2")
ASKED = Request(Params(model="a"), (Turn("user", "Hi"),))
LONGER = Request(Params(model="a"), (Turn("user", "Hi there"),))
OTHER = Request(Params(model="b"), (Turn("user", "Hi"),))


@pytest.mark.parametrize(
    ("status", "kind", "useful", "countable"),
    [
        (404, None, (False, False), (True, True, True)),
        (501, None, (False, False), (True, True, True)),
        (404, "not_found_error", (True, True), (False, False, True)),
        (400, "invalid_request_error", (True, True), (False, True, True)),
        (413, None, (True, True), (False, True, True)),
        (529, "overloaded_error", (False, True), (True, True, True)),
        (None, None, (False, True), (True, True, True)),
    ],
)
def test_what_a_failed_count_says_of_the_next(
    status: int | None, kind: str | None, useful: tuple[bool, bool], countable: tuple[bool, ...]
) -> None:
    counts = counting.Counts()
    counts.failed(ASKED, HERE, Problem("No", status=status, type=kind), 100.0)
    assert (counts.useful(HERE, 129.0), counts.useful(HERE, 131.0)) == useful
    assert tuple(counts.countable(each, HERE) for each in (ASKED, LONGER, OTHER)) == countable
    assert counts.useful(THERE, 101.0)
    assert counts.countable(ASKED, THERE)


def test_a_count_is_known_for_its_request_model_and_endpoint_alone() -> None:
    counts = counting.Counts()
    counts.keep(ASKED, HERE, 7)
    assert [counts.of(each, HERE) for each in (ASKED, LONGER, OTHER)] == [7, None, None]
    assert counts.of(ASKED, THERE) is None
    for number in range(counting.KEPT):
        counts.keep(Request(Params(model=f"m{number}"), ASKED.turns), HERE, number)
    assert counts.of(ASKED, HERE) is None


def test_large_files_and_those_that_are_not_in_it_do_not_leave_to_be_counted() -> None:
    def may_leave(*media: Media, said: str | Json = "Hi") -> bool:
        return counting._may_leave(Request(Params(), (Turn("user", said, media),)))

    assert may_leave()
    assert may_leave(Media("a.png", "image", sent=counting.LARGEST))
    assert not may_leave(Media("a.png", "image", sent=counting.LARGEST + 1))
    assert not may_leave(said=Json.of([attached.of_path("image", "a.png")]))
    assert may_leave(said=Json.of([attached.of_text("Seven bells.")]))
