"""What stands on a record's card beside its fields: files, history, who saw it, why a value is withheld."""
