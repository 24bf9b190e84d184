"""A first mapping of a foreign file, and the mapping that a person makes of it on the screen."""
