"""What happens to an uploaded picture inside the limited child process (gate.decoder): nothing here knows store or key."""
