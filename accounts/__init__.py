"""Accounts, their sessions and tokens, and from where and when they may be used."""
