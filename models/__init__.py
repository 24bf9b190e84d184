"""What a record is: one file per noun. No Flask, no database access."""
