"""Numbers of the command line: each gives the value, or a sentence that says what it takes."""

from __future__ import annotations

import argparse


def whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"takes a whole number, not {text!r}") from None


def count(text: str) -> int:
    number = whole(text)
    if not 1 <= number <= 1000:
        raise argparse.ArgumentTypeError(f"takes a number from 1 to 1000, not {text!r}")
    return number


def port(text: str) -> int:
    number = whole(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"takes a port from 0 to 65535, not {text!r}")
    return number


def speed(text: str) -> float:
    return amount(text, "a number of tokens a second")


def seconds(text: str) -> float:
    return amount(text, "a number of seconds")


def amount(text: str, what: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        amount = -1.0
    if not 0 <= amount < 1e9:
        raise argparse.ArgumentTypeError(f"takes {what}, not {text!r}")
    return amount
