"""Which column becomes which field, and how a cell is read."""
