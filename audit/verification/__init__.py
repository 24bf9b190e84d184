"""Verification: is every entry where it was written, and as it was written?"""
