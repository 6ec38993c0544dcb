"""The canned results for the calls of an answer, those in text files read; nothing is run and nothing is fetched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from workbench.core import canned, tool_loop
from workbench.core.canned import Call, CannedResult, Result
from workbench.core.session import Session
from workbench.engine import attachments, files

LARGEST: Final = 4 * 1024 * 1024
"""Bytes of a result: what is more, no model reads."""


class ResultFileError(ValueError):
    """A file that is no result; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What stands ready for the calls of one answer."""

    calls: tuple[Call, ...]
    results: dict[str, Result] = field(default_factory=dict)
    """By the id of the call."""
    mistakes: tuple[str, ...] = ()
    """A sentence for each file that can't be used, and for each call that no result of its tool fits."""
    unexplained: tuple[Call, ...] = ()
    """The calls for whose tool there is no result at all."""

    @property
    def missing(self) -> tuple[Call, ...]:
        return tuple(call for call in self.calls if call.id not in self.results)


def find(session: Session, tip: str | None, folder: Path | None, more: Sequence[CannedResult] = ()) -> Answers:
    """For the calls that wait at `tip`; `more` go before those of the session, whose files lie in `folder`."""
    calls = tool_loop.pending(session, tip)
    rows = (*more, *session.tool_results)
    results: dict[str, Result] = {}
    mistakes: list[str] = []
    unexplained: list[Call] = []
    for call, row in zip(calls, canned.matches(rows, tool_loop.earlier(session, tip), calls), strict=True):
        if row is None:
            if told := _unfit(rows, call):
                mistakes.append(told)
            else:
                unexplained.append(call)
            continue
        try:
            results[call.id] = Result(read(folder, row.file), row.result.is_error) if row.file else row.result
        except ResultFileError as error:
            mistakes.append(f"the result of {call.name}: {error}")
    return Answers(calls, results, tuple(mistakes), tuple(unexplained))


def _unfit(rows: Sequence[CannedResult], call: Call) -> str:
    """Why none of the results for a call's tool is one for this call; empty where there is none for its tool."""
    own = [row for row in rows if row.tool == call.name]
    if not own:
        return ""
    if any(row.answers(call) for row in own):
        return f"the results that fit {tool_loop.told(call)} are used up: raise times, or add one"
    which = f"none of the {len(own)} results" if len(own) > 1 else "the result"
    fits = "fits" if len(own) > 1 else "doesn't fit"
    return f"{which} for {call.name} {fits} {tool_loop.told(call)}: correct its input, or add one"


def read(folder: Path | None, name: str) -> str:
    """A text file that the session may name: it is sent unasked. Raises ResultFileError."""
    if folder is None:
        raise ResultFileError(f"{name} is looked for beside the session's file, and there is none yet")
    try:
        place = (folder / name).resolve()
        inside = place.is_relative_to(folder.resolve())
        vouched = attachments.vouches(folder, str(place))
    except (OSError, ValueError, RuntimeError) as error:
        raise ResultFileError(f"{name!a} is no file that can be looked for") from error
    if not inside:
        raise ResultFileError(f"{name} lies outside of the session's folder; copy it there")
    if not vouched:
        raise ResultFileError(
            f"{name} is hidden, or the session lies in a whole home; keep both in a folder of their own, not hidden"
        )
    return text_of(place, name)


def text_of(place: Path, name: str) -> str:
    """A text file that a person named. Raises ResultFileError."""
    try:
        text = files.read(place, LARGEST + 1)[0].decode()
    except files.StoreError as error:
        path = "" if error.problem.title.startswith(f"{name} ") else f"{name}: "
        raise ResultFileError(f"{path}{error.problem.title}: {error.problem.detail}") from error
    except UnicodeDecodeError as error:
        raise ResultFileError(f"{name} is not UTF-8 text (byte {error.start})") from error
    if len(text) > LARGEST:
        raise ResultFileError(f"{name} is too long for a result: {LARGEST} characters are the most")
    return text
