"""What happens to an uploaded picture inside the limited child process (gate.fields.image_decoder): nothing here knows store or key."""
