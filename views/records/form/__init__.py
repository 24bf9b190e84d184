"""Entering and changing a record; conflicts; choices of references."""
