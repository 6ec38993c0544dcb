"""Results of tools without a screen: those of the command line and of the session, and what is said of one missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from workbench.core import tool_loop
from workbench.engine import canned_results

if TYPE_CHECKING:
    from workbench.cli.subject import Subject
    from workbench.core.session import Session
    from workbench.engine.canned_results import Answers

Find: TypeAlias = "Callable[[Session, str | None], Answers]"


def finder(found: Subject) -> Find:
    """What finds the results for the calls at a message: those of the command line, then the session's."""
    file = found.asking.file
    folder = file.resolve().parent if file is not None else None

    def find(session: Session, tip: str | None) -> Answers:
        return canned_results.find(session, tip, folder, found.asking.results)

    return find


def missing(answers: Answers) -> str:
    """The calls that nothing answers, why, and how to give what answers them."""
    calls = answers.unexplained
    if not calls:
        return f"{'; '.join(answers.mistakes)}; or give --result {answers.missing[0].name}=TEXT"
    first = calls[0].name
    added = f'add [[tool_results]] with tool = "{first}" and text = "…" to the session, or --result {first}=TEXT'
    return "; ".join((*answers.mistakes, f"no result for {tool_loop.named(calls)}: {added}"))
