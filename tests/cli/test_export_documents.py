"""`workbench export --as markdown | csv | csv-exact`: what a session holds, on standard output."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.conftest import Program, Served
from workbench.core.exports.cells import GUARDED
from workbench.core.exports.documents import DOCUMENTS

SESSION = """\
[session]
title = "refunds"
[params]
model = "claude-haiku-4-5"
max_tokens = 5
[[lanes]]
id = "A"
[[lanes]]
id = "B"
params = { temperature = 0.5 }
"""


@pytest.fixture
def asked(program: Program, served: Served) -> Path:
    """A session in which both lanes were asked."""
    file = Path("s.toml")
    file.write_text(SESSION)
    assert program("run", file, "--prompt", "=1+1 <b>").status == 0
    assert len(served.simulator.received) == 2
    return file


@pytest.mark.fault("E03")
def test_the_runs_are_a_table_whose_head_says_what_was_led(program: Program, asked: Path) -> None:
    guarded = [*csv.DictReader(program("export", asked, "--as", "csv").out.splitlines())]
    exact = [*csv.DictReader(program("export", asked, "--as", "csv-exact").out.splitlines())]
    assert [line["lane"] for line in guarded] == ["A", "B"]
    assert [(line["prompt"], line[GUARDED]) for line in guarded] == [("'=1+1 <b>", "prompt")] * 2
    assert [line["prompt"] for line in exact] == ["=1+1 <b>"] * 2
    assert not any(GUARDED in line for line in exact)
    one = [*csv.DictReader(program("export", asked, "--as", "csv", "--lane", "B").out.splitlines())]
    assert one == guarded[1:]


@pytest.mark.fault("E04")
def test_the_conversations_are_a_document(program: Program, asked: Path) -> None:
    made = program("export", asked, "--as", "markdown").out
    assert made.count("```text\n=1+1 <b>\n```") == 2
    assert "## Lane `A`" in made
    assert "- `temperature`: `0.5`" in made
    assert "## Lane `A`" not in program("export", asked, "--as", "markdown", "--lane", "B").out


@pytest.mark.parametrize("form", DOCUMENTS)
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "needs a FILE"),
        (("none.toml",), "there is no such file"),
        (("s.toml", "--prompt", "hi"), "leave --prompt, --attach, --system, --set and --var out"),
        (("s.toml", "--set", "max_tokens=1"), "leave --prompt"),
        (("s.toml", "--lane", "Z"), "there is no lane 'Z'"),
    ],
)
def test_a_document_is_of_a_session_as_it_is(program: Program, form: str, words: tuple[str, ...], said: str) -> None:
    Path("s.toml").write_text(SESSION)
    result = program("export", *words, "--as", form)
    assert (result.status, result.out) == (2, "")
    assert said in result.err


def test_a_form_that_does_not_exist_names_those_that_do(program: Program) -> None:
    assert "did you mean markdown?" in program("export", "--as", "markdwon").err
    assert "csharp, php, curl, json, markdown, csv" in program("export", "--as", "q").err
