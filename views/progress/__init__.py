"""The boards of progress and plan."""
