"""Message batches: sent at half the price, followed under any screen, and fetched into their cells and lanes."""
