"""Legacy data in: files are read row by row, mapped to fields, checked by the gate's validator, and stored by it."""
