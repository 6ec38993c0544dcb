"""The tables of the README, made from the code: `pytest --update` writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Final

from workbench.core.figures import grouped
from workbench.core.kinds import Choice, JsonKind, Kind, Lines, Number
from workbench.core.model import Model
from workbench.core.models import Catalogue
from workbench.core.params import FIELDS, Param
from workbench.ui import commands

README: Final = Path(__file__).parent.parent / "README.md"


def parameter_table() -> str:
    """Every request parameter: what `--set`, a file and the panel know it as."""
    rows = ((f"`{row.key}`", _takes(row.kind), _wire(row), row.help) for row in FIELDS)
    return table(("key", "takes", "in the request", "what it does"), rows)


def _takes(kind: Kind) -> str:
    if isinstance(kind, Number):
        low, high = (f"{bound:,g}".replace(",", " ") for bound in (kind.low, kind.high))
        return f"{kind.noun}, {low} to {high}"
    if isinstance(kind, Choice):
        words = ", ".join(f"`{word}`" for word in kind.values)
        return f"{words} or another word" if words and kind.open else words or "a word"
    if isinstance(kind, Lines):
        return "a list of strings"
    if isinstance(kind, JsonKind):
        return "a JSON list" if kind.shape is list else f"{'a word or ' if kind.plain else ''}a JSON table"
    return "text"


def _wire(row: Param) -> str:
    return f"`{'.'.join(row.path)}`" if row.path else "a header"


def command_table() -> str:
    """Every command with its keys, in the sections of the key sheet."""
    rows = []
    for _, found in groupby(commands.COMMANDS, lambda command: (command.group, re.sub(r"-\d+$", "", command.id))):
        members = list(found)
        first, last = members[0], members[-1]
        labels = [commands.label(key) for key in first.keys]
        title, name = first.title, first.id
        if len(members) > 1:
            labels = [f"{labels[0]}–{commands.label(last.keys[0])}"]
            title, name = title.rpartition(" ")[0], f"{name}` … `{last.id}"
        rows.append((" ".join(f"`{each}`" for each in labels), title, first.help, f"`{name}`", first.group))
    sections = []
    for group, section in groupby(rows, lambda row: row[4]):
        sections.append(table((group, "command", "what it does", "id in `[keys]`"), (row[:4] for row in section)))
    return "\n".join(sections)


def model_table() -> str:
    """What can be asked for; USD per million tokens."""
    rows = [_model(model) for model in Catalogue.builtin().choices]
    head = ("model", "context", "max out", "in", "out", "cache read", "sampling", "effort", "retires")
    return table(head, rows, right=range(1, 6))


def _model(model: Model) -> tuple[str, ...]:
    prices = model.prices
    amounts = (prices.input, prices.output, prices.read) if prices else (None, None, None)
    return (
        f"`{model.id}`",
        _number(model.context),
        _number(model.max_output),
        *map(_price, amounts),
        "yes" if model.sampling else "no",
        f"{model.efforts[0]} … {model.efforts[-1]}" if model.efforts else "no",
        _day(model.retires),
    )


def _number(number: int | None) -> str:
    return "—" if number is None else grouped(number)


def _price(price: Decimal | None) -> str:
    if price is None:
        return "—"
    plain = format(price.normalize(), "f")
    return f"{price:.2f}" if len(plain.partition(".")[2]) <= 2 else plain


def _day(day: date | None) -> str:
    return "—" if day is None else day.isoformat()


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> str:
    """A Markdown table."""
    rule = ["---:" if at in right else "---" for at in range(len(head))]
    return "".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |\n" for row in (head, rule, *rows)
    )


BLOCKS: Final[dict[str, Callable[[], str]]] = {
    "params": parameter_table,
    "commands": command_table,
    "models": model_table,
}


def _place(name: str) -> re.Pattern[str]:
    return re.compile(f"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)


def block(text: str, name: str) -> str | None:
    """What stands between `<!-- NAME -->` and `<!-- /NAME -->`, or None where they are missing."""
    found = _place(name).search(text)
    return None if found is None else found[0]


def made(name: str) -> str:
    """What should stand there."""
    return f"\n{BLOCKS[name]()}\n"


def updated(text: str) -> str:
    """The README with every table as the code has it."""
    for name in BLOCKS:
        fresh = made(name)
        text = _place(name).sub(lambda _, fresh=fresh: fresh, text)  # type: ignore[misc]  # mypy can't infer it
    return text


def update() -> None:
    """Write the tables into the README, where they differ."""
    before = README.read_text(encoding="utf-8")
    after = updated(before)
    if after != before:
        README.write_text(after, encoding="utf-8")
