"""Roles on screen: the matrix, drafts, versions, the overview."""
