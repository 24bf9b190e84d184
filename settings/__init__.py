"""What a deployment is told from outside: its environment and its keys."""
