from __future__ import annotations


def write(ask, seed, ordinal):
    return "This is an answer, simple and short, about " + ask.question[:60] + ".\n\nIt has a second paragraph."
