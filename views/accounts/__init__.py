"""Signing in, one's own account, accounts and roles on screen."""
