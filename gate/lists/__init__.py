"""What a person keeps for their lists: columns and saved views."""
