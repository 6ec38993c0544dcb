"""A session with long answers, and the real program that shows it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final

from tests.benchmarks import stream
from tests.benchmarks.terminal import Terminal, sealed

NOTES: Final = "notes"
"""The file beside the session in which the program notes its keys."""


def write(path: Path, tokens: int, lanes: int = 1) -> None:
    """One question, and in each lane an answer of its own with so many tokens."""
    lines = [
        'format = 1\n[params]\nmodel = "claude-sonnet-4-6"\nmax_tokens = 64000',
        '[[messages]]\nid = "m0"\nrole = "user"\ntext = "Go."',
    ]
    for number in range(1, lanes + 1):
        text = json.dumps("".join(islice(stream.words(random.Random(number)), tokens)), ensure_ascii=False)
        only = f"\nparams = {{ temperature = {number / 10} }}" if lanes > 1 else ""
        lines += [
            f'[[lanes]]\nid = "{chr(ord("A") + number - 1)}"\ntip = "m{number}"{only}',
            f'[[messages]]\nid = "m{number}"\nparent = "m0"\nrole = "assistant"\ntext = {text}',
        ]
    path.write_text("\n".join(lines), "utf-8")


@contextmanager
def shown(folder: Path, address: str) -> Iterator[Terminal]:
    """Workbench with `long.toml` of that folder on a terminal, its first screen drawn."""
    arguments = ["-m", f"{__package__}.chat_child", NOTES, "long.toml", address]
    environ = sealed(folder, ANTHROPIC_API_KEY="sk-test", PYTHONPATH=str(Path(__file__).parents[2]))
    with Terminal(arguments, environ, folder) as terminal:
        terminal.wait_for(b"temperature")
        yield terminal
