"""Word lists for the simulator's prose: what is no topic, and what may stand for what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

COMMON_TEXT: Final = """
a able about above across act actually add after again all also although always am an and another answer any
anyone anything are around as ask at away back be because been before being below best better between both brief
briefly but by call can cannot chapter check clear clearly come compare concise consider could create define
describe detail detailed develop did different discuss do does doing done down draft each either else english
enough essay even every everything exactly explain explanation few find first follow following for from full
further gave general generate get give given gives go going good got great had has have having he help helpful
her here hers him his how however i if imagine important in include including instead into is it its itself just
keep kind know last least less let like list little long look made make makes making many may maybe me mean means
might more most much must my name need needs never new next nice no none nor not nothing now of off often okay on
once one only onto or other our ours out over own page paragraph paragraphs part people perhaps pick please
possible pretty previous prompt provide put question quite rather really reply respond response right said same
sample say says section see seem sentence sentences several shall she short should show simple since so some
someone something sort step steps still story such suggest summarise summarize summary sure take tell text than
thank thanks that the their theirs them then there these they thing things think this those though three through
thus tips to together too topic toward try two under until up upon us use used useful user using very want was
way ways we well were what whatever when where whether which while who whole whom whose why will with within
without word words work working works would write writing written yes yet you your yours yourself
claude anthropic difference differences idea ideas reason reasons kind kinds type types translate rewrite
improve fix review outline design suggest suggests suggestion suggestions recommend evaluate analyse analyze prepare
produce fill plan please pros cons versus instructions function whats list lists example examples article
articles paper summary introduction overview
"""
COMMON: Final = frozenset(COMMON_TEXT.split())
"""Words that no prompt is about."""

SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    "often": ("often", "usually", "typically", "frequently", "regularly"),
    "people": ("people", "teams", "beginners", "most of us", "practitioners", "readers"),
    "useful": ("useful", "helpful", "practical", "sensible", "valuable"),
    "costly": ("costly", "expensive", "awkward", "painful", "dramatic"),
    "small": ("small", "modest", "narrow", "simple", "plain"),
    "first": ("first", "right away", "before anything else"),
    "shows": ("shows", "says", "teaches you", "tells you", "reveals"),
    "check": ("check", "test", "verify", "confirm", "look at"),
    "important": ("important", "decisive", "essential", "central", "crucial"),
    "change": ("change", "adjust", "revise", "rework", "tune"),
    "example": ("case", "example", "situation"),
    "quickly": ("quickly", "early", "soon", "within a day or two", "without delay"),
}

ASPECTS: Final = (
    "scope",
    "timing",
    "cost",
    "ownership",
    "measurement",
    "failure",
    "order",
    "naming",
    "growth",
    "feedback",
    "consistency",
    "precision",
    "simplicity",
    "context",
    "reversibility",
    "communication",
)

NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "colour": ("Teal", "Ochre", "Crimson", "Indigo", "Olive", "Amber", "Lavender", "Slate"),
    "color": ("Teal", "Ochre", "Crimson", "Indigo", "Olive", "Amber", "Lavender", "Slate"),
    "animal": ("Otter", "Heron", "Badger", "Octopus", "Lynx", "Tortoise", "Hedgehog"),
    "bird": ("Heron", "Swift", "Kingfisher", "Wren", "Barn owl", "Lapwing"),
    "city": ("Lisbon", "Kyoto", "Valparaíso", "Tallinn", "Marrakesh", "Wellington"),
    "country": ("Portugal", "Japan", "Chile", "Estonia", "Morocco", "Norway"),
    "fruit": ("Quince", "Mango", "Fig", "Apricot", "Persimmon", "Pear"),
    "number": ("7", "42", "17", "3", "23", "64"),
    "planet": ("Saturn", "Neptune", "Mars", "Venus", "Jupiter"),
    "tree": ("Linden", "Alder", "Silver birch", "Cedar", "Rowan"),
    "flower": ("Foxglove", "Iris", "Peony", "Cornflower", "Aster"),
    "word": ("Lantern", "Murmur", "Threshold", "Harvest", "Ripple"),
    "fact": ("Honey keeps for centuries when it is sealed.", "A day on Venus is longer than its year."),
}
