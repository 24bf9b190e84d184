"""What flask doctor checks beside the store."""
