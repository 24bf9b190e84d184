"""Imports in the store: runs, batches, decisions, sealed sources, and the writes of their rows."""
