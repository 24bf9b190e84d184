"""Whatever comes from outside reaches a query as a value: never as an operator, a pattern or a name."""
