"""A plugin for pytest: runs only the tests of some faults, and writes down how each of them ended."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pytest

PROPERTY: Final = "faults"
COLLECTED: Final = "collected"
"""The outcome of a test that was only looked for."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """What the runner asks for."""
    parser.addoption("--fault-rows", default="", help="ids, separated by commas")
    parser.addoption("--fault-report", default="", help="the file for the outcomes")
    parser.addoption("--fault-order", default="", help="outcomes of an earlier run: quick ones first, none that failed")
    parser.addoption("--fault-until", action="store_true", help="stop when each row has a test that fails")


def pytest_configure(config: pytest.Config) -> None:
    """Where the tests run on several workers, only the one that sees them all keeps the outcomes."""
    if config.getoption("--fault-report") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Outcomes(config), "fault-outcomes")


def rows_of(item: pytest.Item) -> list[str]:
    """The rows that a test is marked with, each once."""
    return list(dict.fromkeys(str(row) for mark in item.iter_markers("fault") for row in mark.args))


def function_of(nodeid: str) -> tuple[str, str]:
    """A test's file below `tests/` and its name there, without its parameters."""
    path, _, name = nodeid.partition("[")[0].partition("::")
    return path.removeprefix("tests/"), name.replace("::", ".")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of the wanted rows."""
    wanted = set(config.getoption("--fault-rows").split(","))
    order = config.getoption("--fault-order")
    before = json.loads(Path(order).read_text("utf-8"))["tests"] if order else []
    failed = {each["nodeid"] for each in before if each["outcome"] == "failed"}
    seconds = {each["nodeid"]: each["seconds"] for each in before}
    kept = [item for item in items if item.nodeid not in failed and not wanted.isdisjoint(rows_of(item))]
    for item in kept:
        item.user_properties.append((PROPERTY, rows_of(item)))
    kept.sort(key=lambda item: seconds.get(item.nodeid, 0.0))
    chosen = set(kept)
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = kept


class Outcomes:
    """How the tests ended, and which of the rows have not failed yet."""

    def __init__(self, config: pytest.Config) -> None:
        self.path = Path(config.getoption("--fault-report"))
        self.until = bool(config.getoption("--fault-until"))
        self.left = set(config.getoption("--fault-rows").split(","))
        self.tests: list[dict[str, object]] = []
        self.broken: list[str] = []
        self.session: pytest.Session | None = None

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """What can be told to stop."""
        self.session = session

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Where nothing is run, what would have been."""
        if session.config.option.collectonly:
            self.tests = [
                {"nodeid": each.nodeid, "rows": rows_of(each), "outcome": COLLECTED, "seconds": 0.0}
                for each in session.items
            ]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that can't even be loaded shows nothing about a fault."""
        if report.failed:
            self.broken.append(report.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep an outcome; a test that passes has one, a test that fails at its end has two."""
        if report.when != "call" and report.passed:
            return
        rows = _rows(report.user_properties)
        self.tests.append(
            {"nodeid": report.nodeid, "rows": rows, "outcome": report.outcome, "seconds": report.duration}
        )
        if report.failed:
            self.left.difference_update(rows)
        if self.until and not self.left and self.session is not None:
            self.session.shouldstop = "every row has a test that fails"

    def pytest_sessionfinish(self) -> None:
        """Write them down."""
        self.path.write_text(json.dumps({"tests": self.tests, "broken": self.broken}), "utf-8")


def _rows(properties: Iterable[tuple[str, object]]) -> list[str]:
    return next((list(map(str, rows)) for name, rows in properties if name == PROPERTY and isinstance(rows, list)), [])
