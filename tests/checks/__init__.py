"""The continuous checks of S11 beside ruff and mypy: what bandit sees, secrets in the tree, pins; `make lint` runs them."""
