"""One record: the card, its photographs and files, who saw it, its removal."""
