"""JSON Schema's keywords as the jsonschema library checks them, but for what a stranger could make take for ever.

Nothing is looked up, no regular expression of a schema is run, and after so many steps it is given up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import local
from typing import Any, Final

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.validators import extend

from workbench.core import schema_changes
from workbench.engine.formats import CHECKS

Check = Callable[[Any, Any, Any, Any], Iterable[Any] | None]

MOST: Final = 1_000_000
"""Steps of one answer: some seconds. Of the longest real answer to a large schema it takes a quarter."""
SEARCHED: Final = ("pattern", "patternProperties", "unevaluatedProperties")
"""Keywords that run regular expressions of the schema."""
DYNAMIC: Final = "$dynamicRef"
BESIDE: Final = frozenset({"additionalProperties"})
"""What counts only beside properties that no regular expression finds."""


class TooMuchError(Exception):
    """It takes more steps than anybody would wait for."""


class ElsewhereError(Exception):
    """It refers to what isn't in it, and the library would fetch that."""


class Steps(local):
    """How many are left, for each thread by itself."""

    left = MOST

    def begin(self) -> None:
        self.left = MOST

    def take(self, number: int) -> None:
        self.left -= number
        if self.left < 0:
            raise TooMuchError


STEPS: Final = Steps()


def _counted(name: str, check: Check) -> Check:
    def counted(validator: Any, value: Any, instance: Any, schema: Any) -> Iterable[Any]:
        STEPS.take(_weight(name, value, instance))
        if name == "$ref" and not str(value).startswith("#"):
            raise ElsewhereError(value)
        if name in BESIDE and isinstance(schema, dict) and "patternProperties" in schema:
            return ()
        return check(validator, value, instance, schema) or ()

    return counted


def _weight(name: str, value: Any, instance: Any) -> int:
    """What a keyword does by itself: some compare with everything that stands in them."""
    if name == "uniqueItems" and isinstance(instance, list):
        nested = any(isinstance(each, list | dict) for each in instance)  # each of them with each
        return 1 + len(instance) + (len(instance) ** 2 // 8 if nested else 0)
    return 1 + (len(value) if isinstance(value, list) else 0)


def _nothing(*_: Any) -> Iterable[Any]:
    return ()


CHECKED: Final = {name: _counted(name, check) for name, check in Draft202012Validator.VALIDATORS.items()}
Bounded: Final[Any] = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {**CHECKED, **dict.fromkeys((*SEARCHED, DYNAMIC), _nothing)}
)


def validator(root: Any) -> Any:
    """What checks with this schema. Raises the library's SchemaError for what is none."""
    Draft202012Validator.check_schema(root, format_checker=FormatChecker(formats=()))  # other regexps than Python's too
    checker = FormatChecker(formats=())
    for name, check in CHECKS.items():
        checker.checks(name)(lambda value, check=check: not isinstance(value, str) or check(value))
    return Bounded(schema_changes.harmless(root), format_checker=checker)
