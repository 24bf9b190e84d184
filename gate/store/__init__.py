"""How the store is asked: collections, indexes, keys, windows of a sorted list, counts, and its engine's quirks."""
