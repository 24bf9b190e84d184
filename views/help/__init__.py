"""The operating guide inside the panel."""
