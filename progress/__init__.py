"""How far the input has come: counts, plans, completions (S5)."""
