"""What leaves the store: questions, lists, records, look-ups, references, files and histories, as one actor may see them."""
