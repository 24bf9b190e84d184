"""Files as sheets of text: encodings, tables, workbooks, zips."""
