"""docs/asvs.md is held to what it says."""
