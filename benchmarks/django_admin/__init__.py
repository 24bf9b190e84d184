"""Django admin on PostgreSQL with the same records: another peer, as its documentation has it."""
