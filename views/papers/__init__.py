"""Papers to file and to hand over: what stands on one, and the same as a page of A4 sheets (PDF), as CSV and as JSON."""
