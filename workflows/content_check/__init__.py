"""The check of what was entered, by the section and the museums (S5)."""
