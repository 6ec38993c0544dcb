"""The evidence as a table: a line for each fault."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from tests.faults.gathered import ROOT
from tests.faults.plugin import COLLECTED
from tests.faults.protection import Protection
from tests.faults.rows import ROWS, Row

REPORT: Final = ROOT / "tests" / "FAULTS.md"
COLUMNS: Final = ("id", "what goes wrong", "the run ends as", "what the user gets", "tests", "result", "without it")
MANY: Final = 3
"""So many tests of a file are named, more are counted."""
HEAD: Final = """\
# Faults, and what shows that each ends well

Written by `python -m tests.faults`. It runs the tests that are marked with a row's id, then takes each protection out
of a copy of the program and demands that a test of the row fails. *Without it* names what was taken out, file and place
below `workbench/`, and whether the tests noticed. `python -m tests.faults S03 F01 --write` does two rows.

"""
Function = tuple[str, str]
"""A file below `tests/`, and the name of a test in it."""


def table(lines: Iterable[Sequence[str]]) -> str:
    """The whole document."""
    head = [COLUMNS, ["---"] * len(COLUMNS)]
    return HEAD + "".join(f"| {' | '.join(cells)} |\n" for cells in [*head, *lines])


def cells(text: str) -> dict[str, Sequence[str]]:
    """The document's lines again, by the row's id."""
    lines: Iterable[Sequence[str]] = (
        line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")
    )
    return {line[0]: line for line in lines if line[0] in ROWS}


def facts(row: Row) -> list[str]:
    """The first cells of a row: what does not depend on a test."""
    return [row.id, row.fault, f"`{row.end}`" if row.end else "–", row.gets]


def tests_cell(functions: Iterable[Function]) -> str:
    """The tests of a row, by file."""
    files: defaultdict[str, list[str]] = defaultdict(list)
    for file, name in sorted(set(functions)):
        files[file].append(name)
    return "; ".join(
        f"`{file}`: " + (", ".join(f"`{name}`" for name in names) if len(names) <= MANY else f"{len(names)} tests")
        for file, names in files.items()
    )


def result_cell(functions: Mapping[Function, set[str]]) -> str:
    """How the tests of a row ended, in a word."""
    ends = set().union(*functions.values()) if functions else set()
    if not ends:
        return "no test"
    if "failed" in ends:
        return "**fails**: " + ", ".join(
            sorted(f"`{name}`" for (_, name), ends in functions.items() if "failed" in ends)
        )
    if ends == {COLLECTED}:
        return "left out"
    return "passes" if "passed" in ends else "**not run here**"


def taken_cell(protections: Sequence[tuple[Protection, str]], reason: str | None) -> str:
    """What was taken out for a row, and what came of it: "" where it was noticed."""
    places = Counter((place(each), problem) for each, problem in protections)
    found = [
        f"{name}{f' ({times}×)' if times > 1 else ''}{f': **{problem}**' if problem else ''}"
        for (name, problem), times in places.items()
    ]
    good = ": noticed" if found and not any(problem for _, problem in places) else ""
    return "; ".join([*([", ".join(found) + good] if found else []), *([reason] if reason else [])]) or "**nothing**"


def place(protection: Protection) -> str:
    """Where a protection stands: its file, and the function, class or name that it belongs to."""
    path = ROOT / "workbench" / protection.file
    text = path.read_text("utf-8")
    at = text.find(protection.code)
    start = at + len(protection.code) - len(protection.code.lstrip())
    line = text.count("\n", 0, start) + 1
    inside = _names(path, path.stat().st_mtime_ns).get(line, "") if path.suffix == ".py" and at >= 0 else ""
    return f"`{protection.file}`" + (f" `{inside}`" if inside else "")


@cache
def _names(path: Path, _version: int) -> Mapping[int, str]:
    """For each line of a module, the innermost thing with a name that it is part of."""
    found: dict[int, str] = {}

    def walk(body: Iterable[ast.stmt], outside: str) -> None:
        for node in body:
            name = _name(node)
            if name is None:
                continue
            whole = f"{outside}.{name}" if outside else name
            first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
            found.update(dict.fromkeys(range(first, (node.end_lineno or first) + 1), whole))
            if isinstance(node, ast.ClassDef):
                walk(node.body, whole)

    walk(ast.parse(path.read_text("utf-8")).body, "")
    return found


def _name(node: ast.stmt) -> str | None:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name), *_]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return None
