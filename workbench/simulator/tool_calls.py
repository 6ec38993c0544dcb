from __future__ import annotations


def choose(ask, chance):
    return ()
