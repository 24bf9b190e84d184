"""An import from trial to sign-off: rows, batches, reconciliation, undo."""
