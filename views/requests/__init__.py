"""What stands before and around every request: sessions, admission, limits, headers, errors, health."""
