"""What is looked at: each check a function that says what it found and, if need be, what to do (operations.status lists them)."""
