"""The Sweep screen: a grid of settings as a heat map, the repeats of a cell, an answer; and the sweep that fills it."""
