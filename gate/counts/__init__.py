"""How many records there are of what: groupings declared once, counted for everybody at once (docs/decisions/0038-counts.md)."""
