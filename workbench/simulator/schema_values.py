from __future__ import annotations


def fill(schema, chance, topic):
    return {}
