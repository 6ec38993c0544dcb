"""The table of documents: what a session can be written as, where an export is of more than one request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from workbench.core.exports import cells, document
from workbench.core.run_list import Row
from workbench.core.session import Lane, Session

Writer: TypeAlias = Callable[[Session, Sequence[Lane], Sequence[Row]], str]


@dataclass(frozen=True, slots=True)
class Document:
    """One form that a session can be written in."""

    id: str
    """What `--as` takes."""
    label: str
    detail: str
    suffix: str
    """Of a file that holds it."""
    write: Writer
    """Of a session, some of its lanes and some of its runs."""


DOCUMENTS: Final[Mapping[str, Document]] = {
    row.id: row
    for row in (
        Document("markdown", "Conversation", "all turns with settings, states and costs", ".md", document.write),
        Document(
            "csv",
            "CSV",
            "the runs; no cell is led by what a spreadsheet computes",
            ".csv",
            lambda _session, _lanes, rows: cells.guarded(rows),
        ),
        Document(
            "csv-exact",
            "CSV, exact",
            "the runs; a spreadsheet may take a cell for a formula",
            ".csv",
            lambda _session, _lanes, rows: cells.exact(rows),
        ),
    )
}
