"""Whether an answer fits the JSON schema that it was asked for, by the jsonschema library.

The library is loaded with the first such answer, in a thread: it takes 0.2 s. It never looks anything up, and never
searches with a schema's regular expressions: `pattern` is not checked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from workbench.core import schema, schema_changes, strict_json
from workbench.core.kinds import Json
from workbench.core.params import from_mapping
from workbench.core.safe import display
from workbench.core.state import FULL_STATES
from workbench.engine.formats import CHECKS

if TYPE_CHECKING:
    from workbench.core.params import Params
    from workbench.core.record import RunRecord
    from workbench.core.run import Run

KEY: Final = "output_format"
MOST: Final = 20
"""Mismatches that are told of."""
LONGEST: Final = 160
"""Characters of one."""
UNFINISHED: Final = frozenset({"tool_use", "pause_turn", "compaction"})
"""After these the answer is still to come."""


async def validate(run: Run) -> None:
    """Note in a run that has ended whether its answer fits."""
    if run.params.output_format is None or run.state not in FULL_STATES or run.stop_reason in UNFINISHED:
        return
    run.schema_errors = await asyncio.to_thread(errors, run.params, run.text)
    run.version += 1


def checked(record: RunRecord) -> RunRecord:
    """The same of a record that came by another way, as out of a batch."""
    if KEY not in record.params or record.state not in FULL_STATES or record.stop_reason in UNFINISHED:
        return record
    params, _, _ = from_mapping({KEY: record.params[KEY]})
    return replace(record, schema_errors=errors(params, record.text))


def errors(params: Params, text: str) -> tuple[str, ...] | None:
    """Where a text doesn't fit the output format of these parameters; None where there is none to check with."""
    held = params.output_format
    found = schema_changes.inside(held.value) if held is not None else None
    if held is None or not isinstance(found, dict) or not schema.resolves(found):
        return None
    try:
        value = strict_json.loads(text)
    except strict_json.BadJsonError as error:
        return (f"the answer is not JSON: {error}" if text.strip() else "the answer has no text",)
    try:
        return _errors(Json.of(found), value)
    except RecursionError:
        return None


def _errors(held: Json, value: object) -> tuple[str, ...] | None:
    validator = _validator(held)
    if validator is None:
        return None
    found = list(islice(validator.iter_errors(value), MOST + 1))
    told = [f"{place(each.absolute_path)}: {_shortened(each.message)}" for each in found[:MOST]]
    return (*told, "and more") if len(found) > MOST else tuple(told)


@lru_cache(maxsize=8)
def _validator(held: Json) -> Any:
    """None for what is no schema: that is told before sending."""
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.exceptions import SchemaError

    found: Any = held.value
    try:
        Draft202012Validator.check_schema(found)
    except SchemaError:
        return None
    checker = FormatChecker(formats=())
    for name, check in CHECKS.items():
        checker.checks(name)(lambda value, check=check: not isinstance(value, str) or check(value))
    return Draft202012Validator(schema_changes.harmless(found), format_checker=checker)


def place(path: Sequence[str | int] | Any) -> str:
    """`items[0].price`; the whole answer is `the top`."""
    made = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return display(made.removeprefix(".")) or "the top"


def _shortened(message: str) -> str:
    shown = " ".join(display(message).split())
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST // 2]} … {shown[-LONGEST // 2 :]}"
