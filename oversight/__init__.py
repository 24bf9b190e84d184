"""Who saw what, inspections, registers of handlers, alarm limits."""
