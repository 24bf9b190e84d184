"""tests.oversight"""
