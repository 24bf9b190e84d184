"""tests.progress"""
