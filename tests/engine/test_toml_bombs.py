"""Session files made to cost time and memory, each opened by a process of its own that says what it took."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

MOST_S: Final = 3.0
MOST_MB: Final = 500

BOMBS: dict[str, Callable[[], str]] = {
    "20 KB dotted key": lambda: "a." * 10_000 + "a = 1",
    "200 KB dotted key": lambda: "a." * 100_000 + "a = 1",
    "dotted header": lambda: "[" + "a." * 100_000 + "a]",
    "quoted dotted key": lambda: '"a" . ' * 50_000 + "a = 1",
    "100,000 brackets": lambda: "a = " + "[" * 100_000,
    "500 closed brackets": lambda: "a = " + "[" * 500 + "]" * 500,
    "500 inline tables": lambda: "a = " + "{a=" * 500 + "1" + "}" * 500,
    "4,301 digits": lambda: "a = " + "9" * 4301,
    "a million binary digits": lambda: "format = 0b" + "1" * 1_000_000,
    "a million hex digits": lambda: "a = 0x" + "f" * 1_000_000,
    "a huge exponent": lambda: "[params]\ntemperature = 1e" + "9" * 4000,
    "a million quotes": lambda: "a = " + '"' * 1_000_001,
    "an unclosed text": lambda: 'a = """' + "[{(\\\\" * 200_000,
    "20,000 twins": lambda: "[[sweeps]]\nid='w'\n" * 20_000,
    "an order of a thousand": lambda: "params = { " + ", ".join(f"x{n} = {{}}" for n in range(1000)) + " }",
    "JSON as deep": lambda: "[[messages]]\nrole = 'user'\ncontent = '" + "[" * 100_000 + "'",
}
GREAT_BOMBS: dict[str, Callable[[], str]] = {
    "many dotted keys": lambda: "".join(f"{'a.' * 60}k{n} = 1\n" for n in range(3000)),
    "many deep headers": lambda: "".join(f"[{'a.' * 60}k{n}]\n" for n in range(3000)),
    "a million digits": lambda: "a = " + "9" * 1_000_000,
    "half a million escapes": lambda: 'a = "' + "\\u0041" * 500_000 + '"',
    "a key of a megabyte": lambda: "k" * 1_000_000 + " = 1",
    "50,000 tables": lambda: "[[x]]\n" * 50_000,
    "50,000 messages": lambda: "[[messages]]\nrole = 'user'\n" * 50_000,
    "50,000 lanes": lambda: "[[lanes]]\n" * 50_000,
    "50,000 sweeps": lambda: "[[sweeps]]\n" * 50_000,
    "20,000 lanes and systems": lambda: "".join(
        f"[[systems]]\nid = 's{n}'\n[[lanes]]\nid = 'L{n}'\nsystem = 's{n}'\n" for n in range(20_000)
    ),
    "50 MB of one text": lambda: f"[session]\nprompt = '{'x' * 50_000_000}'",
    "50 MB of one line's comment": lambda: "#" + "x" * 50_000_000,
    "50 MB of empty lines": lambda: "\n" * 50_000_000,
    "a million keys": lambda: "".join(f"k{n} = 1\n" for n in range(1_000_000)),
    "a million keys in a table": lambda: "[session]\n" + "".join(f"k{n} = 1\n" for n in range(1_000_000)),
    "half a million parameters": lambda: "[params]\n" + "".join(f"temperatur{n} = 1\n" for n in range(500_000)),
    "misspelt in every message": lambda: "[[messages]]\nrole='user'\ntxt='a'\n" * 200_000,
    "50 MB of a list": lambda: "a = [" + "1," * 25_000_000 + "]",
    "50 MB of empty lists": lambda: "a = [" + "[]," * 16_000_000 + "]",
    "50 MB of headers": lambda: "".join(f"[t{n}]\n" for n in range(5_000_000)),
    "2 MB dotted key": lambda: "a." * 1_000_000 + "a = 1",
}
OPENS: Final = """
import json, sys, time
from pathlib import Path
from workbench.engine import store
for name in sys.argv[1:]:
    began = time.process_time()
    try:
        store.load(Path(name))
        said = "opened"
    except store.StoreError as error:
        said = str(error)
    took = time.process_time() - began
    status = Path('/proc/self/status').read_text()
    highest = int(status.partition('VmHWM:')[2].split()[0]) / 1024
    print(json.dumps([name, said, took, highest]))
"""


@pytest.mark.fault("F11")
def test_a_file_made_to_hurt_opens_quickly_or_is_refused(sealed: Path, rounds: Callable[[int, int], int]) -> None:
    bombs = {**BOMBS, **GREAT_BOMBS} if rounds(0, 1) else BOMBS
    for at, text in enumerate(bombs.values()):
        Path(f"{at}.toml").write_text(text())
    hurt: list[str] = []
    # The great ones each in a process of their own: memory is measured at its highest.
    batches = [list(range(len(BOMBS))), *([at] for at in range(len(BOMBS), len(bombs)))]
    for batch in batches:
        words = [sys.executable, "-c", OPENS, *(f"{at}.toml" for at in batch)]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr[-500:]
        for at, line in zip(batch, done.stdout.splitlines(), strict=True):
            _, said, took, megabytes = json.loads(line)
            name = list(bombs)[at]
            if took > MOST_S or megabytes > MOST_MB or len(said) > 300 or "\n" in said:
                hurt.append(f"{name}: {took:.1f} s, {megabytes:.0f} MB, {said[:300]}")
    assert hurt == []
