"""`python -m tests.faults`: run the tests of each fault, then again without what protects from it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import TextIO

from tests.faults import report
from tests.faults.gathered import PROTECTIONS, REASONS, ROOT
from tests.faults.protection import Protection
from tests.faults.rows import ROWS
from tests.faults.running import WHOLE_S, Ended, marked, run
from tests.faults.tree import copied, taken_out


def main(words: Sequence[str] | None = None) -> int:
    """Print what was seen; a run over all rows writes tests/FAULTS.md too. 1 where anything is missing."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help="only these; all without any")
    parser.add_argument("--write", action="store_true", help="bring these rows of tests/FAULTS.md up to date")
    parser.add_argument("--without-only", action="store_true", help="leave out the run with every protection in place")
    parser.add_argument(
        "--lacking", action="store_true", help="only say which rows have no test, or nothing to take out"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2, metavar="N", help="so many at once")
    options = parser.parse_args(words)
    if unknown := [each for each in options.rows if each not in ROWS]:
        parser.error(f"no such row: {', '.join(unknown)}")
    rows = [row for row in ROWS if row in options.rows or not options.rows]
    if options.lacking:
        return _lacking(rows)
    with TemporaryDirectory(prefix="faults-") as folder:
        tree = copied(ROOT, Path(folder) / "tree")
        how = ["--collect-only", "-n", "0"] if options.without_only else ["-n", str(options.jobs)]
        ended = run(tree, rows, marked(tree), how, WHOLE_S)
        if not ended.in_time:
            _say(sys.stderr, f"the tests as they are had not ended after {WHOLE_S:.0f} s")
            return 1
        order = Path(folder) / "order.json"
        order.write_text(json.dumps({"tests": ended.tests}), "utf-8")
        _tell_broken(ended)
        taken = _without(tree, rows, ended, order, options.jobs)
    lines = _lines(rows, ended, taken)
    bad = [line for line in lines if "**" in "".join(line[4:]) or line[5] == "no test"]
    if (options.write or not options.rows) and not options.without_only:
        before = report.cells(report.REPORT.read_text("utf-8")) if options.rows else {}
        now = {**before, **{line[0]: line for line in lines}}
        report.REPORT.write_text(report.table(now[row] for row in ROWS if row in now), "utf-8")
    for line in bad if not options.rows else lines:
        _say(sys.stdout, " | ".join([line[0], *line[4:]]))
    _say(
        sys.stdout,
        f"{len(lines) - len(bad)} of {len(lines)} rows are shown, {len(taken)} times with something taken out",
    )
    return 1 if bad else 0


def _lacking(rows: Sequence[str]) -> int:
    ended = run(ROOT, rows, marked(ROOT), ["--collect-only", "-n", "0"])
    _tell_broken(ended)
    protected = {row for each in PROTECTIONS for row in each.rows}
    untested = [row for row in rows if row not in ended.functions and row not in REASONS]
    bare = [row for row in rows if row not in protected and row not in REASONS]
    _say(sys.stdout, f"without a test: {' '.join(untested) or 'none'}")
    _say(sys.stdout, f"nothing to take out: {' '.join(bare) or 'none'}")
    return 1 if untested or bare or ended.broken else 0


def _say(where: TextIO, line: str) -> None:
    where.write(line + "\n")
    where.flush()


def _tell_broken(ended: Ended) -> None:
    for each in ended.broken:
        _say(sys.stderr, f"can't be loaded: {each}\n{ended.said}")
    for test in ended.tests:
        if test["outcome"] == "failed":
            _say(sys.stderr, f"fails as it is: {test['nodeid']}")


def _without(
    tree: Path, rows: Sequence[str], ended: Ended, order: Path, jobs: int
) -> list[tuple[Protection, Mapping[str, str]]]:
    """Each protection with what is wrong, by row: "" where its tests noticed that it was gone."""
    wanted = [each for each in PROTECTIONS if not set(rows).isdisjoint(each.rows)]
    trees: SimpleQueue[Path] = SimpleQueue()
    for number in range(jobs):
        trees.put(copied(tree, tree.with_name(f"tree-{number}")))

    def one(protection: Protection) -> tuple[Protection, Mapping[str, str]]:
        own = trees.get()
        try:
            found = _try(own, protection, [row for row in protection.rows if row in rows], ended, order)
        finally:
            trees.put(own)
        for row, problem in found.items():
            _say(sys.stderr, f"{row} without {report.place(protection)}: {problem or 'noticed'}")
        return protection, found

    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(one, wanted))


def _try(tree: Path, protection: Protection, rows: Sequence[str], ended: Ended, order: Path) -> Mapping[str, str]:
    files = sorted(set().union(*(ended.files.get(row, set()) for row in rows)))
    if not files:
        return dict.fromkeys(rows, "no test")
    how = ["-n", "0", "--fault-until", f"--fault-order={order}"]
    try:
        with taken_out(tree, protection):
            found = run(tree, rows, files, how, ended.limit_s(rows))
    except (ValueError, OSError) as error:
        return dict.fromkeys(rows, str(error))
    if not found.in_time:
        return dict.fromkeys(rows, "")
    if found.broken:
        return dict.fromkeys(rows, f"could not be loaded: {', '.join(found.broken)}")
    return {row: "" if row in found.failed else "not noticed" for row in rows}


def _lines(
    rows: Sequence[str], ended: Ended, taken: Sequence[tuple[Protection, Mapping[str, str]]]
) -> list[Sequence[str]]:
    lines: list[Sequence[str]] = []
    for row in rows:
        functions = ended.functions.get(row, {})
        outs = [(protection, found[row]) for protection, found in taken if row in found]
        result = report.result_cell(functions)
        reason = REASONS.get(row)
        lines.append(
            [
                *report.facts(ROWS[row]),
                report.tests_cell(functions) or "–",
                "see the reason" if result == "no test" and reason else result,
                report.taken_cell(outs, reason),
            ]
        )
    return lines


if __name__ == "__main__":
    sys.exit(main())
