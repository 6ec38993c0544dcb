"""The parts of the wire view: signs, reading form, gap bars, the gauge of a run's time."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.arrivals import arrivals
from workbench.core.record import RunRecord, Timings
from workbench.core.safe import display
from workbench.engine.wire import Wire
from workbench.ui.wire.event_section import EventSection, bar, said
from workbench.ui.wire.section import TextSection
from workbench.ui.wire.sections import of_wire
from workbench.ui.wire.signs import json_spans, reading, shown, with_ends
from workbench.ui.wire.timing import TimingSection, gauge, stages


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("a\r\nb", "a␍\nb"),
        ("a  \nb ", "a··\nb·"),
        ("a  \r\nb", "a··␍\nb"),
        ("\ta\tb", "→   a→   b"),
        ("a\u200bb\u2028", "a⟨U+200B⟩b⟨U+2028⟩"),
        ("a  b", "a  b"),
        (" " * 200_000 + "x", " " * 200_000 + "x"),
    ],
)
def test_what_the_eye_would_miss_has_a_sign(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("event: a\ndata: \n\n", "event: a␊\ndata:·␊\n␊\n"),
        ("event: a\r\n\r\n", "event: a␍␊\n␍␊\n"),
        ("a\rb\r\r", "a␍\nb␍\n␍\n"),
    ],
)
def test_the_ends_of_lines_are_shown_whichever_they_are(text: str, expected: str) -> None:
    assert with_ends(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, "{}"),
        ([], "[]"),
        ("a", '"a"'),
        (
            {"model": "m", "n": [1, None, True], "empty": {}},
            '{\n  "model": "m",\n  "n": [\n    1,\n    null,\n    true\n  ],\n  "empty": {}\n}',
        ),
        (
            {"content": "one\r\n\ttwo  \nuser: {x}\n", "after": "a\tb "},
            '{\n  "content":\n    │ one␍\n    │ →   two··\n    │ user: {x}\n    │ \n  "after": "a\\tb "\n}',
        ),
    ],
)
def test_json_is_indented_and_its_texts_stand_line_by_line(value: object, expected: str) -> None:
    assert reading(json.dumps(value)) == expected


@given(st.recursive(st.text() | st.integers() | st.booleans() | st.none(), lambda inner: st.lists(inner, max_size=3)))
def test_nothing_in_the_reading_form_steers_a_terminal(value: object) -> None:
    found = reading(json.dumps(value))
    assert found is not None
    assert display(found) == found


def test_what_is_no_json_has_no_reading_form() -> None:
    assert reading("<html>") is None


def test_the_colours_of_json_are_in_order_and_apart() -> None:
    text = '{\n  "a": "b \\" c",\n  "d":\n    │ "not": a name\n  "e": -1.5e3, true\n}'
    spans = list(json_spans(text))
    assert [text[first:last] for first, last, _ in spans] == [
        *('"a"', '"b \\" c"', '"d"', "│", ' "not": a name', '"e"', "-1.5e3", "true"),
    ]
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


@pytest.mark.parametrize(
    ("gap", "linear", "expected"),
    [
        (0.0, False, ""),
        (1.0, False, "████████"),
        (0.001, False, ""),
        (0.0316, False, "████"),
        (0.5, True, "████"),
        (0.016, True, "▏"),
        (0.001, True, ""),
    ],
)
def test_a_gap_is_a_bar_against_the_longest(gap: float, linear: bool, expected: str) -> None:
    assert bar(gap, 1.0, linear=linear) == expected


def test_every_run_of_time_has_its_sign() -> None:
    found = stages(Timings(connect_s=0.1, first_byte_s=0.4, first_token_s=0.5, total_s=1.0))
    assert [(each.name, round(each.seconds, 3)) for each in found] == [
        ("connect", 0.1),
        ("first byte", 0.3),
        ("first token", 0.1),
        ("answer", 0.5),
    ]
    assert gauge(found, 20).plain == "░░▒▒▒▒▒▒▓▓██████████"
    assert gauge(found, 2).plain == ""


@pytest.mark.parametrize(
    ("timings", "expected"),
    [
        (Timings(), []),
        (Timings(total_s=0.5), ["end"]),
        (Timings(connect_s=0.2, total_s=0.1), ["connect", "end"]),
        (Timings(first_byte_s=1.0, total_s=2.0), ["first byte", "end"]),
    ],
)
def test_what_is_not_known_is_left_out(timings: Timings, expected: list[str]) -> None:
    assert [each.name for each in stages(timings)] == expected
    assert all(each.seconds >= 0 for each in stages(timings))


def test_a_run_that_was_not_timed_says_so() -> None:
    section = TimingSection(RunRecord(), ())
    assert section.note == "not measured"
    assert section.layout(80) == 0


def test_copied_times_have_their_names() -> None:
    record = RunRecord(timings=Timings(first_token_s=0.5, total_s=1.25))
    assert TimingSection(record, ()).exact == "first_token 0.500000s\ntotal 1.250000s\n"


@given(st.text(max_size=300), st.integers(4, 40))
def test_the_rows_of_a_text_hold_all_of_it(text: str, width: int) -> None:
    made = TextSection("body", "", shown(text), text)
    count = made.layout(width)
    drawn = "".join(made.draw(row, width).plain[2:] for row in range(count))
    assert drawn.replace("·", " ") == made.text.replace("\n", "").replace("·", " ")


def test_a_match_is_found_in_the_row_that_shows_it() -> None:
    made = TextSection("body", "", "abcdefghij" * 3, "")
    made.layout(12)
    (first, *_), rows = [*made.find(re.compile("ij"))], made.layout(12)
    assert rows == 3
    assert made.reveal(first) == 0
    assert [made.reveal(each) for each in made.find(re.compile("ij"))] == [0, 1, 2]


BODY = (
    b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,'
    b'"delta":{"type":"text_delta","text":"a\\nb"}}\n\n'
)


def test_events_open_and_close_and_are_copied_whole() -> None:
    section = EventSection(arrivals([(0.5, BODY), (0.75, b": quiet\n\nevent: cut")]))
    assert section.layout(80) == 3
    assert section.draw(1, 80).plain.startswith("    +0.750s")
    assert "comment" in section.draw(1, 80).plain
    assert "cut here" in section.draw(2, 80).plain
    assert section.toggle(0)
    assert section.layout(80) > 4
    assert section.draw(1, 80).plain == "    event: content_block_delta␊"
    assert section.exact.encode() == BODY + b": quiet\n\nevent: cut"
    assert said(section.arrivals[0]) == '0 text "a\\nb"'
    assert section.toggle(0)
    assert section.layout(80) == 3


def test_a_stream_without_events_has_none() -> None:
    section = EventSection(())
    assert section.layout(80) == 0
    assert section.note == "none came"


def test_what_was_odd_about_a_stream_has_a_section_of_its_own() -> None:
    wire = Wire(url="http://h", status=200, oddities=["unknown event a\x1b[2J", "block 0 stopped twice"])
    odd = of_wire(RunRecord(), wire)[-1]
    assert isinstance(odd, TextSection)
    assert (odd.title, odd.note) == ("oddities", "2")
    assert odd.exact == "unknown event a\x1b[2J\nblock 0 stopped twice\n"
    assert [each.title for each in of_wire(RunRecord(), Wire(url="http://h", status=200))][-1] == "events"


def test_long_base64_is_folded_where_it_is_read_and_whole_where_it_is_copied() -> None:
    body = b'{"messages":[{"data":"' + b"iVBO" * 500_000 + b'"},{"data":"' + b"x" * 999 + b'"}]}'
    for exact in (True, False):
        found = of_wire(RunRecord("r1"), Wire(request_body=body), exact=exact)
        section = next(each for each in found if each.title == "body")
        assert isinstance(section, TextSection)
        assert section.exact == body.decode()
        assert "2 000 000 characters of base64" in section.text
        assert "x" * 999 in section.text
        assert section.layout(80) < 40
        assert "base64 is folded" in section.note
