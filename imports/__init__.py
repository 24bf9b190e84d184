"""Legacy data and returned exports: formats, mapping, run, reconciliation, photographs (S3)."""
