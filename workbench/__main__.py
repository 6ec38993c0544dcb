"""The program's start: a command without a screen, or the screen."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

BAD_USAGE: Final = 2
NO_SCREEN: Final = "the screen needs a terminal (not a pipe, not TERM=dumb); workbench run works without one"


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit status. The front end that isn't chosen is never imported."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words:  # the usual start, which needs no parser
        return _screen()
    from workbench.cli.arguments import COMMANDS, UsageError, screen_parser
    from workbench.cli.misplaced import check_screen_file

    if words[0] in COMMANDS:
        from workbench.cli import app

        return app.main(words[0], words[1:])
    try:
        check_screen_file(words[0], exists=Path(words[0]).exists())
        options = screen_parser().parse(words)
        file, replay = (None if each is None else Path(each) for each in (options.file, options.replay))
        check_screen_file(options.file, exists=file is not None and file.exists())
        if replay is not None and not replay.is_file():
            raise UsageError(f"--replay {options.replay}: there is no such recording")
    except UsageError as error:
        return _say(str(error))
    return _screen(file, options.endpoint, options.base_url, options.theme, replay)


def _screen(
    file: Path | None = None,
    endpoint: str | None = None,
    base_url: str | None = None,
    theme: str | None = None,
    replay: Path | None = None,
) -> int:
    if os.environ.get("TERM") in {"dumb", "unknown"} or not all(map(_is_terminal, (sys.stdin, sys.stdout, sys.stderr))):
        return _say(NO_SCREEN)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # until the screen is up: ^C needs no traceback
    gc.disable()  # until the first paint: collecting what starting makes takes a tenth of its time
    from workbench.engine.endpoints import EndpointError
    from workbench.ui import app

    try:
        return app.run(file, endpoint, base_url, theme, replay)
    except EndpointError as error:
        return _say(str(error))


def _is_terminal(stream: object) -> bool:
    isatty = getattr(stream, "isatty", None)
    return bool(isatty is not None and isatty())


def _say(sentence: str) -> int:
    """One line on standard error, if there is one; bad usage it is."""
    if sys.stderr is not None:
        from workbench.core.safe import display

        sys.stderr.write(f"workbench: {display(sentence)}\n")
    return BAD_USAGE


if __name__ == "__main__":
    sys.exit(main())
