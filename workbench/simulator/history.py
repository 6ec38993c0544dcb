"""The rules of a conversation: who speaks when, nothing empty, every tool call answered."""

from __future__ import annotations


def check(messages: list[object]) -> None:
    pass
