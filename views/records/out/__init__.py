"""Records that leave as a file or on paper."""
