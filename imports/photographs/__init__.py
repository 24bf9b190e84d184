"""Photographs by file name."""
