"""Procedures over records, each in a folder of its own."""
