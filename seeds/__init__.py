"""What a new deployment starts with: roles, vocabularies, and the demo's institutions and invented records."""
