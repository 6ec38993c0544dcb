"""Whether an answer fits the JSON schema that it was asked for, by the jsonschema library.

The library is loaded with the first such answer, in a thread: it takes 0.2 s. Schemas may be strangers': nothing is
looked up, none of their regular expressions is run (`pattern` is not checked), and what takes too long is given up.
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
from workbench.core.stop_reasons import GOES_ON

if TYPE_CHECKING:
    from workbench.core.params import Params
    from workbench.core.record import RunRecord
    from workbench.core.run import Run

KEY: Final = "output_format"
MOST: Final = 20
"""Mismatches that are told of."""
LONGEST: Final = 160
"""Characters of one."""
_given_up: set[Json] = set()
"""Schemas that took too long once: no further answer waits for them."""


async def validate(run: Run) -> None:
    """Note in a run that has ended whether its answer fits."""
    if run.params.output_format is None or run.state not in FULL_STATES or run.stop_reason in GOES_ON:
        return
    run.schema_errors = await asyncio.to_thread(errors, run.params, run.text)
    run.version += 1


async def checked(record: RunRecord) -> RunRecord:
    """The same of a record that came by another way, as out of a batch."""
    if KEY not in record.params or record.state not in FULL_STATES or record.stop_reason in GOES_ON:
        return record
    params, _, _ = from_mapping({KEY: record.params[KEY]})
    return replace(record, schema_errors=await asyncio.to_thread(errors, params, record.text))


def errors(params: Params, text: str) -> tuple[str, ...] | None:
    """Where a text doesn't fit the output format of these parameters; None where there is none to check with."""
    held = params.output_format
    found = schema_changes.inside(held.value) if held is not None else None
    if held is None or not isinstance(found, dict) or not schema.resolves(found):
        return None
    try:
        value = strict_json.loads(text)
    except strict_json.TooMuchError as error:
        return (f"the answer can't be checked: {error}",)
    except strict_json.BadJsonError as error:
        why = "" if str(error) == "not JSON" else f": {error}"
        return (f"the answer is not JSON{why}" if text.strip() else "the answer has no text",)
    try:
        return _errors(Json.of(found), value)
    except Exception:  # whatever of a stranger's schema the library trips over: the answer is there, and paid for
        return None


def _errors(held: Json, value: object) -> tuple[str, ...] | None:
    from workbench.engine import bounded_checks

    validator = None if held in _given_up else _validator(held)
    if validator is None:
        return None
    bounded_checks.STEPS.begin()
    try:
        found = list(islice(validator.iter_errors(value), MOST + 1))
    except bounded_checks.TooMuchError:
        _given_up.add(held)
        raise
    told = [f"{place(each.absolute_path)}: {_shortened(each.message)}" for each in found[:MOST]]
    return (*told, "and more") if len(found) > MOST else tuple(told)


@lru_cache(maxsize=8)
def _validator(held: Json) -> Any:
    """None for what is no schema: that is told before sending."""
    from jsonschema.exceptions import SchemaError

    from workbench.engine import bounded_checks

    try:
        return bounded_checks.validator(held.value)
    except SchemaError:
        return None


def place(path: Sequence[str | int] | Any) -> str:
    """`items[0].price`; the whole answer is `the top`."""
    made = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return display(made.removeprefix(".")) or "the top"


def _shortened(message: str) -> str:
    shown = " ".join(display(message).split())
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST // 2]} … {shown[-LONGEST // 2 :]}"
