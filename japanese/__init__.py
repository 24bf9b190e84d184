"""Japanese text and time as pure functions: search keys, readings, variant characters, era dates."""
