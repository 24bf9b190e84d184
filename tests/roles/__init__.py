"""tests.roles"""
