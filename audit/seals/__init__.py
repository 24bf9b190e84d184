"""The seals of what records are after a change."""
