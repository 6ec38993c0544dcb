"""Exports of hostile prompts, carried out: what arrives is what Workbench would send, and nothing else happens."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.core.hostile import PROMPTS, sample
from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.core.exports import exact
from workbench.core.exports.call import Call, ExportError
from workbench.core.exports.languages import LANGUAGES
from workbench.core.kinds import Json
from workbench.core.params import Params
from workbench.core.request import Request, Turn

CANARY = "sk-canary-5f0e9c"
ADDRESS = 'http://127.0.0.1:9/it\'s$(touch PWNED)`touch PWNED`";touch PWNED;"[1-2]{a,b}'
FEW = 50

# The recorder is a function of the shell itself, so that a hundred commands cost one process.
SHELL = """\
set -e
cd "$1"
curl() {
  for each in "$@"; do printf '%s\\0' "$each"; done >>"$RECORDS/arguments"
  printf '\\0' >>"$RECORDS/arguments"
  cat >>"$RECORDS/bodies"
  printf '\\0' >>"$RECORDS/bodies"
}
"""
HISTORY = "set -o history -o histexpand\n"
PYTHON = """\
import json, os, sys, types
calls = []
class Stream:
    text_stream = ()
    def __enter__(self): return self
    def __exit__(self, *_): pass
class Anthropic:
    def __init__(self, **client):
        self.client, self.messages = client, self
    def stream(self, **arguments):
        calls.append([self.client, arguments])
        return Stream()
sys.modules["anthropic"] = types.SimpleNamespace(Anthropic=Anthropic)
records = os.environ["RECORDS"]
with open(records + "/programs.json") as file: programs = json.load(file)
for program in programs: exec(compile(program, "program", "exec"), {})
with open(records + "/calls.json", "w") as file: json.dump(calls, file)
"""
SDK = """\
globalThis.calls = [];
export default class Anthropic {
  constructor(client = {}) { this.client = client; this.messages = this; }
  stream(body, options = {}) {
    calls.push([this.client, body, options]);
    return { on() {}, async finalMessage() {} };
  }
}
"""
NODE = """\
import { readdirSync, writeFileSync } from "node:fs";
const records = process.env.RECORDS;
const count = readdirSync(records + "/programs").length;
for (let at = 0; at < count; at += 1) await import(`${records}/programs/${at}.mjs`);
writeFileSync(records + "/calls.json", JSON.stringify(calls));
"""


def call(text: str) -> Call:
    """The text wherever a request has room for some, its tools' names and its address too."""
    tool = {"name": text, "input_schema": {"type": "object", "properties": {text: {"default": text}, "__proto__": {}}}}
    params = Params(
        model=text, max_tokens=5, system=text, stop_sequences=(text,), user_id=text, tools=Json.of([tool]), top_k=5
    )
    turns = (
        Turn("user", text),
        Turn("assistant", Json.of([{"type": "text", "text": text}])),
        Turn("user", f"{text}\n"),
    )
    return Call(Request(params, turns), Endpoint("x", ADDRESS, key_env="OTHER_KEY"))


class Place:
    """An empty folder to run in, and another for what is recorded."""

    def __init__(self, folder: Path) -> None:
        self.work = folder / "empty"
        self.records = folder / "records"
        self.work.mkdir()
        self.records.mkdir()

    def run(self, *words: str | Path, script: str = "") -> None:
        """Nothing is said, nothing is written."""
        environ = {**os.environ, "RECORDS": str(self.records), "OTHER_KEY": CANARY, "IFS": " "}
        done = subprocess.run(
            words, cwd=self.work, env=environ, input=script.encode(), capture_output=True, check=False, timeout=120
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert list(self.work.iterdir()) == []

    def write(self, name: str, text: str) -> Path:
        path = self.records / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8", newline="")
        return path

    @property
    def calls(self) -> list[list[dict[str, object]]]:
        found: list[list[dict[str, object]]] = json.loads((self.records / "calls.json").read_text("utf-8"))
        return found


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def prompts(rounds: Callable[[int, int], int]) -> list[str]:
    """Some of the hostile prompts; all with `--whole`."""
    return sample(rounds(FEW, len(PROMPTS)))


def shell(place: Place, program: str, commands: Sequence[str]) -> tuple[list[bytes], list[list[str]]]:
    """The bodies and the arguments that curl was given, command by command; the records are taken away."""
    history = HISTORY if program == "bash" else ""
    place.run(program, "-s", place.work, script=history + SHELL + "".join(commands))
    bodies = (place.records / "bodies").read_bytes().split(b"\0")[:-1]
    arguments = [each.decode().split("\0") for each in (place.records / "arguments").read_bytes().split(b"\0\0")[:-1]]
    assert len(bodies) == len(arguments) == len(commands)
    return bodies, arguments


@pytest.mark.fault("E01")
@pytest.mark.parametrize("program", ["bash", "dash"])
def test_a_shell_sends_the_request_and_does_nothing_else(place: Place, program: str, prompts: list[str]) -> None:
    made = [call(text) for text in prompts]
    commands = [LANGUAGES["curl"].write(each) for each in made]
    bodies, arguments = shell(place, program, commands)
    for one, body, words in zip(made, bodies, arguments, strict=True):
        assert json.loads(body) == one.body
        assert words[:5] == ["--no-buffer", "--globoff", f"{ADDRESS}/v1/messages", "--header", f"x-api-key: {CANARY}"]
        assert words[-2:] == ["--data-binary", "@-"]
    assert not any(CANARY in each for each in commands)


@pytest.mark.fault("E01")
@pytest.mark.parametrize("program", ["bash", "dash"])
def test_a_shell_sends_the_very_bytes_of_the_wire(place: Place, program: str, prompts: list[str]) -> None:
    made = [call(text).request.encoded for text in prompts]
    headers = {"x-api-key": "sk-…", "x-odd": "'; touch PWNED; $(touch PWNED)`touch PWNED`\""}
    commands = [exact.curl(ADDRESS, headers, body, "OTHER_KEY") for body in made]
    bodies, arguments = shell(place, program, commands)
    assert bodies == made
    told = ["--header", f"x-api-key: {CANARY}", "--header", f"x-odd: {headers['x-odd']}"]
    expected = ["--no-buffer", "--globoff", ADDRESS, *told]
    assert all(words == [*expected, "--data-binary", "@-"] for words in arguments)


@pytest.mark.fault("E02")
def test_python_sends_the_request_and_does_nothing_else(place: Place, prompts: list[str]) -> None:
    made = [call(text) for text in prompts]
    programs = [LANGUAGES["python"].write(each) for each in made]
    place.write("programs.json", json.dumps(programs))
    place.run(sys.executable, "-I", "-S", "-c", PYTHON)
    for one, (client, arguments) in zip(made, place.calls, strict=True):
        extra = arguments.pop("extra_body")
        assert isinstance(extra, dict)
        named = {key: value for key, value in arguments.items() if not key.startswith("extra_")}
        assert {**named, **extra, "stream": True} == one.body
        assert client == {"api_key": CANARY, "base_url": ADDRESS, "default_headers": {"x-api-key": CANARY}}
    assert not any(CANARY in each for each in programs)


@pytest.mark.fault("E02")
def test_typescript_sends_the_request_and_does_nothing_else(place: Place, prompts: list[str]) -> None:
    if shutil.which("node") is None:
        pytest.skip("there is no node to run it with")
    made = [call(text) for text in prompts]
    programs = [LANGUAGES["typescript"].write(each) for each in made]
    for at, program in enumerate(programs):
        place.write(f"programs/{at}.mjs", program)
    package = place.records / "node_modules" / "@anthropic-ai" / "sdk"
    package.mkdir(parents=True)
    (package / "package.json").write_text('{"name": "@anthropic-ai/sdk", "type": "module", "exports": "./index.js"}')
    (package / "index.js").write_text(SDK)
    place.run("node", place.write("run.mjs", NODE))
    for one, (client, body, options) in zip(made, place.calls, strict=True):
        assert {**body, "stream": True} == one.body
        assert client == {"apiKey": CANARY, "baseURL": ADDRESS, "defaultHeaders": {"x-api-key": CANARY}}
        assert options == {"headers": {"anthropic-version": "2023-06-01"}}
    assert not any(CANARY in each for each in programs)


@pytest.mark.fault("E02")
def test_a_program_whose_key_is_missing_takes_no_other(place: Place) -> None:
    if shutil.which("node") is None:
        pytest.skip("there is no node to run it with")
    endpoint = Endpoint("x", "http://127.0.0.1:9", key_env="NO_SUCH_KEY")
    made = Call(Request(Params(model="m", max_tokens=1), (Turn("user", "hi"),)), endpoint)
    program = LANGUAGES["typescript"].write(made).partition("\n")[2]
    words = [
        "node",
        "--input-type=module",
        "-e",
        f"class Anthropic {{ constructor() {{ console.log('sent') }} }}{program}",
    ]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "NO_SUCH_KEY is not set" in done.stderr
    assert "sent" not in done.stdout


@pytest.mark.fault("E01", "E02")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["\ud800", "a\udfff", "\udc00\ud800"])
def test_half_a_character_is_refused_in_a_sentence(language: str, text: str) -> None:
    with pytest.raises(ExportError, match=r"holds half a character .* remove it"):
        LANGUAGES[language].write(call(text))


@pytest.mark.fault("E01")
def test_a_nul_is_refused_where_a_shell_would_lose_it() -> None:
    with pytest.raises(ExportError, match="holds a NUL character"):
        LANGUAGES["curl"].write(call("a\0b"))
    with pytest.raises(ExportError, match="holds a NUL character"):
        exact.curl(OFFICIAL_URL, {}, b"a\0b")


@pytest.mark.fault("E02")
def test_programs_have_the_nul_that_was_typed() -> None:
    for language in ("python", "typescript", "json"):
        written = LANGUAGES[language].write(call("a\0b"))
        assert "\0" not in written
    with pytest.raises(ExportError, match="JavaScript would round"):
        LANGUAGES["typescript"].write(
            Call(
                Request(Params(model="m", max_tokens=1, tools=Json.of([{"maximum": 2**53 + 1}])), (Turn("user", "x"),)),
                Endpoint("anthropic", OFFICIAL_URL),
            )
        )
