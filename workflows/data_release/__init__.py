"""Personal data that leaves on a medium: sealed and registered (S15)."""
