"""Two revisions of the panel side by side: which of a fixed list of typical requests became slower (`make bench AGAINST=REV`)."""
