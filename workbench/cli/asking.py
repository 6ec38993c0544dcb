"""What a command is asked to send, before anything is opened: the request options as a value."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workbench.cli import attaching
from workbench.cli.arguments import UsageError
from workbench.core.canned import CannedResult, Result
from workbench.core.kinds import Json
from workbench.core.params import ParamError, Params, read_settings
from workbench.core.template import SLOT

STANDARD_INPUT: Final = "-"


@dataclass(frozen=True, slots=True)
class Asking:
    """The request options of one command line."""

    file: Path | None
    prompt: str | None
    system: str | None
    lanes: tuple[str, ...]
    params: Params
    unset: tuple[str, ...]
    variables: tuple[tuple[str, str], ...]
    endpoint: str | None
    base_url: str | None
    results: tuple[CannedResult, ...] = ()
    """Results of tools, before those of the session."""
    attachments: tuple[Json, ...] = ()
    """What goes with the prompt, as content blocks."""
    allow_files: bool = False
    """Whether the session may name files outside of its folder."""


def read(options: argparse.Namespace) -> Asking:
    """Raises UsageError for a value that can't be meant."""
    try:
        params, unset = read_settings([_typed(each, "--set") for each in options.set])
    except ParamError as error:
        raise UsageError(f"--set: {error}") from error
    return Asking(
        file=None if options.file is None else Path(options.file),
        prompt=_prompt(options.prompt, options.prompt_file),
        system=None if options.system is None else _typed(options.system, "--system"),
        lanes=tuple(dict.fromkeys(options.lane)),
        params=params,
        unset=unset,
        variables=tuple(_variable(each) for each in options.var),
        endpoint=options.endpoint,
        base_url=options.base_url,
        results=tuple(_result(each) for each in vars(options).get("result", ())),
        attachments=attaching.read(vars(options).get("attach", ())),
        allow_files=bool(vars(options).get("allow_files")),
    )


def _result(text: str) -> CannedResult:
    name, equals, content = _typed(text, "--result").partition("=")
    if not equals or not name:
        raise UsageError(f"--result {text!r} has no '='; write TOOL=TEXT")
    return CannedResult(name, result=Result(content))


def _prompt(text: str | None, file: str | None) -> str | None:
    if text == STANDARD_INPUT:
        return _decoded(_standard_input(), "standard input")
    if text is not None:
        return _typed(text, "--prompt")
    if file is None:
        return None
    try:
        return _decoded(Path(file).read_bytes(), file)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(f"--prompt-file {file}: {reason.lower()}") from error


def _standard_input() -> bytes:
    """All of it; nothing where it is closed."""
    if sys.stdin is None:
        return b""
    buffer = getattr(sys.stdin, "buffer", None)
    return buffer.read() if buffer is not None else sys.stdin.read().encode()


def _decoded(data: bytes, where: str) -> str:
    """Exactly what was given: no byte is dropped, and no line end is changed."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise UsageError(f"{where} is not UTF-8 text (byte {error.start}): convert it first") from error


def _typed(text: str, option: str) -> str:
    """An argument as it was typed; bytes that are no text come from the shell as lone surrogates."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise UsageError(f"{option} is not UTF-8 text: convert it first")
    return text


def _variable(text: str) -> tuple[str, str]:
    name, equals, value = _typed(text, "--var").partition("=")
    if not equals:
        raise UsageError(f"--var {text!r} has no '='; write NAME=VALUE")
    if not SLOT.fullmatch(f"{{{{{name}}}}}"):
        raise UsageError(f"--var {name!r} is no name; a name has letters, digits, _ . - and begins with a letter")
    return name, value
