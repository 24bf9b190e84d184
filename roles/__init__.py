"""Roles: grants, drafts, versions, and rights that nobody raises for themselves."""
