"""The house rules: style, types, who imports whom, packaging; and what README, CHANGELOG and code say of each other."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path
from statistics import median
from typing import Any, Final
from zipfile import ZipFile

import pytest

import workbench

ROOT: Final = Path(__file__).parent.parent
CORE: Final = ROOT / "workbench" / "core"
LONGEST: Final = 300
MEDIAN: Final = 100
SOURCES: Final = sorted((ROOT / "workbench").rglob("*.py"))
TESTS: Final = sorted((ROOT / "tests").rglob("*.py"))
TEXTS: Final = (
    *SOURCES,
    *TESTS,
    *sorted((ROOT / "themes").glob("*.toml")),
    *sorted(ROOT.rglob("workbench/**/*.tcss")),
    *sorted(ROOT.glob("*.md")),
    ROOT / "pyproject.toml",
    ROOT / ".ci" / "run",
)
TOOLS: Final = {
    "ruff finds no fault": ("ruff", "check", "--no-fix", "."),
    "ruff has formatted it": ("ruff", "format", "--check", "."),
    "the types are right": ("mypy",),
    "imports go one way": ("lint-imports", "--no-cache"),
}
ONLY: Final = {
    "httpx": "engine/client.py",
    "textual": "ui/",
    "rich": "ui/",
    "pyperclip": "ui/",
    "markdown_it": "ui/",
    "pygments": "ui/",
    "h11": "simulator/",
    "tomli": "engine/",
    "tomli_w": "engine/",
    "platformdirs": "engine/",
    "dotenv": "engine/",
}
"""Where each library may be imported, deferred and type-only imports too."""
PROGRAM: Final = re.compile(r"^import \w", re.MULTILINE)
UNFINISHED: Final = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def project() -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return table


def expect_none(found: Iterable[str]) -> None:
    lines = list(found)
    assert not lines, "\n" + "\n".join(lines)


@cache
def imports(path: Path) -> set[str]:
    """The top-level names of all absolute imports, wherever in the file they stand."""
    return imported(path.read_text("utf-8"), programs=not path.is_relative_to(CORE))


def imported(code: str, *, programs: bool) -> set[str]:
    """The same of a text, and of the strings in it that are `programs` for another process."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
        elif programs and isinstance(node, ast.Constant) and PROGRAM.search(str(node.value)):
            with suppress(SyntaxError):
                found |= imported(str(node.value), programs=False)
    return found


@pytest.mark.parametrize("command", TOOLS.values(), ids=TOOLS)
def test_tools_have_nothing_to_say(command: tuple[str, ...]) -> None:
    program = Path(sysconfig.get_path("scripts")) / command[0]
    done = subprocess.run([program, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_stay_small() -> None:
    lines = {relative(path): len(path.read_text("utf-8").splitlines()) for path in TEXTS if path.suffix != ".md"}
    expect_none(f"{path}: {count} lines" for path, count in lines.items() if count > LONGEST)
    assert median(lines[relative(path)] for path in SOURCES) < MEDIAN


def test_nothing_is_left_for_later() -> None:
    expect_none(
        f"{relative(path)}:{number}: {line.strip()}"
        for path in TEXTS
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    )


def test_only_the_standard_library_in_core() -> None:
    allowed = {*sys.stdlib_module_names, "workbench"} - {"asyncio", "os", "pathlib", "random", "socket", "time"}
    core = [path for path in SOURCES if path.is_relative_to(CORE)]
    expect_none(f"{relative(path)}: {name}" for path in core for name in imports(path) - allowed)


@pytest.mark.parametrize("library", ONLY)
def test_a_library_has_one_place(library: str) -> None:
    users = [path.relative_to(ROOT / "workbench").as_posix() for path in SOURCES if library in imports(path)]
    assert users, f"nothing imports {library}"
    expect_none(path for path in users if not path.startswith(ONLY[library]))


def test_whatever_is_imported_is_declared() -> None:
    ours = {*sys.stdlib_module_names, "workbench"}
    foreign = set().union(*map(imports, SOURCES)) - ours
    declared = {re.split(r"[^\w.-]", line)[0].lower().replace("_", "-") for line in project()["dependencies"]}
    of_module = packages_distributions()
    names = {name: {each.lower().replace("_", "-") for each in of_module.get(name, [name])} for name in foreign}
    names.pop("rich", None)  # part of Textual's own interface: strips are made of its segments
    expect_none(f"{name} is imported and not declared" for name, found in names.items() if not found & declared)
    expect_none(f"{name} is declared and not imported" for name in declared - set().union(*names.values()))


def test_one_version_everywhere() -> None:
    heads = re.findall(r"^## \[?(\d+\.\d+\.\d+)\b", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert [project()["version"], heads[0]] == [workbench.__version__] * 2


def test_the_readme_sets_up_with_two_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    blocks = [
        re.search(rf"^#+ {heading} *\n(?:(?!#).*\n)*?```.*\n((?:(?!```).*\n)*)```", text, re.MULTILINE)
        for heading in ("Run it", "Test it")
    ]
    commands = [found[1] for found in blocks if found]
    assert [command.count("\n") for command in commands] == [1, 1]
    assert [command.strip() for command in commands] == [line for line in text.splitlines() if "pip install" in line]
    assert commands[0].strip().endswith("workbench")
    assert commands[1].strip().endswith("pytest")


def test_the_wheel_holds_what_the_program_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = import_module("hatchling.build")
    monkeypatch.chdir(ROOT)
    with ZipFile(tmp_path / build.build_wheel(str(tmp_path))) as wheel:
        packed = set(wheel.namelist())
    sheets = {relative(path) for path in TEXTS if path.suffix == ".tcss"}
    themes = {f"workbench/{relative(path)}" for path in TEXTS if path.parent.name == "themes"}
    assert sheets
    assert themes
    expect_none(({relative(path) for path in SOURCES} | sheets | themes) - packed)
    expect_none(name for name in packed if not name.startswith(("workbench/", "claude_workbench-")))


def test_every_test_can_fail() -> None:
    """A test asserts, expects an exception, or calls something of the tests that does."""
    functions: list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]] = [
        (relative(path), node)
        for path in TESTS
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    checking = {"raises", "warns"}
    while True:
        found = {node.name for _, node in functions if checks(node, checking)}
        if found <= checking:
            break
        checking |= found
    tests = [(path, node.name) for path, node in functions if node.name.startswith("test_")]
    assert len(tests) > len(TESTS), "hardly a test was found"
    expect_none(f"{path}: {name} asserts nothing" for path, name in tests if name not in checking)


def checks(function: ast.FunctionDef | ast.AsyncFunctionDef, checking: set[str]) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in checking:
                return True
    return False


def test_it_runs_on_the_python_that_is_promised() -> None:
    assert sys.version_info >= tuple(map(int, re.findall(r"\d+", project()["requires-python"])))
