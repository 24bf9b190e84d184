"""A contractor's work: requested, approved, done (S14)."""
