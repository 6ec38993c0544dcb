"""The runs as a table: what a reader of CSV gets back, and what a spreadsheet doesn't get to compute."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.core.hostile import PROMPTS
from workbench.core.exports import cells
from workbench.core.record import RunRecord, Timings
from workbench.core.run_list import Row, rows_of
from workbench.core.session import Lane, Session
from workbench.core.state import State

FORMULAS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://127.0.0.1/?x="&A1,"more")',
    '=IMPORTXML(CONCAT("http://127.0.0.1/?v=", CONCATENATE(A2:E2)), "//a")',
    '=DDE("cmd";"/C calc";"x")',
    "+1+1",
    "+cmd|' /C calc'!A0",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "\x00=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "- a list\n- of two",
)
INNER = ('x",=1+1,"', 'x"\n=1+1,"', "x;=1+1", "x\r\n=1+1", "x\t=1+1", "'=1+1", '"=1+1"', "1-1", "a@b", "")
STARTS = tuple("=+-@\t\r\n＝＋－＠")


def row(text: str) -> Row:
    """A run that has the text in every cell where one can stand."""
    record = RunRecord(
        id=text, lane=text, model=text, stop_reason=text, endpoint=text, state=State.COMPLETE, params={"model": text}
    )
    return Row(record, prompt=text, answer=text, session=text)


def read(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table, newline="")))


@pytest.mark.fault("E03")
@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_as_a_formula_does_and_the_row_says_which_were_led(text: str) -> None:
    (found,) = read(cells.guarded([row(text)]))
    where = found.pop(cells.GUARDED).split()
    assert set(where) == {"session", "id", "lane", "endpoint", "model", "stop_reason", "prompt", "text"}
    assert all(found[name] == f"'{text}" for name in where)
    assert not any(cell.startswith(STARTS) or cell.strip().startswith(STARTS) for cell in found.values())


@pytest.mark.fault("E03")
@pytest.mark.parametrize("text", [*FORMULAS, *INNER])
def test_the_exact_table_has_every_cell_as_it_is_and_no_column_of_marks(text: str) -> None:
    (found,) = read(cells.exact([row(text)]))
    assert cells.GUARDED not in found
    assert found["text"] == found["prompt"] == found["model"] == text


@pytest.mark.fault("E03")
@pytest.mark.parametrize("text", INNER)
def test_what_is_no_formula_stays_and_can_not_leave_its_cell(text: str) -> None:
    (found,) = read(cells.guarded([row(text)]))
    assert found["text"] == text
    assert found[cells.GUARDED] == ""
    assert list(found) == [*cells.COLUMNS, cells.GUARDED]


@pytest.mark.fault("E03")
def test_every_hostile_prompt_comes_back_from_the_table() -> None:
    found = read(cells.guarded(map(row, PROMPTS)))
    assert len(found) == len(PROMPTS)
    for text, cell in zip(PROMPTS, found, strict=True):
        led = "text" in cell[cells.GUARDED].split()
        assert cell["text"] == ("'" if led else "") + text
        assert not cell["text"].startswith(STARTS)


def test_half_a_character_does_not_keep_the_table_from_being_written() -> None:
    assert "a\ufffdb" in cells.guarded([row("a\ud800b")]).encode().decode()


def test_a_run_is_a_line_of_what_is_known() -> None:
    record = RunRecord(
        id="r1",
        lane="A",
        parent="m1",
        endpoint="anthropic",
        state=State.INTERRUPTED,
        model="claude-haiku-4-5",
        usage={"input_tokens": 12, "cache_read_input_tokens": 30, "output_tokens": 4},
        cost_usd=Decimal("0.000012"),
        cost_basis="at_least",
        params={"model": "claude-haiku-4-5", "max_tokens": 5},
        started=datetime(2026, 11, 22, 14, 3, 11, tzinfo=UTC),
        attempts=2,
        timings=Timings(first_token_s=0.5, total_s=1.25),
    )
    session = Session(title="refunds").say(Lane(), "Why?", parent=None).finish(record, "Because")
    (found,) = read(cells.guarded(rows_of(session)))
    assert found == {
        "session": "refunds",
        "id": "r1",
        "lane": "A",
        "sweep": "",
        "repeat": "",
        "endpoint": "anthropic",
        "model": "claude-haiku-4-5",
        "parameters": '{"max_tokens": 5}',
        "variables": "",
        "state": "interrupted",
        "stop_reason": "",
        "input_tokens": "42",
        "cache_read_tokens": "30",
        "output_tokens": "4",
        "cost_usd": "0.000012",
        "cost_basis": "at_least",
        "started": "2026-11-22T14:03:11Z",
        "attempts": "2",
        "first_token_s": "0.5",
        "total_s": "1.25",
        "problem": "",
        "prompt": "Why?",
        "text": "Because",
        "led_by_quote_mark": "",
    }
