"""Exports carried out over sockets, 200 a language: Python by its SDK, TypeScript, curl by itself.

TypeScript's SDK isn't part of the tests: a stand-in sends what it sends. With `TYPESCRIPT_SDK` set to the folder
`node_modules/@anthropic-ai/sdk` the real one does, by which the stand-in was checked (1.14.0).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, Final
from urllib.parse import unquote

import pytest

from tests.core.hostile import PROMPTS
from tests.core.wide_requests import rows
from workbench.core.endpoint import Endpoint
from workbench.core.exports.call import Call
from workbench.core.exports.languages import LANGUAGES

CANARY: Final = "sk-canary-5f0e9c"
FEW: Final = 200
FOLDER: Final = "/it's$(touch%20PWNED)`PWNED`;PWNED&[1-2]{a,b}[z"
"""What a shell would carry out, and what curl would take for several addresses."""
USED: Final = {"usage": {"input_tokens": 1, "output_tokens": 1}}
EVENTS: Final = (
    {
        "type": "message_start",
        "message": {"id": "m", "type": "message", "role": "assistant", "content": [], "usage": USED},
    },
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "ok"}},
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 1}},
    {"type": "message_stop"},
)
REPLY: Final = "".join(f"event: {each['type']}\ndata: {json.dumps(each)}\n\n" for each in EVENTS).encode()
TYPESCRIPT_SDK: Final = os.environ.get("TYPESCRIPT_SDK")
PYTHON: Final = """\
import anthropic, contextlib, io, json, os
made, Anthropic = {}, anthropic.Anthropic
def once(**client):  # all programs make the same client: one connection, and certificates loaded once
    if repr(client) not in made: made[repr(client)] = Anthropic(**client)
    return made[repr(client)]
anthropic.Anthropic = once
with open(os.environ["PROGRAMS"] + "/programs.json") as file: programs = json.load(file)
for program in programs:
    with contextlib.redirect_stdout(io.StringIO()) as out: exec(compile(program, "program", "exec"), {})
    assert out.getvalue() == "ok\\n", out.getvalue()
"""
SDK: Final = """\
export default class Anthropic {
  constructor({ apiKey, baseURL, defaultHeaders = {} }) {
    const own = { authorization: `Bearer ${apiKey}`, "anthropic-version": "2026-10-21" };
    this.url = `${baseURL}/v1/messages`;
    this.headers = { "content-type": "application/json", ...own, ...defaultHeaders };
    this.messages = this;
  }
  stream(body, { headers = {} } = {}) {
    const text = JSON.stringify({ ...body, stream: true });
    const sent = { method: "POST", headers: { ...this.headers, ...headers }, body: text };
    return { on(_, tell) { tell("ok"); }, finalMessage: async () => (await fetch(this.url, sent)).text() };
  }
}
"""
NODE: Final = """\
import { readdirSync } from "node:fs";
const folder = process.env.PROGRAMS;
const count = readdirSync(folder).filter((each) => each.endsWith(".mjs")).length - 1;
for (let at = 0; at < count; at += 1) await import(`${folder}/${at}.mjs`);
"""


class Listener(BaseHTTPRequestHandler):
    """Keeps what arrives, and answers anything with the same two letters."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    received: ClassVar[list[tuple[str, dict[str, str], bytes]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.received.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("content-length", str(len(REPLY)))
        self.end_headers()
        self.wfile.write(REPLY)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as made:
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join(5)


@pytest.fixture
def calls(server: ThreadingHTTPServer, rounds: Callable[[int, int], int]) -> list[Call]:
    """Two hundred hostile prompts, each in the next shape of request; all with `--whole`."""
    Listener.received.clear()
    endpoint = Endpoint("x", f"http://127.0.0.1:{server.server_port}{FOLDER}", key_env="OTHER_KEY")
    count, shapes = rounds(FEW, len(PROMPTS)), len(rows())
    prompts = [PROMPTS[at * len(PROMPTS) // count] for at in range(count)]
    return [Call([*rows(text).values()][at % shapes], endpoint) for at, text in enumerate(prompts)]


def carry_out(folder: Path, *words: str | Path, script: bytes = b"") -> None:
    """Run it in an empty folder, which stays empty."""
    empty = folder / "empty"
    empty.mkdir()
    environ = {**os.environ, "PROGRAMS": str(folder), "OTHER_KEY": CANARY, "ANTHROPIC_API_KEY": "sk-another"}
    done = subprocess.run(words, cwd=empty, env=environ, input=script, capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    assert list(empty.iterdir()) == []


def spelled(value: object) -> str:
    """JSON in which True is no 1; JavaScript has one kind of number, and writes 1.0 as 1."""
    return re.sub(r"(?<=\d)\.0(?=[,}\]])", "", json.dumps(value, sort_keys=True))


def expect_the_same(calls: list[Call]) -> None:
    """Every body, field by field; the version and the betas; the key in one header or in both."""
    assert len(Listener.received) == len(calls)
    for made, (path, headers, body) in zip(calls, Listener.received, strict=True):
        sent = json.loads(body)
        assert sent == made.body
        assert spelled(sent) == spelled(made.body)
        assert unquote(path) == f"{unquote(FOLDER)}/v1/messages"
        assert headers["anthropic-version"] == made.version
        assert headers.get("anthropic-beta", "") == made.betas
        assert headers["x-api-key"] == CANARY
        assert headers.get("authorization", f"Bearer {CANARY}") == f"Bearer {CANARY}"


@pytest.mark.fault("E02")
def test_python_sends_what_workbench_sends_and_does_nothing_else(calls: list[Call], tmp_path: Path) -> None:
    programs = [LANGUAGES["python"].write(each) for each in calls]
    (tmp_path / "programs.json").write_text(json.dumps(programs))
    carry_out(tmp_path, sys.executable, "-c", PYTHON)
    expect_the_same(calls)


@pytest.mark.fault("E02")
def test_typescript_sends_what_workbench_sends_and_does_nothing_else(calls: list[Call], tmp_path: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("there is no node to run it with")
    for at, each in enumerate(calls):
        (tmp_path / f"{at}.mjs").write_text(LANGUAGES["typescript"].write(each), "utf-8")
    package = tmp_path / "node_modules" / "@anthropic-ai" / "sdk"
    package.parent.mkdir(parents=True)
    if TYPESCRIPT_SDK:
        package.symlink_to(TYPESCRIPT_SDK)
    else:
        package.mkdir()
        (package / "package.json").write_text('{"type": "module", "exports": "./index.js"}')
        (package / "index.js").write_text(SDK)
    (tmp_path / "run.mjs").write_text(NODE)
    carry_out(tmp_path, "node", tmp_path / "run.mjs")
    expect_the_same(calls)


@pytest.mark.fault("E01")
def test_curl_sends_what_workbench_sends_and_does_nothing_else(calls: list[Call], tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl to run it with")
    script = "set -e\n" + "".join(LANGUAGES["curl"].write(each) for each in calls)
    carry_out(tmp_path, "sh", "-s", script=script.encode())
    expect_the_same(calls)


def test_what_is_compared_is_wide() -> None:
    made = [*rows().values()]
    fields: set[str] = set()
    for each in made:
        fields |= set(each.body())
    unlike: dict[str, Any] = {each.betas: each for each in made}
    assert len(fields) >= 19
    assert len(unlike) == 2
    assert {each.version() for each in made} == {"2023-06-01", "2026-10-21"}
