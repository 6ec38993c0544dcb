"""Bad usage and bad input: one sentence on standard error, nothing on standard output, exit status 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Program
from workbench import __version__

CASES = {
    "an unknown option": (["run", "--promt", "hi"], "did you mean --prompt?"),
    "an abbreviated option": (["run", "--repe", "2"], "did you mean --repeat?"),
    "two prompts": (["run", "--prompt", "a", "--prompt-file", "b"], "not allowed with"),
    "two endpoints": (["run", "--endpoint", "a", "--base-url", "b"], "not allowed with"),
    "an unknown key": (["run", "--prompt", "a", "--set", "temprature=1"], "did you mean temperature?"),
    "a setting without =": (["run", "--prompt", "a", "--set", "temperature"], "KEY=VALUE"),
    "a value of the wrong kind": (["run", "--prompt", "a", "--set", "max_tokens=many"], "takes a whole number"),
    "a word that is no choice": (["run", "--prompt", "a", "--set", "effort=huge"], "low, medium, high, xhigh or max"),
    "JSON with a mistake": (["run", "--prompt", "a", "--set", "tools=[{]"], "is not JSON"),
    "no repeats": (["run", "--prompt", "a", "--repeat", "0"], "from 1 to 1000"),
    "a repeat that is no number": (["run", "--prompt", "a", "--repeat", "x"], "whole number"),
    "a variable without =": (["run", "--prompt", "a", "--var", "x"], "NAME=VALUE"),
    "a variable that is no name": (["run", "--prompt", "a", "--var", "a b=1"], "is no name"),
    "an undefined variable": (["run", "--prompt", "{{who}}"], "{{who}} has no value"),
    "nothing to send": (["run"], "nothing to send"),
    "an empty prompt": (["run", "--prompt", ""], "the prompt is empty"),
    "a blank prompt": (["run", "--prompt", " \n"], "the prompt is empty"),
    "no such prompt file": (["run", "--prompt-file", "none.txt"], "no such file"),
    "a prompt that is no text": (["run", "--prompt", "a\udcff"], "not UTF-8"),
    "an unknown lane": (["run", "--prompt", "a", "--lane", "Z"], "there is no lane 'Z'; the session has A"),
    "an unknown endpoint": (["run", "--prompt", "a", "--endpoint", "simulater"], "did you mean simulator?"),
    "an address that is none": (["run", "--prompt", "a", "--base-url", "ftp://x"], "must begin with https://"),
    "a folder that isn't there": (["run", "none/a.toml", "--prompt", "a"], "there is no folder none"),
    "an export in no language": (["export", "--as", "pyton", "--prompt", "a"], "did you mean python?"),
    "an export without --as": (["export", "--prompt", "a"], "--as"),
    "the cost of nothing": (["cost"], "FILE"),
    "the cost of no file": (["cost", "none.toml"], "no such file"),
    "a port out of range": (["simulate", "--port", "70000"], "0 to 65535"),
    "a speed below zero": (["simulate", "--speed", "-1"], "tokens a second"),
    "limits that are none": (["simulate", "--limits", "5,6"], "such as 50,20000,4000"),
    "a fault of no kind": (["simulate", "--fault", "boom:1"], "no kind of fault"),
    "a rate above one": (["simulate", "--fault", "429:2"], "from 0 to 1"),
    "a mistyped command": (["modles"], "there is no file or command modles; did you mean models?"),
    "a mistyped command with its options": (["rnu", "--prompt", "hi"], "no file or command rnu; did you mean run?"),
    "a session that isn't there": (["run", "none.toml"], "none.toml: there is no such file"),
    "an export of no session": (["export", "none.toml", "--as", "curl"], "none.toml: there is no such file"),
    "the tokens of no session": (["count", "none.toml"], "none.toml: there is no such file"),
    "an export of an undefined variable": (["export", "--as", "json", "--prompt", "{{who}}"], "{{who}} has no value"),
    "an address with the API's path": (["run", "--prompt", "a", "--base-url", "https://h/v1"], "write https://h"),
    "a key that is like none": (["run", "--prompt", "a", "--set", "foo=1"], "the parameters are model, max_tokens,"),
    "a misplaced command": (["--theme", "paper", "models"], "the command goes first"),
    "a recording that isn't there": (["--replay", "none.sse"], "no such recording"),
    "help as a word": (["help"], "--help says"),
    "the screen without a terminal": ([], "needs a terminal"),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_usage_is_one_sentence_and_status_2(case: str, program: Program) -> None:
    words, sentence = CASES[case]
    result = program(*words)
    assert result.status == 2
    assert result.out == ""
    assert sentence in result.err
    assert result.err.startswith("workbench: ")
    assert result.err.count("\n") == 1


SESSIONS = {
    "no TOML": ("[session\n", "line 1"),
    "a wrong table": ("params = 3\n", "params must be a table"),
    "a parameter of the wrong kind": ("[params]\nmax_tokens = 'x'\n", "max_tokens takes a whole number"),
    "a tip that isn't there": ("[[lanes]]\nid = 'A'\ntip = 'm9'\n", "tip 'm9' is no message"),
}


@pytest.mark.parametrize("case", SESSIONS)
@pytest.mark.parametrize("command", [["run"], ["export", "--as", "json"], ["count"], ["cost"]], ids=lambda c: c[0])
def test_a_damaged_session_is_named_with_what_is_wrong(case: str, command: list[str], program: Program) -> None:
    text, sentence = SESSIONS[case]
    Path("bad.toml").write_text(text)
    result = program(*command, "bad.toml")
    assert result.status == 2
    assert result.out == ""
    assert "bad.toml" in result.err
    assert sentence in result.err
    assert Path("bad.toml").read_text() == text


def test_a_mistake_in_the_configuration_is_said_and_the_rest_counts(
    program: Program, monkeypatch: pytest.MonkeyPatch, sealed: Path
) -> None:
    folder = sealed.parent / "home" / "config" / "workbench"
    folder.mkdir()
    (folder / "config.toml").write_text('endpont = "x"\n[defaults]\nmax_tokens = 77\n')
    result = program("export", "--as", "json", "--prompt", "a")
    assert result.status == 0
    assert "config.toml: endpont" in result.err
    assert '"max_tokens": 77' in result.out


def test_help_names_every_command_and_every_parameter(program: Program) -> None:
    commands = program("--help")
    assert commands.status == 0
    assert all(name in commands.out for name in ("run", "export", "models", "count", "cost", "simulate"))
    settings = program("run", "--help").out
    assert all(key in settings for key in ("temperature", "thinking_budget", "stop_sequences", "diagnostics"))
    assert "written anew, without its comments, unless --no-save" in settings
    assert "written anew" not in program("count", "--help").out


def test_version(program: Program) -> None:
    assert program("--version").out == f"workbench {__version__}\n"


@pytest.mark.parametrize("text", ["-x", "--json", "--prompt", "-", "a=b", "=", "--"])
def test_an_option_takes_the_next_word_whatever_it_begins_with(text: str, program: Program) -> None:
    result = program("export", "--as", "json", "--prompt", text, stdin=b"from standard input")
    assert result.status == 0
    assert f'"content": "{"from standard input" if text == "-" else text}"' in result.out
