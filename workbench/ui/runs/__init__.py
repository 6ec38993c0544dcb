"""The Runs screen: every run that was made, to sort, filter, compare and look into."""
