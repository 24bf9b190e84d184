"""Stored data of earlier versions, brought to this version's shape by numbered steps (docs/decisions/0032-upgrades.md)."""
