"""What a value of each kind of field may be: typed text, dates, networks, images."""
