"""The tests of some rows, run in a process of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.faults.plugin import function_of

LONGER: Final = 6
STARTING_S: Final = 60.0
UNKNOWN_S: Final = 600.0
WHOLE_S: Final = 1800.0
"""For all tests as they are: one that never ends is not to hold up the report."""
"""Tests without their protection have so many times as long as with it, and this: what is held up longer has failed."""
MARK: Final = "mark.fault"


@dataclass(frozen=True, slots=True)
class Ended:
    """How the tests of a run ended."""

    tests: Sequence[Mapping[str, object]] = ()
    broken: Sequence[str] = ()
    """What could not even be loaded."""
    said: str = field(default="", repr=False)
    in_time: bool = True

    @property
    def files(self) -> Mapping[str, set[str]]:
        """The files with tests of a row."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for each in self.tests:
            for row in _rows(each):
                found[row].add(str(each["nodeid"]).partition("::")[0])
        return found

    def limit_s(self, rows: Collection[str]) -> float:
        """How long the tests of these rows may take where something was taken out."""
        took = sum(float(str(each["seconds"])) for each in self.tests if not set(rows).isdisjoint(_rows(each)))
        return STARTING_S + LONGER * took if took else UNKNOWN_S

    @property
    def failed(self) -> Mapping[str, str]:
        """One test that failed, by row."""
        found: dict[str, str] = {}
        for each in self.tests:
            if each["outcome"] == "failed":
                for row in _rows(each):
                    found.setdefault(row, str(each["nodeid"]))
        return found

    @property
    def functions(self) -> Mapping[str, Mapping[tuple[str, str], set[str]]]:
        """By row and test function, the outcomes."""
        found: defaultdict[str, defaultdict[tuple[str, str], set[str]]] = defaultdict(lambda: defaultdict(set))
        for each in self.tests:
            for row in _rows(each):
                found[row][function_of(str(each["nodeid"]))].add(str(each["outcome"]))
        return found


def _rows(test: Mapping[str, object]) -> Sequence[str]:
    rows = test["rows"]
    assert isinstance(rows, list)
    return rows


def marked(tree: Path) -> list[str]:
    """The files that have marked tests."""
    found = sorted((tree / "tests").rglob("test_*.py"))
    return [path.relative_to(tree).as_posix() for path in found if MARK in path.read_text("utf-8")]


def run(
    tree: Path, rows: Collection[str], files: Collection[str], options: Sequence[str] = (), limit_s: float | None = None
) -> Ended:
    """Run those tests of the files that are marked with one of the rows."""
    with TemporaryDirectory(prefix="faults-") as folder:
        report = Path(folder) / "report.json"
        words = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--tb=line",
            "-p",
            "tests.faults.plugin",
        ]
        words += [f"--fault-rows={','.join(rows)}", f"--fault-report={report}", *options, *files]
        environ = {**os.environ, "PYTHONPATH": str(tree), "TMPDIR": folder}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        process = subprocess.Popen(
            words,
            cwd=tree,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        try:
            said, _ = process.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            return Ended(in_time=False)
        finally:
            _end(process)
        if not report.exists():
            return Ended(broken=["pytest itself"], said=said)
        found = json.loads(report.read_text("utf-8"))
        return Ended(found["tests"], found["broken"], said)


def _end(process: subprocess.Popen[str]) -> None:
    """Whatever the tests left running in their own session goes with them."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()
