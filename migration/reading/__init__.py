"""Files as people have them: CSV, TSV, XLSX, in a zip with a password; every row with its number, in constant memory."""
