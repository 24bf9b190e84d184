"""/api/v1: the records for programs, read-only, from the same declarations and through the same gate as the screens.

A program brings its maker's token; cookies count for nothing here, so no page elsewhere can make a browser ask.
"""
