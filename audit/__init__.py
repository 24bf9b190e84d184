"""Operation history and disclosures: what was done, who saw what, and that nobody wrote it anew since."""
