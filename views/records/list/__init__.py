"""The list of a noun: question, filters, columns, acts on many, saved views, look-ups."""
