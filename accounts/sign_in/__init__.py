"""Signing in: the attempt, the lockout, passwords, the second factor, resets."""
