"""One command from its words to its exit status."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

from workbench.cli.arguments import UsageError, parser_of
from workbench.cli.output import Output

if TYPE_CHECKING:
    from argparse import Namespace

Main = Callable[["Namespace", Output], int]

BAD_USAGE: Final = 2
INTERRUPTED: Final = 130


def main(name: str, words: Sequence[str]) -> int:
    """Run a command: 0 done, 1 some run is not complete, 2 bad usage or bad input, 128 and more for a signal."""
    output = Output(sys.stdout, sys.stderr)
    try:
        options = parser_of(name).parse(words)
        status = _command(name)(options, output)
    except UsageError as error:
        output.note(str(error))
        return BAD_USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    return BAD_USAGE if output.failed and status == 0 else status


def _command(name: str) -> Main:
    """A command's own module, and nothing of the others'."""
    return cast(Main, import_module(f"workbench.cli.{name}").main)
