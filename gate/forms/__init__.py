"""What forms are laid out by and helped with: cards, readings, records that may be the same."""
