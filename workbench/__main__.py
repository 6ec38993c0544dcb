"""The program's start: a command without a screen, or the screen."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from workbench.cli.arguments import COMMANDS, UsageError, check_screen_file, screen_parser

BAD_USAGE: Final = 2
NO_SCREEN: Final = "the screen needs a terminal (not a pipe, not TERM=dumb); workbench run works without one"


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit status. The front end that isn't chosen is never imported."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and words[0] in COMMANDS:
        from workbench.cli import app

        return app.main(words[0], words[1:])
    try:
        return _screen(words)
    except UsageError as error:
        _say(str(error))
        return BAD_USAGE


def _screen(words: Sequence[str]) -> int:
    options = screen_parser().parse(words)
    file = None if options.file is None else Path(options.file)
    check_screen_file(options.file, exists=file is not None and file.exists())
    replay = None if options.replay is None else Path(options.replay)
    if replay is not None and not replay.is_file():
        raise UsageError(f"--replay {options.replay}: there is no such recording")
    if os.environ.get("TERM") == "dumb" or not all(map(_is_terminal, (sys.stdin, sys.stdout, sys.stderr))):
        raise UsageError(NO_SCREEN)
    from workbench.engine.endpoints import EndpointError
    from workbench.ui import app

    try:
        return app.run(file, options.endpoint, options.base_url, options.theme, replay)
    except EndpointError as error:
        raise UsageError(str(error)) from error


def _is_terminal(stream: object) -> bool:
    isatty = getattr(stream, "isatty", None)
    return bool(isatty is not None and isatty())


def _say(sentence: str) -> None:
    """One line on standard error, if there is one."""
    if sys.stderr is not None:
        sys.stderr.write(f"workbench: {sentence}\n")


if __name__ == "__main__":
    sys.exit(main())
