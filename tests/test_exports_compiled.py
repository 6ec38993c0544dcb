"""Exports of the other languages, compiled and carried out where their tools are, against stand-ins for the SDKs.

The stand-ins have the methods that the SDKs document, and keep what they are handed. Ruby and PHP take a second; Go
and Java are compiled with `--whole` only. Where a tool is missing, `tests/core/test_export_literals.py` still reads
every literal by the language's own rules.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.core.hostile import PROMPTS, sample
from tests.core.wide_requests import rows
from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.core.exports.call import Call
from workbench.core.exports.languages import LANGUAGES

STAND_INS: Final = Path(__file__).parent / "stand_ins"
CANARY: Final = "sk-canary-5f0e9c"
ADDRESS: Final = 'http://127.0.0.1:9/it\'s#{touch}$x{$y}`touch PWNED`";touch PWNED;"'
MODULE: Final = "github.com/anthropics/anthropic-sdk-go/v2"
LONG: Final = (
    "x" * 70_000,
    "é\n" * 40_000,
    "a\u3000\n" * 40,
    "  deep\n\n   \n end  \n" * 20,
    '""""\n' * 20,
    "a\x00\x1b\u2028",
)


def calls(prompts: list[str]) -> list[Call]:
    """Each prompt in the next shape of request, to Anthropic and to another server by turns."""
    places = (Endpoint("anthropic", OFFICIAL_URL), Endpoint("x", ADDRESS, key_env="OTHER_KEY"))
    shapes = len(rows())
    return [Call([*rows(text).values()][at % shapes], places[at % 2]) for at, text in enumerate((*prompts, *LONG))]


def needs(*tools: str) -> None:
    for tool in tools:
        if shutil.which(tool) is None:
            pytest.skip(f"there is no {tool} to carry it out with")


def carry_out(folder: Path, *words: str | Path, cwd: Path | None = None) -> None:
    """Run it in an empty folder, which stays empty."""
    empty = folder / "empty"
    empty.mkdir(exist_ok=True)
    environ = {**os.environ, "PROGRAMS": str(folder), "OTHER_KEY": CANARY, "GOFLAGS": "-mod=mod", "GOPROXY": "off"}
    done = subprocess.run(words, cwd=cwd or empty, env=environ, capture_output=True, check=False, timeout=600)
    assert done.returncode == 0, (done.stderr + done.stdout)[-3000:]
    assert list(empty.iterdir()) == []


def written(language: str, made: list[Call], folder: Path) -> list[str]:
    programs = [LANGUAGES[language].write(each) for each in made]
    assert not any(CANARY in each for each in programs)
    (folder / "programs.json").write_text(json.dumps(programs))
    return programs


def expect_the_same(made: list[Call], folder: Path) -> None:
    """Every body that was handed over, and with it the version, the betas and the key where they must be told."""
    sent = json.loads((folder / "sent.json").read_text("utf-8"))
    assert [body for _, body, _ in sent] == [each.body for each in made]
    for each, (client, _, headers) in zip(made, sent, strict=True):
        assert headers.get("anthropic-version", "2026-10-21") == each.version
        assert headers.get("anthropic-beta", "") == each.betas
        elsewhere = each.endpoint.base_url == ADDRESS
        assert headers.get("x-api-key") == (CANARY if elsewhere else None)
        assert (ADDRESS in client.values(), CANARY in client.values()) == (elsewhere, elsewhere)


def raw(folder: Path) -> list[object]:
    """The bodies that were written one after another."""
    return [json.loads(each) for each in (folder / "sent").read_bytes().split(b"\0")[:-1]]


@pytest.mark.fault("E02")
def test_ruby_hands_over_what_workbench_sends_and_does_nothing_else(tmp_path: Path) -> None:
    needs("ruby")
    made = calls(PROMPTS)
    written("ruby", made, tmp_path)
    carry_out(tmp_path, "ruby", STAND_INS / "stand_in.rb")
    expect_the_same(made, tmp_path)


@pytest.mark.fault("E02")
def test_php_hands_over_what_workbench_sends_and_does_nothing_else(tmp_path: Path) -> None:
    needs("php")
    made = calls(PROMPTS)
    for at, program in enumerate(written("php", made, tmp_path)):
        (tmp_path / f"{at}.php").write_text(program, "utf-8")
    (tmp_path / "library" / "vendor").mkdir(parents=True)
    (tmp_path / "library" / "vendor" / "autoload.php").write_text("<?php\n")
    carry_out(tmp_path, "php", STAND_INS / "stand_in.php")
    expect_the_same(made, tmp_path)


@pytest.mark.fault("E02")
def test_go_hands_over_what_workbench_sends_and_does_nothing_else(
    tmp_path: Path, rounds: Callable[[int, int], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    needs("go", "gofmt")
    if not (count := rounds(0, 200)):
        pytest.skip("compiling takes its time: --whole does it")
    made = calls(sample(count))
    programs = written("go", made, tmp_path)
    library, program = tmp_path / "library", tmp_path / "program"
    (library / "option").mkdir(parents=True)
    program.mkdir()
    shutil.copy(STAND_INS / "stand_in.go", library)
    shutil.copy(STAND_INS / "option.go", library / "option")
    (library / "go.mod").write_text(f"module {MODULE}\n\ngo 1.19\n")
    (program / "go.mod").write_text(f"module program\n\nrequire {MODULE} v2.0.0\n\nreplace {MODULE} => ../library\n")
    for at, text in enumerate(programs):
        (program / f"{at}.go").write_text(text, "utf-8")
    unformatted = subprocess.run(["gofmt", "-l", program], capture_output=True, text=True, check=True).stdout
    assert unformatted == ""
    for at, text in enumerate(programs):  # one package has one `main`, and one `body`
        renamed = text.replace("const body =", f"const body{at} =", 1).replace("(body)", f"(body{at})", 1)
        (program / f"{at}.go").write_text(renamed.replace("func main()", f"func main{at}()", 1), "utf-8")
    mains = "".join(f"\tmain{at}()\n" for at in range(len(made)))
    (program / "main.go").write_text(f"package main\n\nfunc main() {{\n{mains}}}\n")
    carry_out(tmp_path, "go", "build", "-o", tmp_path / "run", ".", cwd=program)
    carry_out(tmp_path, tmp_path / "run")
    assert [json.loads(each) for each in (tmp_path / "sent").read_bytes().split(b"\0")[:-1]] == [
        each.body for each in made
    ]


@pytest.mark.fault("E02")
def test_java_hands_over_what_workbench_sends_and_does_nothing_else(
    tmp_path: Path, rounds: Callable[[int, int], int]
) -> None:
    needs("javac", "java")
    if not (count := rounds(0, 200)):
        pytest.skip("compiling takes its time: --whole does it")
    made = calls(sample(count))
    source = tmp_path / "source"
    for part in (STAND_INS / "stand_in.java").read_text("utf-8").split("// file: ")[1:]:
        name, _, text = part.partition("\n")
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text)
    for at, text in enumerate(written("java", made, tmp_path)):
        (source / f"Main{at}.java").write_text(
            text.replace("public class Main {", f"public class Main{at} {{", 1), "utf-8"
        )
    mains = "".join(f"Main{at}.main(words);\n" for at in range(len(made)))
    head = "public class All { public static void main(String[] words) throws Exception {\n"
    (source / "All.java").write_text(f"{head}{mains}}} }}\n")
    (tmp_path / "files").write_text("\n".join(map(str, source.rglob("*.java"))))
    words = ("-nowarn", "-encoding", "UTF-8", "-proc:none", "-d", tmp_path / "made", f"@{tmp_path / 'files'}")
    carry_out(tmp_path, "javac", *words)
    carry_out(tmp_path, "java", "-Dfile.encoding=UTF-8", "-cp", tmp_path / "made", "All")
    assert [json.loads(each) for each in (tmp_path / "sent").read_bytes().split(b"\0")[:-1]] == [
        each.body for each in made
    ]
