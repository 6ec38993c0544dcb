"""Code for answers that want some: a few small programs named after the topic."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from workbench.simulator import topic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.simulator.voice import Voice

LANGUAGES: Final = (
    ("typescript", r"\btypescript\b"),
    ("javascript", r"\b(?:javascript|node|js)\b"),
    ("sql", r"\bsql\b|\bquery\b"),
    ("bash", r"\b(?:bash|shell|terminal|command line)\b"),
    ("rust", r"\brust\b"),
)
SAMPLES: Final[Mapping[str, tuple[str, ...]]] = {
    "python": (
        (
            "def {name}(items, limit=10):\n"
            '    """Return the first items that pass the check, at most `limit` of them."""\n'
            "    chosen = []\n"
            "    for item in items:\n"
            "        if len(chosen) == limit:\n"
            "            break\n"
            "        if item.ready:\n"
            "            chosen.append(item)\n"
            "    return chosen"
        ),
        (
            "from dataclasses import dataclass\n\n\n"
            "@dataclass(frozen=True)\n"
            "class {Name}:\n"
            "    name: str\n"
            "    weight: float = 1.0\n\n"
            "    def scaled(self, factor: float) -> float:\n"
            "        return self.weight * factor\n\n\n"
            'print({Name}("first").scaled(2.5))'
        ),
        (
            "def {name}(values):\n"
            "    total = sum(values)\n"
            "    if not total:\n"
            "        return {{}}\n"
            "    return {{index: value / total for index, value in enumerate(values)}}"
        ),
    ),
    "javascript": (
        (
            "export function {camel}(items, limit = 10) {{\n"
            "  return items.filter((item) => item.ready).slice(0, limit);\n"
            "}}"
        ),
    ),
    "typescript": (
        (
            "type Item = {{ id: string; ready: boolean }};\n\n"
            "export function {camel}(items: Item[], limit = 10): Item[] {{\n"
            "  return items.filter((item) => item.ready).slice(0, limit);\n"
            "}}"
        ),
    ),
    "sql": (
        (
            "select name, count(*) as entries, avg(weight) as mean_weight\n"
            "from {name}\n"
            "where created_at >= date('now', '-30 days')\n"
            "group by name\n"
            "order by entries desc\n"
            "limit 10;"
        ),
    ),
    "bash": (
        (
            "#!/usr/bin/env bash\nset -euo pipefail\n\n"
            'for file in {name}/*.txt; do\n  wc -w "$file"\ndone | sort -rn | head'
        ),
    ),
    "rust": (
        (
            "fn {name}(values: &[f64]) -> f64 {{\n"
            "    let total: f64 = values.iter().sum();\n"
            "    total / values.len().max(1) as f64\n"
            "}}"
        ),
    ),
}
AFTER: Final = (
    "It keeps no state, so it is easy to test on its own.",
    "The limit is an argument on purpose: the caller knows best.",
    "Start with this, and add error handling where the input is not yours.",
)


def sample(question: str, main: str, voice: Voice) -> str:
    """A fenced program in the language that the question names, and a remark about it."""
    language = next((name for name, pattern in LANGUAGES if re.search(pattern, question, re.IGNORECASE)), "python")
    words = re.findall(r"[a-z0-9]+", topic.bare(main).lower())[:3]
    if not words or words[0][0].isdigit():
        words = ["choose", *words]
    title = [word.capitalize() for word in words]
    code = voice.pick(SAMPLES[language]).format(
        name="_".join(words), Name="".join(title), camel="".join([words[0], *title[1:]])
    )
    return f"```{language}\n{code}\n```\n\n{voice.pick(AFTER)}"
