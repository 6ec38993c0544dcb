"""What a conversation shows, as values."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.core.facts import Fact

__all__ = ["Entry", "Fact", "Fold"]


@dataclass(frozen=True, slots=True)
class Fold:
    """A block that starts out as one line: thinking, a tool's input or result."""

    title: str
    text: str = ""
    at: int = 0
    """Where in the entry's text it stands: 0 is before it."""
    language: str = ""
    """Shown as code of this language, such as `json`; else as plain text."""
    count: str = ""
    """What its line says beside the title; without it, the number of words."""
    opened: bool = False
    """Whether it starts out unfolded."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One turn of the conversation."""

    key: str
    """The message's id."""
    role: str
    """`user`, `assistant`, or anything else."""
    title: str
    """Who speaks: `you`, `claude`, a model's name."""
    number: int = 0
    note: str = ""
    """Such as `run 3 of 3 ‹ ›`."""
    text: str = ""
    facts: tuple[Fact, ...] = ()
    tone: str = ""
    """Of the facts: `ok`, `warning`, `problem`, or nothing special."""
    folds: tuple[Fold, ...] = ()
    marks: tuple[str, ...] = ()
    """Short words after the header, such as `partial` or `baseline`."""
    remarks: tuple[str, ...] = ()
    """Sentences under the text: what became of the answer, and what to do."""
    tree: bool = False
    """Whether the text is JSON to be shown as a tree."""
    markdown: bool | None = None
    """Whether the text is Markdown; by itself, only an assistant's is."""

    @property
    def is_markdown(self) -> bool:
        return self.role == "assistant" if self.markdown is None else self.markdown

    @property
    def face(self) -> str:
        """The face of its bar and title."""
        return {"user": "you", "assistant": "model", "problem": "problem"}.get(self.role, "other")
