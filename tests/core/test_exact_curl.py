"""The exact request as a command: a shell hands curl the same bytes, and the key is the shell's."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from workbench.core.exports import exact
from workbench.core.exports.call import ExportError

URL = "http://127.0.0.1:9/v1/messages?it's"
HEADERS = {
    "x-api-key": "sk-…abcd",
    "Authorization": "Bearer …",
    "content-type": "application/json",
    "x-odd": "$HOME 'q'",
}
FAKE = '#!/bin/sh\nfor each in "$@"; do printf "%s\\n" "$each"; done >"$OUT.args"\ncat >"$OUT.body"\n'


@pytest.mark.fault("E01")
@pytest.mark.parametrize(
    "body", ['{"a":"it\'s $HOME `x` \\\\ %s \\r\\n\t😀"}', "", "x" * 300_000, "ends with lines\n\n"]
)
def test_the_shell_sends_the_same_bytes(tmp_path: Path, body: str) -> None:
    fake = tmp_path / "curl"
    fake.write_text(FAKE)
    fake.chmod(0o755)
    environ = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "OUT": str(tmp_path / "out"), "MINE": "sk-1"}
    script = exact.curl(URL, HEADERS, body.encode(), "MINE")
    subprocess.run(["/bin/sh"], input=script.encode(), env=environ, check=True)
    assert (tmp_path / "out.body").read_bytes() == body.encode()
    assert (tmp_path / "out.args").read_text().splitlines() == [
        "--no-buffer",
        URL,
        "--header",
        "x-api-key: sk-1",
        "--header",
        "Authorization: Bearer sk-1",
        "--header",
        "content-type: application/json",
        "--header",
        "x-odd: $HOME 'q'",
        "--data-binary",
        "@-",
    ]
    assert "abcd" not in script


@pytest.mark.fault("E01")
@pytest.mark.parametrize(
    ("url", "headers", "body"),
    [(URL, {}, b"\xff"), (URL, {}, b"a\x00b"), (URL, {"x-a": "b\nc"}, b""), ("http://x\x1b", {}, b"")],
)
def test_what_no_shell_can_be_trusted_with_is_refused(url: str, headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(ExportError):
        exact.curl(url, headers, body)
