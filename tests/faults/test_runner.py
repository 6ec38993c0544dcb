"""The runner itself: a protection that no test misses is told from one that is missed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.faults import report
from tests.faults.gathered import ROOT
from tests.faults.protection import Protection
from tests.faults.running import marked, run
from tests.faults.tree import taken_out

PROGRAM = "def half(number: int) -> int:\n    if number < 0:\n        return 0\n    return number // 2\n"
TESTS = """\
import pytest

from workbench.half import half


@pytest.mark.fault("S01")
def test_half_of_less_than_nothing():
    assert half(-4) == 0


@pytest.mark.fault("S02")
def test_half():
    assert half(4) == 2
"""
FOUND = Protection(("S01", "S02"), "half.py", "    if number < 0:\n        return 0\n", "")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A program of one function, with two tests."""
    found = tmp_path / "tree"
    shutil.copytree(ROOT / "tests" / "faults", found / "tests" / "faults")
    (found / "workbench").mkdir()
    (found / "workbench" / "__init__.py").write_text("")
    (found / "workbench" / "half.py").write_text(PROGRAM)
    (found / "tests" / "__init__.py").write_text("")
    (found / "tests" / "test_half.py").write_text(TESTS)
    (found / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\nmarkers = ["fault(row)"]\nasyncio_mode = "auto"\n'
    )
    return found


def test_tests_that_miss_a_protection_are_told_from_those_that_do_not(tree: Path) -> None:
    assert "tests/test_half.py" in marked(tree)
    with taken_out(tree, FOUND):
        ended = run(tree, FOUND.rows, ["tests/test_half.py"], ["-n", "0", "--fault-until"])
    assert ended.failed == {"S01": "tests/test_half.py::test_half_of_less_than_nothing"}, ended.said
    assert ended.functions["S02"] == {("test_half.py", "test_half"): {"passed"}}
    assert (tree / "workbench" / "half.py").read_text() == PROGRAM


@pytest.mark.parametrize("code", ["number", "numbers"])
def test_what_is_not_there_once_can_not_be_taken_out(tree: Path, code: str) -> None:
    with pytest.raises(ValueError, match="times, not once"), taken_out(tree, Protection(("S01",), "half.py", code, "")):
        pass
    assert (tree / "workbench" / "half.py").read_text() == PROGRAM


def test_many_tests_of_a_file_are_counted_and_few_are_named() -> None:
    many = [("a.py", f"test_{number}") for number in range(4)]
    assert report.tests_cell([*many, ("b.py", "test_x")]) == "`a.py`: 4 tests; `b.py`: `test_x`"


def test_a_result_that_is_no_evidence_stands_out() -> None:
    assert report.result_cell({}) == "no test"
    assert report.result_cell({("a.py", "test_x"): {"passed"}, ("a.py", "test_y"): {"skipped"}}) == "passes"
    assert report.result_cell({("a.py", "test_x"): {"passed", "failed"}}) == "**fails**: `test_x`"
    assert report.result_cell({("a.py", "test_x"): {"skipped"}}) == "**not run here**"
    place = Protection(("E01",), "core/exports/curl.py", "def write(", "def wrote(")
    assert report.taken_cell([(place, "")], None) == "`core/exports/curl.py` `write`: noticed"
    assert report.taken_cell([(place, "not noticed")], "why") == "`core/exports/curl.py` `write`: **not noticed**; why"
    assert report.taken_cell([], None) == "**nothing**"
