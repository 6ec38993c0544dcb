"""The evidence is complete and true: each row has its tests, each protection stands where it is quoted."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Sequence

import pytest

from tests.faults import report
from tests.faults.gathered import PROTECTIONS, REASONS, ROOT
from tests.faults.plugin import function_of, rows_of
from tests.faults.protection import Protection
from tests.faults.rows import ROWS
from tests.faults.running import marked
from tests.faults.tree import without


def marks(request: pytest.FixtureRequest) -> dict[str, set[report.Function]]:
    """The marked tests of each row; skips the test that asks where not all of them were collected."""
    items = request.session.items
    option = request.config.option
    partial = option.keyword or option.markexpr or option.deselect or any("::" in each for each in request.config.args)
    if partial or not set(marked(ROOT)) <= {item.nodeid.partition("::")[0] for item in items}:
        pytest.skip("only a run of all tests sees all marks")
    found: defaultdict[str, set[report.Function]] = defaultdict(set)
    for item in items:
        for row in rows_of(item):
            found[row].add(function_of(item.nodeid))
    return found


def written() -> dict[str, Sequence[str]]:
    return report.cells(report.REPORT.read_text("utf-8"))


def test_marks_name_rows_that_exist(request: pytest.FixtureRequest) -> None:
    wrong = {(item.nodeid, row) for item in request.session.items for row in rows_of(item) if row not in ROWS}
    assert not wrong


def test_every_row_has_a_test_or_a_reason(request: pytest.FixtureRequest) -> None:
    found = marks(request)
    assert [row for row in ROWS if row not in found and row not in REASONS] == []


def test_every_row_can_be_taken_out_or_says_why_not() -> None:
    protected = {row for each in PROTECTIONS for row in each.rows}
    assert [row for row in ROWS if row not in protected and row not in REASONS] == []


@pytest.mark.parametrize("protection", PROTECTIONS, ids=lambda each: f"{','.join(each.rows)}-{each.file}")
def test_a_protection_is_there_once_and_leaves_a_program_when_it_is_gone(protection: Protection) -> None:
    assert protection.rows
    assert [row for row in protection.rows if row not in ROWS] == []
    before = (ROOT / "workbench" / protection.file).read_text("utf-8")
    after = without(before, protection)
    assert after != before
    if protection.file.endswith(".py"):
        assert ast.dump(ast.parse(after)) != ast.dump(ast.parse(before))


def test_the_report_names_the_tests_that_are_marked(request: pytest.FixtureRequest) -> None:
    found = marks(request)
    said = {row: line[4] for row, line in written().items()}
    assert said == {row: report.tests_cell(found.get(row, ())) or "–" for row in ROWS}


def test_the_report_has_all_rows_in_order_and_no_bad_result() -> None:
    lines = written()
    assert list(lines) == list(ROWS)
    assert [list(line[:4]) for line in lines.values()] == [report.facts(row) for row in ROWS.values()]
    assert [row for row, line in lines.items() if "**" in "".join(line[4:])] == []


def test_the_report_names_what_can_be_taken_out() -> None:
    said = {row: line[6] for row, line in written().items()}
    out: dict[str, list[tuple[Protection, str]]] = {row: [] for row in ROWS}
    for each in PROTECTIONS:
        for row in each.rows:
            out[row].append((each, ""))
    assert said == {row: report.taken_cell(out[row], REASONS.get(row)) for row in ROWS}
