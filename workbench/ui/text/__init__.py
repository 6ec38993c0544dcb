"""Text on its way to the screen: split, parsed, wrapped and coloured, each finished line once."""
