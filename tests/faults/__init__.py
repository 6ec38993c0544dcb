"""What can go wrong, row by row, and the evidence that each ends as it should."""
