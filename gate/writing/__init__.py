"""What enters the store: permitted, validated, one conditional update of one document."""
