"""Who may do what to which field through which exit. Pure Python: no Flask, no database."""
