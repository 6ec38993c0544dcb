"""The Diff screen: two answers, what they share and where they differ."""
