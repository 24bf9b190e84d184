"""Operation history and disclosures: what was done, and who saw what."""
