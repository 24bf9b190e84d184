"""Ledgers, alarm limits and packs on screen, for auditors."""
