"""Rows judged one by one: validity, doubts, altered cells, returned exports, the row beside its record."""
