"""Declared acts, and operations over several records: what every procedure is built on."""
